import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures/app.ts';
import { expectAccessible } from './fixtures/axe.ts';
import { provisionSample } from './fixtures/cli.ts';
import { vaultPage } from './screens/vault-page.ts';

/** What would end in a write is there, says why it does nothing, and does nothing. */
async function expectNothingWritable(page: Page, reason: RegExp): Promise<void> {
  const main = page.getByRole('main');
  const places = [
    ['devices', 'Add devices'],
    ['authority', 'Publish a new list'],
    ['authority', 'Renew'],
    ['broker', 'Save access rules'],
    ['backup', 'Change the passphrase…'],
    ['backup', 'Turn on for this computer…'],
    ['test', 'Connect Observer'],
    ['test', 'Connect as device…'],
    ['export', /^(Choose a folder and export|Export)/],
  ] as const;
  for (const [address, name] of places) {
    await page.evaluate((hash) => {
      location.hash = hash;
    }, `#/${address}`);
    const button = main.getByRole('button', { name }).first();
    await expect(button, `${name}`).toHaveAttribute('aria-disabled', 'true');
    await expect(button).toHaveAttribute('title', reason);
    await button.click({ force: true });
    await expect(page.getByRole('dialog')).toHaveCount(0);
  }
  await page.screenshot({ path: test.info().outputPath('nothing-writable.png') });
  await expectAccessible(page, 'nothing can be written');
}

const small = { devices: [{ id: 'meter-001' }, { id: 'meter-002' }] };

test('a damaged vault is shown as far as it can be read, and replaced by the copy that was kept', async ({ start, scratch }) => {
  const { vault: file } = await provisionSample(scratch, small);
  const { page } = await start({ vault: file });
  const vault = vaultPage(page);
  await vault.unlock();
  await expect(vault.unlocked).toBeVisible();
  await vault.lock();
  await expect(vault.unlockTitle).toBeVisible();
  // one letter of a device's name, as a bad sector or an editor would leave it; only the row's seal can tell
  const bytes = readFileSync(file);
  for (let at = bytes.indexOf('meter-002'); at >= 0; at = bytes.indexOf('meter-002', at + 1)) bytes[at] = 0x4d;
  writeFileSync(file, bytes);
  await vault.unlock();
  const banner = page.getByRole('alert').filter({ hasText: 'The vault is damaged' });
  await expect(banner).toBeVisible();
  await expect(page.getByText('Read-only · Ana')).toBeVisible();
  await page.getByRole('link', { name: 'Devices' }).first().click();
  await expect(page.getByText('meter-001').first()).toBeVisible();
  const row = (id: string) => page.getByRole('row').filter({ hasText: id });
  await expect(row('Meter-002').or(row('Meter-001')).first()).toBeVisible();
  await expect(row('meter-001')).toContainText('Valid');
  await expect(row('Meter-002')).toContainText('Cannot be trusted');
  await expect(row('Meter-002')).not.toContainText('Valid');
  await expectAccessible(page, 'a damaged vault');
  await page.screenshot({ path: test.info().outputPath('damaged.png') });
  await row('Meter-002').click();
  await expect(page.getByRole('dialog').getByText('The vault was changed from outside')).toBeVisible();
  await page.screenshot({ path: test.info().outputPath('damaged-drawer.png') });
  await page.keyboard.press('Escape');
  await expectNothingWritable(page, /This vault is damaged and open for reading only/);
  await banner.getByRole('button', { name: 'Restore a copy…' }).click();
  await expect(page.getByRole('heading', { name: 'Restore a copy' })).toBeVisible();
  await expectAccessible(page, 'restoring a copy');
  await page.screenshot({ path: test.info().outputPath('restore.png') });
  await page.getByLabel('Passphrase of the copy', { exact: true }).fill('not this one at all');
  await page.getByRole('button', { name: 'Check and restore' }).click();
  await expect(page.getByText('This passphrase does not open this copy.', { exact: false })).toBeVisible();
  await page.getByLabel('Passphrase of the copy', { exact: true }).fill('correct horse battery');
  await page.getByRole('button', { name: 'Check and restore' }).click();
  await expect(vault.unlocked).toBeVisible();
  await expect(banner).toBeHidden();
  await expect(page.getByText('The copy is restored')).toBeVisible();
  await expect(page.getByText('The lists of the damaged vault could still be read', { exact: false })).toBeVisible();
  await expectAccessible(page, 'a restored copy');
  await page.screenshot({ path: test.info().outputPath('restored-copy.png') });
  await page.getByRole('link', { name: 'Devices' }).first().click();
  await expect(page.getByText('meter-002').first()).toBeVisible();
  const kept = readdirSync(scratch).find((name) => name.includes('.damaged-')) ?? '';
  expect(readFileSync(path.join(scratch, kept)).equals(bytes)).toBe(true);
});

