import { readdirSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { expect, passphrase, secretsThatLeft, test } from './fixtures/app.ts';
import { expectAccessible } from './fixtures/axe.ts';
import { provisionSample } from './fixtures/cli.ts';
import { type Keyring, startKeyring } from './fixtures/keyring.ts';
import { vaultPage } from './screens/vault-page.ts';

const small = { devices: [{ id: 'meter-001' }] };
const shot = (page: Page, name: string) => page.screenshot({ path: test.info().outputPath(`${name}.png`) });
const toSafety = async (page: Page) => {
  await page.evaluate(() => {
    location.hash = '#/backup';
  });
  await expect(page.getByRole('heading', { name: 'Backup & recovery', level: 1 })).toBeVisible();
};

// the systems' own keychains ask a person, or belong to the person who runs the tests
test.skip(process.platform !== 'linux', 'GNOME’s keyring is Linux’s');

const keyrings: Keyring[] = [];
const keyring = async (folder: string) => {
  const started = await startKeyring(folder);
  keyrings.push(started);
  return started;
};
test.afterEach(async () => {
  for (const each of keyrings.splice(0)) await each.close();
});

test('a real keyring opens the vault in the place of the passphrase, and only on its own computer', async ({
  start,
  scratch,
}) => {
  const { vault: file } = await provisionSample(scratch, small);
  const userData = path.join(scratch, 'user');
  const first = await start({ vault: file, userData, settings: {}, keyring: await keyring(path.join(scratch, 'laptop')) });
  const { app, page } = first;
  const backend = await app.evaluate(({ safeStorage }) => safeStorage.getSelectedStorageBackend());
  expect(backend).toBe('gnome_libsecret');
  // what is sealed, so that it can be looked for wherever it must not be
  await app.evaluate(({ safeStorage }) => {
    const store = globalThis as unknown as { sealedTexts: string[] };
    store.sealedTexts = [];
    const seal = safeStorage.encryptString.bind(safeStorage);
    safeStorage.encryptString = (text: string) => {
      store.sealedTexts.push(text);
      return seal(text);
    };
  });
  const vault = vaultPage(page);
  await vault.unlock();
  await expect(vault.unlocked).toBeVisible();
  await toSafety(page);
  const panel = page.getByRole('region', { name: 'Opening without the passphrase' });
  await expect(panel.getByText('This computer asks for the passphrase.')).toBeVisible();
  await panel.getByRole('button', { name: 'Turn on for this computer…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Open without the passphrase' });
  await dialog.getByLabel('Passphrase of this vault', { exact: true }).fill('not this one at all');
  await dialog.getByRole('button', { name: 'Turn on' }).click();
  await expect(dialog.getByText('This passphrase does not open this vault.')).toBeVisible({ timeout: 30_000 });
  await expectAccessible(page, 'turning the keychain on');
  await shot(page, 'turn-on');
  await dialog.getByLabel('Passphrase of this vault', { exact: true }).fill(passphrase);
  await dialog.getByRole('button', { name: 'Turn on' }).click();
  await expect(panel.getByText('This computer opens the vault without the passphrase.')).toBeVisible({ timeout: 30_000 });
  await panel.scrollIntoViewIfNeeded();
  await expectAccessible(page, 'the keychain is on');
  await shot(page, 'on');

  await vault.lock();
  const open = page.getByRole('button', { name: 'Open without the passphrase' });
  await expect(open).toBeFocused();
  await expectAccessible(page, 'unlocking by the keychain');
  await shot(page, 'unlock');
  await page.getByLabel('Your name').fill('Ben');
  await page.keyboard.press('Enter');
  await expect(vault.unlocked).toBeVisible({ timeout: 30_000 });
  await page.evaluate(() => {
    location.hash = '#/audit';
  });
  await expect(page.getByText('Vault unlocked by the keychain of the computer').first()).toBeVisible();
  await expect(page.getByText(`Opening without the passphrase turned on for ${hostname()}`).first()).toBeVisible();

  const sealed = await app.evaluate(() => (globalThis as unknown as { sealedTexts: string[] }).sealedTexts);
  const [key = ''] = sealed.slice(-1);
  expect(Buffer.from(key, 'base64')).toHaveLength(32);
  const told = await app.evaluate(() => JSON.stringify((globalThis as unknown as { recorded: unknown }).recorded));
  expect(told).toContain('keychain.show');
  for (const form of [key, Buffer.from(key, 'base64').toString('hex')]) expect(told).not.toContain(form);
  expect((await secretsThatLeft(app)).found).toEqual([]);
  await first.close();
  for (const entry of readdirSync(scratch, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const bytes = readFileSync(path.join(entry.parentPath, entry.name));
    expect(bytes.includes(key), entry.name).toBe(false);
    expect(bytes.includes(Buffer.from(key, 'base64')), entry.name).toBe(false);
  }

  // vault and program folder on another computer: everything but the keyring
  const second = await start({ vault: file, userData, keyring: await keyring(path.join(scratch, 'other laptop')) });
  await second.page.getByRole('button', { name: 'Open without the passphrase' }).click();
  await expect(second.page.getByText('The keychain does not open this vault')).toBeVisible({ timeout: 30_000 });
  await expectAccessible(second.page, 'a keychain that opens nothing');
  await shot(second.page, 'refused');
  await vaultPage(second.page).unlock();
  await expect(vaultPage(second.page).unlocked).toBeVisible({ timeout: 30_000 });
  await toSafety(second.page);
  const lost = second.page.getByRole('region', { name: 'Opening without the passphrase' });
  await expect(lost.getByText('its keychain no longer has the key', { exact: false })).toBeVisible();
  await shot(second.page, 'lost');
  await lost.getByRole('button', { name: `Turn off for ${hostname()}` }).click();
  await expect(lost.getByText('This computer asks for the passphrase.', { exact: true })).toBeVisible();
  await expect(lost.getByRole('listitem')).toHaveCount(0);
  await vaultPage(second.page).lock();
  await expect(second.page.getByLabel('Passphrase', { exact: true })).toBeVisible();
  await expect(second.page.getByRole('button', { name: 'Open without the passphrase' })).toHaveCount(0);
  await second.close();
});
