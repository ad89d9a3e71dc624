import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, passphrase, test } from './fixtures/app.ts';
import { cli, provisionSample } from './fixtures/cli.ts';
import { vaultPage } from './screens/vault-page.ts';

test('first run: a vault is made, locked and unlocked, and is still there the next day', async ({ start }) => {
  const first = await start();
  const vault = vaultPage(first.page);
  await expect(first.page.getByRole('heading', { name: 'Welcome to Fieldkey' })).toBeVisible();
  await vault.create('Ana');
  await expect(first.page.getByText('Unlocked · Ana')).toBeVisible();
  await expect(first.page.getByRole('link', { name: 'Set up a project' })).toBeVisible();
  await vault.lock();
  await expect(vault.unlockTitle).toBeVisible();
  await vault.unlock('correct horse batterz');
  await expect(first.page.getByText('This passphrase does not open this vault.')).toBeVisible();
  await vault.unlock();
  await expect(first.page.getByText('Unlocked · Ana')).toBeVisible();
  await first.close();

  const file = path.join(first.userData, 'vault.fieldkey');
  // closed in order: nothing beside it that a copy onto a stick would forget
  expect(readdirSync(first.userData).filter((name) => name.startsWith('vault.fieldkey'))).toEqual([
    'vault.fieldkey',
    // where the copies of a sound vault are kept
    'vault.fieldkey.copies',
  ]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const second = await start({ userData: first.userData });
  await expect(vaultPage(second.page).unlockTitle).toBeVisible();
  await expect(second.page.getByLabel('Your name')).toHaveValue('Ana');
  await vaultPage(second.page).unlock(passphrase, 'Ben');
  await expect(second.page.getByText('Unlocked · Ben')).toBeVisible();
});

test('a short or mistyped passphrase is told at once and makes no vault', async ({ start }) => {
  const { page, userData } = await start();
  await page.getByLabel('Your name').fill('Ana');
  await page.getByLabel('Passphrase', { exact: true }).fill('too short');
  await page.getByLabel('Passphrase again').fill('too short');
  await page.getByRole('button', { name: 'Create vault' }).click();
  await expect(page.getByText('Please use at least 12 characters.')).toBeVisible();
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
  await page.getByLabel('Passphrase again').fill(`${passphrase}x`);
  await page.getByRole('button', { name: 'Create vault' }).click();
  await expect(page.getByText('This is not the same passphrase.')).toBeVisible();
  expect(existsSync(path.join(userData, 'vault.fieldkey'))).toBe(false);
});

test('a vault of the command line: projects, devices, states and certificate details', async ({ start, scratch }) => {
  const { vault: file, folder } = await provisionSample(scratch);
  const { page } = await start({ vault: file });
  await vaultPage(page).unlock();
  await expect(page.getByText('Nothing needs you.')).toBeVisible();
  await expect(page.getByText('102 devices').first()).toBeVisible();
  await expect(page.getByText('lab Root CA').first()).toBeVisible();

  await page.getByRole('link', { name: 'Devices' }).click();
  await expect(page.getByText('102 in this project')).toBeVisible();
  await page.getByRole('main').getByRole('searchbox', { name: 'Find a device' }).fill('meter');
  await expect(page.getByText('1 device found')).toBeVisible();
  await page.getByText('meter-001').first().click();
  const drawer = page.getByRole('dialog', { name: 'Device meter-001' });
  await expect(drawer).toBeVisible();

  const openssl = (...args: string[]) =>
    execFileSync('openssl', ['x509', '-in', path.join(folder, 'devices/meter-001/client.crt'), '-noout', ...args], {
      encoding: 'utf8',
    });
  const flat = async () => ((await drawer.textContent()) ?? '').replaceAll(/[:\s]/g, '').toLowerCase();
  const shown = await flat();
  expect(shown).toContain(openssl('-fingerprint', '-sha256').split('=')[1]?.trim().replaceAll(':', '').toLowerCase());
  expect(shown).toContain(openssl('-serial').split('=')[1]?.trim().toLowerCase());
  await expect(drawer.getByText('lab/energy/meter-001', { exact: true })).toBeVisible();
  await expect(drawer.getByText('lab/commands/meter-001', { exact: true })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(drawer).toBeHidden();
});

test('the vault locks itself when the computer sleeps or its screen is locked', async ({ start }) => {
  const { app, page } = await start();
  const vault = vaultPage(page);
  await vault.create();
  for (const event of ['lock-screen', 'suspend'] as const) {
    await expect(vault.unlocked).toBeVisible();
    await app.evaluate(({ powerMonitor }, name) => powerMonitor.emit(name), event);
    await expect(vault.unlockTitle).toBeVisible();
    await vault.unlock();
  }
});

test('a vault that is open elsewhere says so, and opens when it is free', async ({ start, scratch }) => {
  const { vault: file } = await provisionSample(scratch);
  const holder = await start({ vault: file });
  await vaultPage(holder.page).unlock();
  await expect(vaultPage(holder.page).unlocked).toBeVisible();
  await expect(cli('list', '--vault', file)).rejects.toMatchObject({ code: 4 });
  const second = await start({ vault: file });
  await vaultPage(second.page).unlock();
  await expect(second.page.getByText(/open in another|is open elsewhere|in use/i).first()).toBeVisible();
  // locking is enough: a locked window holds nothing
  await vaultPage(holder.page).lock();
  await expect(vaultPage(holder.page).unlockTitle).toBeVisible();
  expect(await cli('list', '--vault', file)).toContain('meter-001');
  await vaultPage(second.page).unlock();
  await expect(vaultPage(second.page).unlocked).toBeVisible();
});

test('theme and language change at once and are kept', async ({ start }) => {
  const first = await start();
  await vaultPage(first.page).create();
  await first.page.getByRole('link', { name: 'Settings' }).click();
  await first.page.getByText('Dark', { exact: true }).click();
  await expect(first.page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
  await first.page.getByText('Deutsch', { exact: true }).click();
  await expect(first.page.getByRole('heading', { name: 'Einstellungen' })).toBeVisible();
  await first.close();
  const second = await start({ userData: first.userData });
  await expect(second.page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
  await expect(second.page.locator('html')).toHaveAttribute('lang', 'de');
});

test('the record is checked on its page', async ({ start, scratch }) => {
  const { vault: file } = await provisionSample(scratch);
  const { page } = await start({ vault: file });
  await vaultPage(page).unlock();
  await page.getByRole('link', { name: 'Audit' }).click();
  await page.getByRole('button', { name: 'Check the record' }).click();
  await expect(page.getByText(/The record is sound: \d+ entries, unbroken\./)).toBeVisible();
});

test('no passphrase is written anywhere', async ({ start }) => {
  const { page, userData, close } = await start();
  const vault = vaultPage(page);
  await vault.create();
  await vault.lock();
  await vault.unlock('not the right passphrase');
  await expect(page.getByText('This passphrase does not open this vault.')).toBeVisible();
  await close();
  for (const entry of readdirSync(userData, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const bytes = readFileSync(path.join(entry.parentPath, entry.name));
    for (const word of [passphrase, 'not the right passphrase'])
      expect(bytes.includes(word), `${entry.name}: ${word}`).toBe(false);
  }
});