test('a vault file that disappears while it is open is noticed, and saved elsewhere', async ({ start, scratch }) => {
  const { vault: file } = await provisionSample(scratch, small);
  const { app, page } = await start({ vault: file });
  const vault = vaultPage(page);
  await vault.unlock();
  await expect(vault.unlocked).toBeVisible();
  renameSync(file, path.join(scratch, 'moved away'));
  await page.getByRole('link', { name: 'Authority' }).click();
  await page
    .getByRole('button', { name: /Publish/ })
    .first()
    .click();
  const banner = page.getByRole('alert').filter({ hasText: 'The vault file is not there any more' });
  await expect(banner.first()).toBeVisible();
  await page.screenshot({ path: test.info().outputPath('gone.png') });
  const saved = path.join(scratch, 'saved.fieldkey');
  await app.evaluate(({ dialog }, target) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath: target });
  }, saved);
  await page.getByRole('button', { name: 'Save a copy…' }).click();
  await expect(vault.unlockTitle).toBeVisible();
  await vault.unlock();
  await expect(vault.unlocked).toBeVisible();
  await page.getByRole('link', { name: 'Devices' }).first().click();
  await expect(page.getByText('meter-002').first()).toBeVisible();
});

test('a missing vault whose copies are there is offered them on the first page', async ({ start, scratch }) => {
  const { vault: file } = await provisionSample(scratch, small);
  const first = await start({ vault: file });
  await vaultPage(first.page).unlock();
  await expect(vaultPage(first.page).unlocked).toBeVisible();
  await first.close();
  rmSync(file);
  const { page } = await start({ vault: file });
  await expect(page.getByText('The vault is not in its place')).toBeVisible();
  await page.screenshot({ path: test.info().outputPath('missing.png') });
  await page.getByRole('button', { name: 'Restore a copy…' }).click();
  await page.getByLabel('Your name').fill('Ana');
  await page.getByLabel('Passphrase of the copy', { exact: true }).fill('correct horse battery');
  await page.getByRole('button', { name: 'Check and restore' }).click();
  await expect(vaultPage(page).unlocked).toBeVisible();
});

test('a clock that contradicts the vault stops issuing until somebody says it is right', async ({ start, scratch }) => {
  // the vault was made by a computer whose clock ran two hours ahead
  const { vault: file } = await provisionSample(scratch, small, -2 / 24);
  const { page } = await start({ vault: file, settings: { language: 'de', theme: 'dark' } });
  await page.getByLabel('Ihr Name').fill('Ana');
  await page.getByLabel('Passphrase', { exact: true }).fill('correct horse battery');
  await page.getByRole('button', { name: 'Öffnen', exact: true }).click();
  const banner = page.getByRole('alert').filter({ hasText: 'Die Uhr dieses Computers geht offenbar falsch' });
  await expect(banner).toBeVisible();
  await expectAccessible(page, 'a wrong clock');
  await page.screenshot({ path: test.info().outputPath('clock.png') });
  await banner.getByRole('button', { name: 'Die Uhr stimmt jetzt' }).click();
  await expect(banner).toBeHidden();
});

test('a write-protected vault is read, and says why it cannot be changed', async ({ start, scratch }) => {
  const made = await provisionSample(scratch, small);
  const medium = path.join(scratch, 'protected');
  mkdirSync(medium);
  const root = process.getuid?.() === 0;
  // permissions do not bind root: for it a medium is mounted that really cannot be written
  if (root) execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=20m', 'tmpfs', medium]);
  const file = path.join(medium, 'fleet.fieldkey');
  copyFileSync(made.vault, file);
  if (root) execFileSync('mount', ['-o', 'remount,ro', medium]);
  else {
    chmodSync(file, 0o400);
    chmodSync(medium, 0o500);
  }
  test.info().annotations.push({ type: 'medium', description: medium });
  const { page } = await start({ vault: file });
  await vaultPage(page).unlock();
  await expect(page.getByText('Read-only · Ana')).toBeVisible();
  await expect(page.getByRole('alert').filter({ hasText: 'This vault is open for reading only' })).toBeVisible();
  await page.getByRole('link', { name: 'Devices' }).first().click();
  await expect(page.getByText('meter-002').first()).toBeVisible();
  await page.screenshot({ path: test.info().outputPath('protected.png') });
  await expectNothingWritable(page, /The vault file cannot be written/);
});

test.afterEach(() => {
  const medium = test.info().annotations.find(({ type }) => type === 'medium')?.description;
  if (medium === undefined) return;
  if (process.getuid?.() === 0) execFileSync('umount', ['-l', medium]);
  else chmodSync(medium, 0o700);
});
