import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { expect, type RunningApp, root, test } from './fixtures/app.ts';
import { expectAccessible } from './fixtures/axe.ts';
import { openLab } from './fixtures/lab.ts';
import { looks, wear } from './fixtures/looks.ts';
import { deviceActs } from './screens/device-acts.ts';
import { exportPage } from './screens/export-page.ts';
import { vaultPage } from './screens/vault-page.ts';

const pictures = path.join(root, 'test-results/screens');

async function look(page: Page, region: string, name: string): Promise<void> {
  const panel = page.getByRole('region', { name: region, exact: true });
  await panel.scrollIntoViewIfNeeded();
  await page.screenshot({ path: path.join(pictures, `${name}.png`) });
}

/** What stands from here on, as others have it: dark, in German and Spanish, in a smaller window. */
async function looksOf(running: RunningApp, from: Locator, name: string): Promise<void> {
  // its words are other ones in each language
  const place = await from.elementHandle();
  const [first, ...others] = looks;
  for (const one of others) {
    await wear(running, one);
    const file = `${name}-${one.theme}-${one.language}-${one.size.width}.png`;
    await place?.evaluate((element) => (element as Element).scrollIntoView({ block: 'start' }));
    await running.page.screenshot({ path: path.join(pictures, file), caret: 'hide' });
  }
  await wear(running, first);
}

