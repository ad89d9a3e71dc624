import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { connect } from 'node:tls';
import { promisify } from 'node:util';
import type { Page } from '@playwright/test';
import { freePort } from '../electron/broker/testing/mosquitto.ts';
import { expect, root, test } from './fixtures/app.ts';
import { expectAccessible } from './fixtures/axe.ts';
import { openLab, standing } from './fixtures/lab.ts';
import { exportPage } from './screens/export-page.ts';
import { vaultPage } from './screens/vault-page.ts';

const run = promisify(execFile);

/** What the overview says that the broker and the devices do not have yet. */
const changes = async (page: Page) => {
  await page.getByRole('link', { name: 'Overview', exact: true }).click();
  const panel = page.getByRole('region', { name: 'What changed since the last export' });
  return {
    upToDate: async () => {
      await expect(panel.getByText('Up to date')).toBeVisible();
      await expect(panel.getByText('Broker and devices can have everything')).toBeVisible();
      await expect(panel.getByRole('listitem')).toHaveCount(0);
    },
    files: async (expected: readonly string[]) => {
      await expect(panel.getByText('To be exported')).toBeVisible();
      await expect(panel.getByRole('listitem')).toHaveText([...expected]);
    },
    noFiles: () => expect(panel.getByRole('listitem')).toHaveCount(0),
    devices: (text: string) => expect(panel.getByText(text)).toBeVisible(),
  };
};

/** Every file of a folder with the hash of its content. */
function contents(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files
      .map((entry) => path.join(entry.parentPath, entry.name))
      .map((file) => [path.relative(folder, file), createHash('sha256').update(readFileSync(file)).digest('hex')]),
  );
}

/** What a device is for the broker with the option files of its folder, which hold user name and password. */
async function standingByOptions(folder: string, topic: string): Promise<'accepted' | 'refused'> {
  const options = { cwd: folder, env: { ...process.env, XDG_CONFIG_HOME: '.' }, timeout: 10_000 };
  return run('mosquitto_pub', ['-q', '1', '-t', topic, '-m', '1'], options).then(
    ({ stdout, stderr }) => (/not authorized/i.test(stdout + stderr) ? 'refused' : 'accepted'),
    () => 'refused',
  );
}

const setTags = async (page: Page, label: string, remove: readonly string[], add: readonly string[]) => {
  const box = page.getByRole('main').getByLabel(label, { exact: true });
  for (const value of remove) {
    await box
      .locator('xpath=..')
      .getByRole('button', { name: new RegExp(value.replace(/[{}/]/g, '\\$&')) })
      .click();
  }
  for (const value of add) {
    await box.fill(value);
    await box.press('Enter');
  }
};

