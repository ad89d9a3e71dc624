import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { ElectronApplication, Page } from '@playwright/test';
import { expect, root, test } from './fixtures/app.ts';
import { expectAccessible } from './fixtures/axe.ts';
import { cli, provisionSample } from './fixtures/cli.ts';
import { openLab, standing } from './fixtures/lab.ts';
import { judge } from './fixtures/looks.ts';
import { deviceActs } from './screens/device-acts.ts';
import { exportPage } from './screens/export-page.ts';
import { vaultPage } from './screens/vault-page.ts';

const run = promisify(execFile);
const pictures = path.join(root, 'test-results/screens');

const answerSave = (app: ElectronApplication, file: string) =>
  app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath });
  }, file);
const authorityPage = async (page: Page) => {
  await page.getByRole('link', { name: 'Authority', exact: true }).click();
  return page.getByRole('region', { name: 'Authorities' });
};
const look = async (page: Page, name: string) => {
  await expectAccessible(page, name);
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: path.join(pictures, `${name}.png`), caret: 'hide' });
};

test('an authority below the root of a company: request, answer, the fleet moves, and the real broker agrees at every step', async ({
  start,
  scratch,
}) => {
  test.setTimeout(300_000);
  const away = path.join(scratch, 'away');
  mkdirSync(away);
  const openssl = (args: string, ...more: string[]) => run('openssl', [...args.split(' '), ...more], { cwd: away });
  const file = (name: string) => path.join(away, name);
  const lab = await openLab(scratch);
  const bundle = path.join(lab.folder, 'devices/meter-001');
  const stick = (name: string) => {
    const folder = path.join(scratch, name);
    mkdirSync(folder);
    return folder;
  };
  try {
    const { app, page } = await start({ vault: lab.vault });
    await vaultPage(page).unlock();
    const panel = await authorityPage(page);
    const company = panel.getByRole('region', { name: 'Below the authority of your company' });
    const dialog = page.getByRole('dialog');
    await company.getByRole('button', { name: 'Make a request…' }).click();
    await dialog.getByLabel('Name').fill('Badajoz CA');
    await look(page, 'authority-request-en');
    await answerSave(app, file('our.csr'));
    await dialog.getByRole('button', { name: 'Save a request…' }).click();
    await expect(dialog.getByText('Request saved.')).toBeVisible();
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await expect(company.getByText('The request for Badajoz CA is waiting')).toBeVisible();

    const ec = '-newkey ec -pkeyopt ec_paramgen_curve:P-384 -nodes';
    const usage = 'keyUsage=critical,keyCertSign,cRLSign';
    await openssl(`req -x509 ${ec} -keyout root.key -out root.crt -days 5000`, '-subj', '/O=Corp/CN=Corp Root', '-addext', usage);
    writeFileSync(
      file('ext'),
      `basicConstraints=critical,CA:TRUE,pathlen:0\n${usage}\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n`,
    );
    await openssl('x509 -req -in our.csr -CA root.crt -CAkey root.key -days 1500 -extfile ext -out site.crt');
    await company.getByRole('button', { name: 'Open the answer…' }).click();
    const take = dialog.getByRole('button', { name: 'Take it over' });
    await dialog.locator('input[type=file]').setInputFiles(file('site.crt'));
    await expect(dialog.getByText('The chain is incomplete', { exact: false })).toBeVisible();
    await expect(take).toBeDisabled();
    await look(page, 'authority-answer-refused-en');
    await dialog.locator('input[type=file]').setInputFiles(file('root.crt'));
    await expect(dialog.getByText('Compare with what your company publishes', { exact: false })).toBeVisible();
    await expect(dialog.getByRole('radio', { name: 'The fleet moves to the new authority' })).toBeChecked();
    await look(page, 'authority-answer-en');
    await take.click();
    await expect(dialog.getByText('The authority is in use')).toBeVisible();
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    const move = panel.getByRole('region', { name: 'From lab Root CA to Badajoz CA' });
    await expect(move).toBeVisible();
    await look(page, 'authority-move-en');

    // the old bundle works with the new kit, and the new bundle with both
    await move.getByRole('button', { name: 'Re-issue 1 device' }).click();
    await expect(move.getByRole('button', { name: 'Re-issue 1 device' })).toBeHidden();
    const first = stick('first');
    await exportPage(app, page).toFolder(first);
    await lab.install(path.join(first, 'lab/broker'));
    const moved = path.join(first, 'lab/devices/meter-001');
    expect([await standing(bundle, lab.port), await standing(moved, lab.port)]).toEqual(['accepted', 'accepted']);

    await authorityPage(page);
    await move.getByRole('button', { name: 'Finish the move…' }).click();
    await dialog.getByRole('button', { name: 'Finish the move…' }).click();
    await expect(dialog.getByText('lab Root CA is out of use')).toBeVisible();
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    const second = stick('second');
    await exportPage(app, page).toFolder(second);
    await lab.install(path.join(second, 'lab/broker'));
    expect([await standing(bundle, lab.port), await standing(moved, lab.port)]).toEqual(['refused', 'accepted']);
    const kit = path.join(second, 'lab/broker/certs');
    const judged = await run('openssl', [
      ...'verify -x509_strict -purpose sslserver -verify_hostname localhost -untrusted'.split(' '),
      file('site.crt'),
      '-CAfile',
      file('root.crt'),
      path.join(kit, 'server.crt'),
    ]);
    expect(judged.stdout).toContain('OK');
  } finally {
    await lab.stop();
  }
});