test('access rules are edited, tried out, and proved on the real broker of the exported kit', async ({ start, scratch }) => {
  test.setTimeout(300_000);
  const devices = [{ id: 'meter-001' }, { id: 'meter-002' }, { id: 'dash-1', role: 'dashboard' }];
  const lab = await openLab(scratch, { plan: { devices } });
  const acl = path.join(lab.installed, 'acl');
  const conf = path.join(lab.installed, 'mosquitto.conf');
  const exported = { acl: readFileSync(acl, 'utf8'), conf: readFileSync(conf, 'utf8') };
  try {
    const running = await start({ vault: lab.vault });
    const { app, page } = running;
    await vaultPage(page).unlock();
    await page.getByRole('link', { name: 'Broker', exact: true }).click();
    const prove = page.getByRole('region', { name: 'Prove access on the broker' });
    await expect(prove.getByText('This was never tried on a broker.')).toBeVisible();
    const run = async (first = false) => {
      await prove.getByRole('button', { name: /^Prove/ }).click();
      const dialog = page.getByRole('dialog');
      for (const id of ['meter-001', 'dash-1']) {
        await dialog.getByLabel('Connect as these devices too').fill(id);
        await dialog.getByRole('button', { name: 'Add a device' }).click();
        await expect(dialog.getByRole('button', { name: `Leave out ${id}` })).toBeVisible();
      }
      const now = dialog.getByRole('button', { name: 'Prove now' });
      await expect(now).toBeDisabled();
      if (first) {
        await expect(dialog.getByText('their last wills are published', { exact: false })).toContainText('meter-001 and dash-1');
        await expectAccessible(page, 'asking before a proof');
        await page.screenshot({ path: path.join(pictures, 'prove-dialog-en.png') });
      }
      await dialog.getByLabel('I accept this for the duration of the proof').check();
      await now.click();
      await expect(prove.getByText('Trying on', { exact: false })).toBeVisible();
      await expect(prove.getByText('Trying on', { exact: false })).toBeHidden({ timeout: 30_000 });
    };
    await run(true);
    await expect(prove.getByText('The broker does what the project says', { exact: true })).toBeVisible();
    const row = (who: string, topic: string) => prove.getByRole('row', { name: `${who} ${topic} `, exact: false }).first();
    await expect(row('meter-001', 'lab/energy/meter-001')).toContainText('allowed');
    await expect(row('dash-1', 'lab/energy/meter-001').getByRole('cell').nth(1)).toHaveText('denied');
    for (const refused of ['Without a certificate', 'With a revoked certificate', 'With an expired certificate'])
      await expect(prove.getByRole('listitem').filter({ hasText: refused })).toContainText('refused');
    await expectAccessible(page, 'a proof');
    await look(page, 'Prove access on the broker', 'proved-light-en');

    const saved = { pdf: path.join(scratch, 'proof.pdf'), json: path.join(scratch, 'proof.json') };
    const saveAs = (filePath: string) =>
      app.evaluate(({ dialog }, file) => {
        dialog.showSaveDialog = async () => ({ canceled: false, filePath: file });
      }, filePath);
    await saveAs(saved.json);
    await prove.getByRole('button', { name: 'Save as JSON' }).click();
    await expect(prove.getByText(`Saved in ${saved.json}`)).toBeVisible();
    expect(JSON.parse(readFileSync(saved.json, 'utf8'))).toMatchObject({ outcome: 'proved', port: lab.port });
    await saveAs(saved.pdf);
    await prove.getByRole('button', { name: 'Save as PDF' }).click();
    await expect(prove.getByText(`Saved in ${saved.pdf}`)).toBeVisible({ timeout: 30_000 });
    expect(readFileSync(saved.pdf).subarray(0, 5).toString()).toBe('%PDF-');

    // broken off while the broker hangs: said, and what was proved before stays
    process.kill(lab.broker.pid, 'SIGSTOP');
    try {
      await prove.getByRole('button', { name: /^Prove/ }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Prove now' }).click();
      await expect(prove.getByText('Trying on', { exact: false })).toBeVisible();
      await look(page, 'Prove access on the broker', 'proving-light-en');
      await prove.getByRole('button', { name: 'Cancel' }).click();
      await expect(prove.getByText('Nothing of it is kept as a proof', { exact: false })).toBeVisible();
    } finally {
      process.kill(lab.broker.pid, 'SIGCONT');
    }
    await expect(prove.getByText('The broker does what the project says', { exact: true })).toBeVisible();
    await expectAccessible(page, 'a proof that was broken off');
    await look(page, 'Prove access on the broker', 'broken-off-light-en');
    await looksOf(running, prove, 'broken-off');

    // one rule changed by hand on the broker, and no revocation list
    writeFileSync(acl, exported.acl.replace('pattern write lab/energy/%u', 'pattern write lab/energy/+'));
    writeFileSync(conf, exported.conf.replace(/^crlfile .*$/m, ''));
    await lab.restart();
    await run();
    await expect(prove.getByText('The broker does not do what the project says', { exact: true })).toBeVisible();
    await expect(prove.getByText('The list on the broker is another one at these places')).toBeVisible();
    await expect(row('meter-001', 'lab/energy/fieldkey-proof')).toContainText('allowed, should be denied');
    await expect(prove.getByRole('listitem').filter({ hasText: 'With a revoked certificate' })).toContainText('let in');
    await expectAccessible(page, 'a proof with differences');
    await look(page, 'Prove access on the broker', 'refuted-light-en');
    await looksOf(running, prove, 'refuted');
    await page.getByRole('link', { name: 'Overview', exact: true }).click();
    const tested = page.getByRole('region', { name: 'Last broker test' });
    await expect(tested.getByRole('listitem').filter({ hasText: 'Access' })).toContainText('not as the project says');
    await tested.getByRole('link', { name: 'Prove access' }).click();
    writeFileSync(acl, exported.acl);
    writeFileSync(conf, exported.conf);
    await lab.restart();

    // rules that nobody copied to the broker
    const editor = page.getByRole('region', { name: 'Who may do what' });
    const simulator = editor.getByRole('region', { name: 'May it?' });
    await simulator.getByLabel('Who').fill('meter-002');
    await simulator.getByLabel('Topic').fill('lab/door');
    await expect(simulator.getByRole('status')).toContainText('meter-002 may not write lab/door');
    await editor.getByLabel('Device may write').fill('{project}/door');
    await editor.getByLabel('Device may write').press('Enter');
    await expect(simulator.getByRole('status')).toContainText('meter-002 may write lab/door');
    await expect(simulator.getByRole('status')).toContainText('pattern write lab/door');
    await expect(editor.getByText('Every device may write here in the name of any other', { exact: false })).toBeVisible();
    await editor.getByLabel('Name of the new role').fill('billing');
    await editor.getByRole('button', { name: 'Add a role' }).click();
    await editor.getByLabel('billing may read').fill('{project}/#');
    await editor.getByLabel('billing may read').press('Enter');
    await editor.getByLabel('Device', { exact: true }).fill('meter-002');
    await editor.getByRole('button', { name: 'Add an exception' }).click();
    await editor.getByLabel('meter-002 may never write or read').fill('{project}/door');
    await editor.getByLabel('meter-002 may never write or read').press('Enter');
    await expect(simulator.getByRole('status')).toContainText('meter-002 may not write lab/door');
    await expect(simulator.getByRole('status')).toContainText('It comes from the exception of meter-002');
    await expectAccessible(page, 'access rules');
    await look(page, 'Who may do what', 'access-light-en');
    await editor.getByText('{device} stands for').click();
    await editor.getByLabel('What stands for a device in its topics').selectOption('client');
    await expect(editor.getByText('A client ID alone proves nothing')).toBeVisible();
    await expect(editor.getByText('use_username_as_clientid true', { exact: false })).toBeVisible();
    await simulator.getByLabel('Topic').fill('lab/energy/meter-002');
    await expect(simulator.getByRole('status')).toContainText('pattern write lab/energy/%c');
    await expectAccessible(page, 'devices by client id');
    await looksOf(running, editor.getByText('{device} stands for'), 'access-by-client-id');
    await editor.getByRole('button', { name: 'Save access rules' }).click();
    await expect(editor.getByText('acl', { exact: true })).toBeVisible();
    await run();
    await expect(prove.getByText('The broker still works with the rules of', { exact: false })).toBeVisible();

    expect(existsSync(path.join(pictures, 'access-light-en.png'))).toBe(true);
  } finally {
    await lab.stop();
  }
});

test('where passwords alone count, a revoked device is out with the next users file, and the proof knows which one the broker has', async ({
  start,
  scratch,
}) => {
  test.setTimeout(240_000);
  const lab = await openLab(scratch, {
    plan: { devices: [{ id: 'meter-001' }, { id: 'meter-002' }], broker: { kit: { identity: 'password' } } },
  });
  try {
    const running = await start({ vault: lab.vault });
    const { app, page } = running;
    await vaultPage(page).unlock();
    const acts = deviceActs(page);
    await acts.open('meter-002');
    const revoke = await acts.choose('meter-002', 'Revoke…');
    await expect(revoke.getByText('Certificates do not count on this broker', { exact: false })).toBeVisible();
    await expect(revoke.getByText('You bring the users to the broker: passwd of the kit.')).toBeVisible();
    await revoke.getByRole('button', { name: /^Revoke / }).click();
    await expect(revoke.getByText('This broker asks for passwords only. The new passwd', { exact: false })).toBeVisible();
    await revoke.getByText('What to do on the broker now').click();
    await expect(revoke.getByText('sh install.sh')).toBeVisible();
    await expectAccessible(page, 'revoked where passwords count');
    await looksOf(running, revoke, 'revoked-by-password');
    await revoke.getByRole('button', { name: 'Close' }).last().click();

    await page.getByRole('link', { name: 'Broker', exact: true }).click();
    const prove = page.getByRole('region', { name: 'Prove access on the broker' });
    const refusal = prove.getByRole('listitem').filter({ hasText: 'With the password of a revoked device' });
    const run = async () => {
      await prove.getByRole('button', { name: /^Prove/ }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Prove now' }).click();
      await expect(prove.getByText('Trying on', { exact: false })).toBeVisible();
      await expect(prove.getByText('Trying on', { exact: false })).toBeHidden({ timeout: 30_000 });
    };
    await run();
    await expect(refusal).toContainText('let in');
    await expect(prove.getByText('Copy the exported passwd over it', { exact: false })).toBeVisible();
    await expectAccessible(page, 'a proof with the users of before');
    await looksOf(running, prove, 'proved-old-passwords');

    const target = path.join(scratch, 'revoked');
    mkdirSync(target);
    await exportPage(app, page).toFolder(target);
    await lab.install(path.join(target, 'lab/broker'));
    await page.getByRole('link', { name: 'Broker', exact: true }).click();
    await run();
    await expect(refusal).toContainText('refused');
    await expect(prove.getByText('The broker does what the project says', { exact: true })).toBeVisible();
  } finally {
    await lab.stop();
  }
});