test('devices, names, addresses, port, topics and list changed in the window: it says what to copy, and the broker agrees', async ({
  start,
  scratch,
}) => {
  test.setTimeout(330_000);
  const lab = await openLab(scratch, {
    plan: {
      broker: { names: ['mqtt.lab.example'], addresses: ['127.0.0.1'] },
      access: [{ role: 'device', write: ['{project}/energy/{device}'], read: ['{project}/commands/{device}'] }],
    },
  });
  const kit = path.join(lab.folder, 'broker');
  const bundle = (id: string) => path.join(lab.folder, 'devices', id);
  const { app, page } = await start({ vault: lab.vault });
  const exportAgain = () => exportPage(app, page).toFolder(path.join(scratch, 'stick'));
  const crlNumber = async () => {
    const file = path.join(lab.installed, 'certs/crl.pem');
    const { stdout } = await run('openssl', ['crl', '-in', file, '-noout', '-crlnumber']);
    return Number.parseInt(stdout.split('=')[1] ?? '', 16);
  };
  try {
    await vaultPage(page).unlock();
    await (await changes(page)).upToDate();

    // two more meters: the kit does not change by a byte, and the broker takes them as it is
    const before = contents(kit);
    expect(Object.keys(before).length).toBeGreaterThan(5);
    await page.getByRole('link', { name: 'Devices', exact: true }).click();
    await page.getByRole('button', { name: 'Add devices' }).click();
    const add = page.getByRole('dialog', { name: 'Add devices' });
    await add.getByLabel('Devices, one a line').fill('meter-002\nmeter-003');
    await add.getByRole('button', { name: 'Issue 2 certificates' }).click();
    await expect(add.getByText('2 devices added')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(add).toBeHidden();
    const added = await changes(page);
    await added.devices('2 devices have certificates that are on no stick yet.');
    await added.noFiles();
    await exportAgain();
    await (await changes(page)).upToDate();
    expect(contents(kit)).toEqual(before);
    expect(await standing(bundle('meter-002'), lab.port, '127.0.0.1')).toBe('accepted');

    // names, addresses and port: before, the broker has another name and listens elsewhere
    const port = await freePort();
    expect(await standing(bundle('meter-002'), lab.port, 'localhost')).toBe('refused');
    expect(await standing(bundle('meter-002'), lab.port, '127.0.0.2')).toBe('refused');
    expect(await standing(bundle('meter-002'), port, '127.0.0.2')).toBe('refused');
    await page.getByRole('link', { name: 'Broker', exact: true }).click();
    await setTags(page, 'Names', ['mqtt.lab.example'], ['localhost']);
    await setTags(page, 'Addresses', ['127.0.0.1'], ['127.0.0.2']);
    await page.getByRole('region', { name: 'Where devices find it' }).getByLabel('Port', { exact: true }).fill(String(port));
    await page.getByRole('button', { name: 'Save changes' }).click();
    const copied = page.getByRole('status').filter({ hasText: 'certs/server.crt' });
    await expect(copied).toBeVisible();
    const asked = await copied.getByRole('listitem').allInnerTexts();
    expect(asked).toEqual(expect.arrayContaining(['certs/server.crt', 'certs/server.key', 'mosquitto.conf']));
    await (await changes(page)).files(asked);
    await exportAgain();
    await (await changes(page)).upToDate();
    // exported is not installed
    expect(await standing(bundle('meter-002'), port, 'localhost')).toBe('refused');
    await lab.install(kit);
    expect(await standing(bundle('meter-002'), port, 'localhost')).toBe('accepted');
    expect(await standing(bundle('meter-002'), port, '127.0.0.2')).toBe('accepted');
    expect(await standing(bundle('meter-002'), port, '127.0.0.1')).toBe('refused');
    expect(await standing(bundle('meter-002'), lab.port, 'localhost')).toBe('refused');

    // topics: one allowed that was denied, one denied that was allowed
    const topic = async (name: string) => standing(bundle('meter-003'), port, 'localhost', `lab/${name}/meter-003`);
    expect([await topic('energy'), await topic('alarm')]).toEqual(['accepted', 'refused']);
    await page.getByRole('link', { name: 'Broker', exact: true }).click();
    await setTags(page, 'Device may write', ['{project}/energy/{device}'], ['{project}/alarm/{device}']);
    await page.getByRole('button', { name: 'Save access rules' }).click();
    const rules = page.getByRole('status').filter({ hasText: 'These files are different now' });
    await expect(rules).toBeVisible();
    const ruleFiles = await rules.getByRole('listitem').allInnerTexts();
    expect(ruleFiles).toContain('acl');
    await (await changes(page)).files(ruleFiles);
    await exportAgain();
    await (await changes(page)).upToDate();
    expect([await topic('energy'), await topic('alarm')]).toEqual(['accepted', 'refused']);
    await lab.install(kit);
    expect([await topic('energy'), await topic('alarm')]).toEqual(['refused', 'accepted']);

    // how the broker works: the files follow the form, what is wrong is told where it is, and the broker does what was saved
    await page.getByRole('link', { name: 'Broker', exact: true }).click();
    const form = page.getByRole('region', { name: 'Where devices find it' });
    const files = page.getByRole('region', { name: 'Files of the kit' });
    await form.getByText('Limits', { exact: true }).click();
    await form.getByLabel('Waiting for one client').fill('0');
    await expect(form.getByText('something to correct')).toBeVisible();
    await expect(form.getByRole('button', { name: 'Save changes' })).toBeDisabled();
    await expect(files.getByText('this is what is saved', { exact: false })).toBeVisible();
    await form.getByLabel('Waiting for one client').fill('5');
    await files.getByRole('button', { name: /^mosquitto.conf/ }).click();
    await expect(files.locator('del')).toHaveText(/max_queued_messages 1000/);
    await expect(files.locator('ins')).toHaveText(/max_queued_messages 5/);
    await form.getByText('Encryption', { exact: true }).click();
    await form.getByLabel('Oldest version that is spoken').selectOption({ label: 'TLS 1.3' });
    await form.getByText('Firewall', { exact: true }).click();
    await setTags(page, 'Networks of the devices', [], ['127.0.0.0/8']);
    await expect(files.getByRole('button', { name: /^firewall\/nftables.nft/ })).toContainText('new');
    await expectAccessible(page, 'broker, trying settings');
    const speaks12 = () =>
      new Promise<boolean>((resolve) => {
        const of = (name: string) => readFileSync(path.join(bundle('meter-003'), name));
        const identity = { ca: of('ca.crt'), cert: of('client.crt'), key: of('client.key') };
        const socket = connect({ host: 'localhost', port, ...identity, maxVersion: 'TLSv1.2' }, () => {
          resolve(true);
          socket.end();
        });
        socket.once('error', () => resolve(false));
      });
    expect(await speaks12()).toBe(true);
    await form.getByRole('button', { name: 'Save changes' }).click();
    await expect(page.getByRole('status').filter({ hasText: 'firewall/nftables.nft' })).toBeVisible();
    await exportAgain();
    await (await changes(page)).upToDate();
    await lab.install(kit);
    expect([await speaks12(), await topic('alarm')]).toEqual([false, 'accepted']);
    expect(readFileSync(path.join(kit, 'firewall/nftables.nft'), 'utf8')).toContain('127.0.0.0/8');

    // a new revocation list: the broker has it after the installation and goes on as before
    const list = await crlNumber();
    await page.getByRole('link', { name: 'Authority', exact: true }).click();
    await page.getByRole('button', { name: 'Publish a new list' }).click();
    await expect(page.getByText(/Published: list \d+, valid until/)).toBeVisible();
    await (await changes(page)).files(['certs/crl.pem']);
    await exportAgain();
    await (await changes(page)).upToDate();
    expect(await crlNumber()).toBe(list);
    await lab.install(kit);
    expect(await crlNumber()).toBeGreaterThan(list);
    expect(await topic('alarm')).toBe('accepted');

    // passwords besides: everybody gets one, and a device changes its own without being locked out
    await page.getByRole('link', { name: 'Broker', exact: true }).click();
    await page.getByText('How clients prove who they are').click();
    await page.getByLabel('Clients show').selectOption('certificate-password');
    await page.getByRole('button', { name: 'Save changes' }).click();
    const users = page.getByRole('region', { name: 'Users and passwords' });
    await expect(users.getByText('3 devices have a password.')).toBeVisible();
    await exportAgain();
    expect(await standing(bundle('meter-002'), port, 'localhost', 'lab/alarm/meter-002')).toBe('accepted');
    await lab.install(kit);
    expect(await standing(bundle('meter-002'), port, 'localhost', 'lab/alarm/meter-002')).toBe('refused');
    const old = path.join(scratch, 'old');
    cpSync(bundle('meter-002'), old, { recursive: true });
    expect(await standingByOptions(old, 'lab/alarm/meter-002')).toBe('accepted');
    expect(await standingByOptions(old, 'lab/alarm/meter-003')).toBe('refused');
    await page.getByRole('link', { name: 'Devices', exact: true }).click();
    await page.getByRole('row', { name: /meter-002/ }).click();
    await page.getByRole('button', { name: 'New password…' }).click();
    const ask = page.getByRole('dialog', { name: 'A new password for meter-002' });
    await ask.getByLabel('Show it here once').check();
    await expectAccessible(page, 'new password');
    await ask.getByRole('button', { name: 'Make the password' }).click();
    await expect(ask.getByText('meter-002@2')).toBeVisible();
    const shown = await ask.getByText(/^[A-Za-z0-9+/]{32}$/).innerText();
    await page.screenshot({ path: path.join(root, 'test-results/screens/password-made-en.png') });
    await ask.getByRole('button', { name: 'Close', exact: true }).last().click();
    await exportAgain();
    await lab.install(kit);
    expect(readFileSync(path.join(bundle('meter-002'), 'mosquitto_pub'), 'utf8')).toContain(`-P ${shown}\n`);
    expect(await standingByOptions(old, 'lab/alarm/meter-002')).toBe('accepted');
    expect(await standingByOptions(bundle('meter-002'), 'lab/alarm/meter-002')).toBe('accepted');
    await page.getByRole('link', { name: 'Broker', exact: true }).click();
    await expect(users.getByText('new one exported', { exact: false })).toBeVisible();
    await expectAccessible(page, 'users');
    await users.getByRole('button', { name: 'meter-002: It has the new one' }).click();
    await expect(users.getByText('passwd', { exact: true })).toBeVisible();
    await exportAgain();
    await lab.install(kit);
    expect(await standingByOptions(old, 'lab/alarm/meter-002')).toBe('refused');
    expect(await standingByOptions(bundle('meter-002'), 'lab/alarm/meter-002')).toBe('accepted');

    // one certificate for two, where somebody insists: marked, and named when it is revoked
    await page.getByRole('link', { name: 'Devices', exact: true }).click();
    for (const name of ['meter-001', 'meter-003']) await page.getByRole('checkbox', { name: `Select ${name}` }).click();
    await page.getByRole('button', { name: 'More…' }).click();
    await page.getByRole('menuitem', { name: 'Share one certificate…' }).click();
    const share = page.getByRole('dialog', { name: 'One certificate for 2 devices?' });
    await expectAccessible(page, 'share');
    await share.getByRole('button', { name: 'Share it' }).click();
    await expect(share.getByText('They use the certificate of meter-001 now.')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('row', { name: /meter-003/ })).toContainText('shared with 1');
    await page.getByRole('row', { name: /meter-001/ }).click();
    await page.getByRole('button', { name: 'More…' }).click();
    await page.getByRole('menuitem', { name: 'Revoke…' }).click();
    await expect(page.getByRole('dialog').getByText('Shared: this also stops meter-003.')).toBeVisible();
    await page.keyboard.press('Escape');

    // the inventory leaves passwords out unless somebody asks for them
    const inventory = path.join(scratch, 'inventory.json');
    await app.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = async () => ({ canceled: false, filePath });
    }, inventory);
    await page.evaluate(() => {
      location.hash = '#/export';
    });
    await page.getByText('For Ansible and Terraform').click();
    await page.getByLabel('Format').selectOption('ansible-json');
    await page.getByRole('button', { name: 'Save the inventory…' }).click();
    await expect(page.getByText('3 devices written:')).toBeVisible();
    expect(readFileSync(inventory, 'utf8')).toContain('"mqtt_username": "meter-002@2"');
    expect(readFileSync(inventory, 'utf8')).not.toContain('mqtt_password');
  } finally {
    await lab.stop();
  }
});
