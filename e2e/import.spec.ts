import { chmodSync, copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { freePort, startMosquitto } from '../electron/broker/testing/mosquitto.ts';
import { readmeCommands, runAsReadmeSays } from '../electron/broker/testing/readme-commands.ts';
import { openssl, scriptFolder } from '../electron/import/testing/script-folder.ts';
import { xcaDatabase } from '../electron/import/testing/xca.ts';
import { BrokerMachine } from '../electron/jobs/testing/imported-kit.ts';
import { expect, root, test } from './fixtures/app.ts';
import { expectAccessible } from './fixtures/axe.ts';
import { cli } from './fixtures/cli.ts';
import { dropOn } from './fixtures/drop.ts';
import { standing } from './fixtures/lab.ts';
import { exportPage } from './screens/export-page.ts';
import { vaultPage } from './screens/vault-page.ts';

interface Listed {
  readonly name: string;
  readonly devices: readonly { readonly id: string; readonly role: string }[];
}

const pictures = path.join(root, 'test-results/screens');

test('the folder of the certificate script in the window: kit, old device and new one on a real broker', async ({
  start,
  scratch,
}) => {
  test.setTimeout(240_000);
  chmodSync(scratch, 0o755);
  const old = path.join(scratch, 'old');
  await scriptFolder((name) => path.join(old, name));
  const stick = path.join(scratch, 'stick');
  mkdirSync(stick);
  const port = await freePort();
  const vault = path.join(scratch, 'v.fieldkey');
  const { app, page } = await start({ vault });
  await vaultPage(page).create();
  await page.getByRole('link', { name: 'Bring what exists already…' }).click();
  const chooses = (folder: string) =>
    app.evaluate(({ dialog }, chosen) => {
      dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [chosen] });
    }, folder);
  // keys that take their time: reading is cancelled, and nothing is shown of what was read
  await chooses(await slowFolder(path.join(scratch, 'slow')));
  await page.getByRole('button', { name: 'Choose a folder…' }).click();
  await page.getByLabel('Passphrase of the files, if there is one', { exact: true }).fill('sesame');
  await page.getByRole('button', { name: 'Look again' }).click();
  await expect(page.getByText('Nothing is stored when you cancel.')).toBeVisible();
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Look again' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Authority and broker' })).toHaveCount(0);
  await page.getByLabel('Passphrase of the files, if there is one', { exact: true }).fill('');

  await dropOn(page, page.getByText('Drop a folder or a file here'), old);
  await expect(page.getByText('Issues from now on')).toBeVisible();
  await expect(page.getByText('mqtt.lab.com, 192.0.2.1')).toBeVisible();
  await expect(page.getByText(/valid for 99,999 days/).first()).toBeVisible();
  await expect(page.getByText('with its password’s hash', { exact: false }).first()).toBeVisible();
  await expectAccessible(page, 'import');
  await page.screenshot({ path: path.join(pictures, 'import-light-en.png'), fullPage: true });
  // one role by itself, then many at once
  await page.getByLabel('Role of meter-2').selectOption('gateway');
  await page.getByLabel('Choose all 2 devices').check();
  await page.getByLabel('Role for the chosen ones').selectOption('dashboard');
  await page.getByRole('button', { name: 'Give this role' }).click();
  await expect(page.getByLabel('Role of meter-1')).toHaveValue('dashboard');
  await page.getByText('Another role…').click();
  await page.getByLabel('Name of the new role').fill('Billing');
  await page.getByRole('button', { name: 'Add a role' }).click();
  await expect(page.getByText('cannot be a role', { exact: false })).toBeVisible();
  await page.getByLabel('Name of the new role').fill('billing');
  await page.getByRole('button', { name: 'Add a role' }).click();
  await page.getByLabel('Role of meter-2').selectOption('billing');
  await expectAccessible(page, 'import with a role of its own');
  await page.screenshot({ path: path.join(pictures, 'import-role-light-en.png'), fullPage: true });
  await page.getByLabel('Role of meter-1').selectOption('device');
  await page.getByLabel('Name of the project').fill('old');
  await page.getByLabel('Names and addresses of the broker').fill('localhost, 127.0.0.1');
  await page.getByLabel('Port', { exact: true }).fill(String(port));
  const folders = {
    Settings: path.join(scratch, 'etc/mosquitto'),
    Data: path.join(scratch, 'lib'),
    Log: path.join(scratch, 'etc/mosquitto/log'),
  };
  await page.getByText('Folders on the broker’s machine').click();
  for (const [name, folder] of Object.entries(folders)) await page.getByLabel(name, { exact: true }).fill(folder);
  // one inside the other
  await expect(page.getByRole('button', { name: 'Import', exact: true })).toBeDisabled();
  await page.getByLabel('Log', { exact: true }).fill(path.join(scratch, 'log'));
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(page.getByText('old is imported')).toBeVisible();
  await page.getByRole('button', { name: 'Open the project' }).click();
  await page.getByRole('link', { name: 'Devices', exact: true }).click();
  await expect(page.getByText('meter-1')).toBeVisible();
  await expect(page.getByText('billing', { exact: true }).first()).toBeVisible();
  await page.getByRole('button', { name: 'Add devices' }).click();
  await page.getByRole('textbox').first().fill('meter-9');
  await page.getByRole('button', { name: 'Issue 1 certificate' }).click();
  await expect(page.getByText('1 device added')).toBeVisible();
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await exportPage(app, page).toFolder(stick);

  // a database of the real XCA, once it has its password
  const xca = (name: string) => path.join(scratch, 'xca', name);
  mkdirSync(xca('.'));
  await xcaDatabase(xca, 'sesame');
  const machine = await BrokerMachine.at(xca('machine'));
  await page.evaluate(() => {
    location.hash = '#/import';
  });
  await chooses(xca('x.xdb'));
  await page.getByRole('button', { name: 'Choose a file…' }).click();
  await expect(page.getByRole('alert').getByText('This database has a password')).toBeVisible();
  await expectAccessible(page, 'an import that asks for a passphrase');
  await page.getByLabel('Passphrase of the files, if there is one', { exact: true }).fill('sesame');
  await page.getByRole('button', { name: 'Look again' }).click();
  await expect(page.getByLabel('Role of dev-1')).toHaveValue('device');
  await page.getByLabel('Name of the project').fill('moved');
  await page.getByLabel('Port', { exact: true }).fill(String(machine.port));
  await page.getByText('Folders on the broker’s machine').click();
  const { directory, data, log } = machine.settings;
  for (const [name, folder] of Object.entries({ Settings: directory, Data: data, Log: log }))
    await page.getByLabel(name, { exact: true }).fill(folder);
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(page.getByText('moved is imported')).toBeVisible();

  await vaultPage(page).lock();
  await app.close();
  await cli('verify', '--vault', vault);
  const { projects } = JSON.parse(await cli('list', '--vault', vault, '--json')) as { projects: Listed[] };
  const taken = projects.find(({ name }) => name === 'old');
  expect(taken?.devices.map(({ id, role }) => [id, role])).toEqual([
    ['meter-1', 'device'],
    ['meter-2', 'billing'],
    ['meter-9', 'device'],
  ]);
  const kit = path.join(stick, 'old/broker');
  await runAsReadmeSays(readmeCommands(readFileSync(path.join(kit, 'README.txt'), 'utf8')), kit, scratch);
  const broker = await startMosquitto(path.join(folders.Settings, 'mosquitto.conf'));
  try {
    expect(await standing(path.join(old, 'meter-1'), port, 'localhost', 'old/energy/meter-1')).toBe('accepted');
    expect(await standing(path.join(stick, 'old/devices/meter-9'), port, 'localhost', 'old/energy/meter-9')).toBe('accepted');
  } finally {
    await broker.stop();
  }
  await cli('rekey', 'moved', '--all', '--vault', vault);
  await cli('export', 'moved', '--vault', vault, '--out', xca('stick'));
  try {
    await machine.install(xca('stick/moved'));
    expect(await machine.accepts(xca('ca.crt'), xca('dev-1.crt'), xca('dev-1.key'))).toBe(true);
    expect(await machine.acceptsBundle(xca('stick/moved/devices/dev-1'))).toBe(true);
  } finally {
    await machine.stop();
  }
});