test('a compromised authority: rehearsed, everything issued anew in one job, and the old bundle is refused', async ({
  start,
  scratch,
}) => {
  test.setTimeout(240_000);
  const lab = await openLab(scratch, { plan: { devices: [{ pattern: 'meter-{001..003}' }] } });
  const bundle = path.join(lab.folder, 'devices/meter-001');
  try {
    const { app, page } = await start({ vault: lab.vault });
    await vaultPage(page).unlock();
    const panel = await authorityPage(page);
    await panel.getByRole('button', { name: 'Compromised…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Is the key of lab Root CA in other hands?' });
    const act = dialog.getByRole('button', { name: 'Re-issue everything now' });
    await expect(act).toBeHidden();
    await dialog.getByRole('button', { name: 'Rehearse: nothing is changed' }).click();
    await expect(dialog.getByText('3 devices would be issued anew', { exact: false })).toBeVisible();
    await look(page, 'authority-compromised-en');
    // a rehearsal is of what was asked for: another choice needs another one
    await dialog.getByRole('radio', { name: 'The devices keep their keys' }).check();
    await expect(act).toBeHidden();
    await dialog.getByRole('radio', { name: 'New keys for all devices' }).check();
    await dialog.getByRole('button', { name: 'Rehearse: nothing is changed' }).click();
    await act.click();
    await expect(dialog.getByText('lab Root CA is out of use')).toBeVisible({ timeout: 60_000 });
    await expect(dialog.getByRole('list', { name: 'Results' }).getByRole('listitem')).toHaveCount(3);
    await look(page, 'authority-compromised-done-en');
    await dialog.getByRole('link', { name: 'Export kit and bundles' }).click();
    const fresh = path.join(scratch, 'fresh');
    mkdirSync(fresh);
    await exportPage(app, page).toFolder(fresh);
    expect(await standing(bundle, lab.port)).toBe('accepted');
    await lab.install(path.join(fresh, 'lab/broker'));
    expect(await standing(bundle, lab.port)).toBe('refused');
    expect(await standing(path.join(fresh, 'lab/devices/meter-001'), lab.port)).toBe('accepted');
  } finally {
    await lab.stop();
  }
});

test('revoking while the authority is offline: the key signs the list in one act, or the list says that it waits', async ({
  start,
  scratch,
}) => {
  test.setTimeout(240_000);
  const { vault } = await provisionSample(scratch, { devices: [{ pattern: 'meter-{001..003}' }] });
  const keys = path.join(scratch, 'keys');
  mkdirSync(keys);
  const { app, page, close } = await start({ vault });
  await vaultPage(page).unlock();
  const panel = await authorityPage(page);
  const dialog = page.getByRole('dialog');
  await panel.getByRole('button', { name: 'Take offline…' }).click();
  await app.evaluate(({ dialog: native }, filePath) => {
    native.showOpenDialog = (async () => ({ canceled: false, filePaths: [filePath] })) as never;
  }, keys);
  await dialog.getByRole('button', { name: 'Choose a folder or drive…' }).click();
  await expect(dialog.getByText(keys)).toBeVisible();
  await dialog.getByLabel('Passphrase of the key file', { exact: true }).fill('a key for cold storage');
  await dialog.getByLabel('The same again', { exact: true }).fill('a key for cold storage');
  await look(page, 'authority-offline-en');
  await dialog.getByRole('button', { name: 'Take the key out of the vault' }).click();
  await expect(dialog.getByText('is out of this vault')).toBeVisible({ timeout: 30_000 });
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  const [name = ''] = readdirSync(keys);
  const key = path.join(keys, name);

  const acts = deviceActs(page);
  await acts.open('meter-001');
  const revoke = await acts.choose('meter-001', 'Revoke…');
  const bring = revoke.getByRole('region', { name: /^The key of .* Root CA is kept elsewhere$/ });
  await expect(bring).toBeVisible();
  await expect(revoke.getByText('A new revocation list waits for the key', { exact: false })).toBeVisible();
  await bring.locator('input[type=file]').setInputFiles(key);
  await expect(revoke.getByText('A new revocation list is published at once.')).toBeVisible();
  const deed = revoke.getByRole('button', { name: /^Revoke / });
  await expect(deed).toBeDisabled();
  await bring.getByLabel('Passphrase of the key file', { exact: true }).fill('a wrong passphrase');
  await deed.click();
  // nothing is done with a key that does not open, and another try is one field away
  await expect(revoke.getByText('This passphrase does not open the key file')).toBeVisible({ timeout: 30_000 });
  await look(page, 'authority-revoke-offline-en');
  await bring.getByLabel('Passphrase of the key file', { exact: true }).fill('a key for cold storage');
  await deed.click();
  await expect(revoke.getByText('1 certificate revoked')).toBeVisible({ timeout: 30_000 });
  await expect(revoke.getByText(/^List \d+ of .* is published/)).toBeVisible();
  await revoke.getByRole('button', { name: 'Close' }).last().click();
  await page.keyboard.press('Escape');

  await acts.open('meter-002');
  const hold = await acts.choose('meter-002', 'Put on hold…');
  await hold.getByRole('button', { name: 'Put meter-002 on hold' }).click();
  await expect(hold.getByText('1 change is not on the list of', { exact: false })).toBeVisible({ timeout: 30_000 });
  await look(page, 'authority-hold-pending-en');
  const later = hold.getByRole('region', { name: /is not published yet$/ });
  await later.locator('input[type=file]').setInputFiles(key);
  await later.getByLabel('Passphrase of the key file', { exact: true }).fill('a key for cold storage');
  await later.getByRole('button', { name: 'Sign the list now' }).click();
  await expect(hold.getByText(/^List \d+ of .* is published/)).toBeVisible({ timeout: 30_000 });
  await hold.getByRole('button', { name: 'Close' }).last().click();

  // a new key for a device takes the authority's key as well: without it nothing can be done, with it all of it
  await acts.open('meter-003');
  const replace = await acts.choose('meter-003', 'Replace…');
  const asks = replace.getByRole('region', { name: /^The key of .* Root CA is kept elsewhere$/ });
  await expect(asks.getByText('Without it nothing is done.', { exact: false })).toBeVisible();
  await expect(replace.getByRole('button', { name: 'Replace meter-003' })).toBeDisabled();
  await asks.locator('input[type=file]').setInputFiles(key);
  await asks.getByLabel('Passphrase of the key file', { exact: true }).fill('a key for cold storage');
  await look(page, 'authority-replace-offline-en');
  await replace.getByRole('button', { name: 'Replace meter-003' }).click();
  await expect(replace.getByText('1 device replaced')).toBeVisible({ timeout: 30_000 });
  await expect(replace.getByRole('region', { name: /is not published yet$/ })).toHaveCount(0);
  await replace.getByRole('button', { name: 'Close' }).last().click();
  await close();
  // what the vault itself says, in another process: all stand on the list, beside the canary
  const { authorities } = JSON.parse(await cli('authority', 'list', 'lab', '--vault', vault, '--json'));
  expect(authorities).toMatchObject([{ keyHere: false, crl: { entries: 4, pending: 0 } }]);
});

test('every dialog of the authority page, in every look', async ({ start, scratch }) => {
  test.setTimeout(300_000);
  const { vault } = await provisionSample(scratch, {
    project: 'badajoz-substation-north-east',
    devices: [{ pattern: 'meter-{001..012}' }],
  });
  await cli('authority', 'site', 'badajoz-substation-north-east', '--vault', vault);
  await cli('authority', 'request', 'badajoz-substation-north-east', '--vault', vault, '--out', path.join(scratch, 'a.csr'));
  const running = await start({ vault });
  const { page } = running;
  await vaultPage(page).unlock();
  await page.getByRole('link', { name: 'Authority', exact: true }).click();
  const groups = page.locator('main [role=group]');
  await expect(groups.first()).toBeVisible({ timeout: 30_000 });
  await judge(running, 'authority-page', 'screens');
  await page.screenshot({ path: path.join(pictures, 'authority-page-full.png'), fullPage: true });
  const buttons = page.locator('main [role=group] button, main section section button');
  const count = await buttons.count();
  expect(count).toBeGreaterThan(8);
  for (let at = 0; at < count; at++) {
    await buttons.nth(at).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog).toBeVisible();
    await judge(running, `authority-dialog-${at}`, 'screens');
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
  }
});