/** A folder with one encrypted key many times over, each of which takes a while to be opened. */
async function slowFolder(folder: string): Promise<string> {
  mkdirSync(folder);
  const [open, closed] = ['open.pem', 'k-1.key'].map((name) => path.join(folder, name)) as [string, string];
  await openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', open);
  await openssl('pkcs8', '-topk8', '-in', open, '-v2', 'aes256', '-iter', '1000000', '-passout', 'pass:sesame', '-out', closed);
  for (let copy = 2; copy <= 30; copy++) copyFileSync(closed, path.join(folder, `k-${copy}.key`));
  return folder;
}

test('files checked in the window: what they are, what is wrong, nothing stored', async ({ start, scratch }) => {
  const file = (name: string) => path.join(scratch, name);
  const subject = ['-subj', '/CN=mqtt.lab.example'];
  await openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:1024',
    '-nodes',
    '-sha256',
    ...subject,
    '-keyout',
    file('k.pem'),
    '-out',
    file('c.pem'),
  );
  const p12 = ['-inkey', file('k.pem'), '-in', file('c.pem'), '-passout', 'pass:sesame', '-out', file('x.p12')];
  await openssl('pkcs12', '-export', ...p12);
  const { page } = await start();
  await vaultPage(page).create();
  await page.evaluate(() => {
    location.hash = '#/check-files';
  });
  await page.locator('input[type=file]').setInputFiles([file('c.pem'), file('k.pem'), file('x.p12')]);
  const list = page.getByRole('list', { name: 'What the files are' });
  await expect(list.getByText('Has a weak key (RSA-1024)').first()).toBeVisible();
  await expect(list.getByText('Encrypted', { exact: true })).toBeVisible();
  await page.getByLabel('Passphrase for what is encrypted', { exact: true }).fill('sesame');
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await expect(list.getByText('Encrypted', { exact: true })).toHaveCount(0);
  await expectAccessible(page, 'check-files');
  await page.screenshot({ path: path.join(pictures, 'check-files-light-en.png') });
});
