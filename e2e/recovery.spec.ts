import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import { expect, secretsThatLeft, test } from './fixtures/app.ts';
import { expectAccessible } from './fixtures/axe.ts';
import { provisionSample } from './fixtures/cli.ts';
import { vaultPage } from './screens/vault-page.ts';

const small = { devices: [{ id: 'meter-001' }, { id: 'meter-002' }] };
const backupWord = 'a word for the backup';
const nextWord = 'what we agreed on instead';

/** The next dialogs answer with this file. */
const answerDialogs = (app: ElectronApplication, file: string) =>
  app.evaluate(({ dialog }, chosen) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath: chosen });
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [chosen] });
  }, file);
const open = async (page: Page) => {
  await page.getByRole('link', { name: 'Settings', exact: true }).click();
  await page.getByRole('link', { name: 'Backup & recovery…' }).click();
  await expect(page.getByRole('heading', { name: 'Backup & recovery', level: 1 })).toBeVisible();
};
const shot = (page: Page, name: string) => page.screenshot({ path: test.info().outputPath(`${name}.png`) });

test('a backup is made, checked, and brings everything back after the vault was destroyed', async ({ start, scratch }) => {
  const { vault: file, folder: out } = await provisionSample(scratch, small);
  const backup = path.join(scratch, 'stick.fieldkey-backup');
  const first = await start({ vault: file });
  const { app, page } = first;
  await vaultPage(page).unlock();
  await expect(vaultPage(page).unlocked).toBeVisible();
  await open(page);
  await expect(page.getByText('This vault was never backed up.')).toBeVisible();
  // no keyring here, and nothing that only looks like one is taken for it
  const keychain = page.getByRole('button', { name: 'Turn on for this computer…' });
  await expect(keychain).toHaveAttribute('aria-disabled', 'true');
  await expect(keychain).toHaveAttribute('title', /no keyring/);
  await keychain.click({ force: true });
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expectAccessible(page, 'backup and recovery');
  await shot(page, 'safety');
  await page.getByRole('button', { name: 'Back up now…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Back up this vault' });
  await dialog.getByLabel('Passphrase of the backup', { exact: true }).fill(backupWord);
  await dialog.getByLabel('Passphrase again').fill('another word by mistake');
  await answerDialogs(app, backup);
  await dialog.getByRole('button', { name: 'Choose a place…' }).click();
  await expect(dialog.getByText('This is not the same passphrase.', { exact: false })).toBeVisible();
  await expectAccessible(page, 'the dialog of a backup');
  await shot(page, 'backup-dialog');
  await dialog.getByLabel('Passphrase again').fill(backupWord);
  await dialog.getByRole('button', { name: 'Choose a place…' }).click();
  await expect(dialog.getByText('The backup is written.')).toBeVisible({ timeout: 30_000 });
  await shot(page, 'backup-written');
  expect(statSync(backup).mode & 0o777).toBe(0o600);
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByText(/^Last backup/)).toBeVisible();

  await page.getByRole('button', { name: 'Check a backup…' }).click();
  const check = page.getByRole('dialog', { name: 'Check a backup' });
  await check.getByRole('button', { name: 'Choose a file…' }).click();
  await expect(check.getByText(backup)).toBeVisible();
  await check.getByLabel('Passphrase of the backup', { exact: true }).fill('not this one at all');
  await check.getByLabel('Passphrase of the vault in it', { exact: true }).fill('correct horse battery');
  await check.getByRole('button', { name: 'Check', exact: true }).click();
  await expect(check.getByText('This passphrase does not open this backup')).toBeVisible({ timeout: 30_000 });
  await check.getByLabel('Passphrase of the backup', { exact: true }).fill(backupWord);
  await check.getByRole('button', { name: 'Check', exact: true }).click();
  await expect(check.getByText('This backup is sound.', { exact: false })).toBeVisible({ timeout: 30_000 });
  await expect(check.getByText('1 project, 2 devices', { exact: false })).toBeVisible();
  await expectAccessible(page, 'a checked backup');
  await shot(page, 'backup-checked');
  await check.getByRole('button', { name: 'Done' }).click();
  await first.close();

  for (const name of readdirSync(scratch))
    if (name.startsWith(path.basename(file))) rmSync(path.join(scratch, name), { recursive: true });
  const again = await start({ vault: file });
  await again.page.getByRole('button', { name: 'Restore a backup…' }).click();
  await expect(again.page.getByRole('heading', { name: 'Restore a backup' })).toBeVisible();
  await answerDialogs(again.app, backup);
  await again.page.getByRole('button', { name: 'Choose a file…' }).click();
  const kit = readdirSync(out, { recursive: true, encoding: 'utf8' }).find((name) => path.basename(name) === 'crl.pem') ?? '';
  await answerDialogs(again.app, path.join(out, kit));
  await expect(again.page.getByText('those devices are let in again', { exact: false })).toBeVisible();
  await again.page.getByRole('button', { name: 'Choose…', exact: true }).click();
  await expect(again.page.getByText('those devices are let in again', { exact: false })).toBeHidden();
  await again.page.getByLabel('Passphrase of the backup', { exact: true }).fill(backupWord);
  await again.page.getByLabel('Passphrase of the vault in it', { exact: true }).fill('correct horse battery');
  await again.page.getByLabel('Your name').fill('Bea');
  await expectAccessible(again.page, 'restoring a backup');
  await shot(again.page, 'restore-backup');
  await again.page.getByRole('button', { name: 'Check and restore' }).click();
  await expect(vaultPage(again.page).unlocked).toBeVisible({ timeout: 30_000 });
  await expect(again.page.getByText('The backup is restored')).toBeVisible();
  await expect(again.page.getByText(/revocation list \d+ is published/)).toBeVisible();
  await expect(again.page.getByText('Every revocation on the broker’s list was known here already.')).toBeVisible();
  await expectAccessible(again.page, 'a restored backup');
  await shot(again.page, 'restored');
  await again.page.getByRole('link', { name: 'Devices', exact: true }).click();
  await again.page.getByRole('button', { name: 'Add devices' }).click();
  const add = again.page.getByRole('dialog', { name: 'Add devices' });
  await add.getByLabel('Devices, one a line').fill('meter-003');
  await add.getByRole('button', { name: 'Issue 1 certificate' }).click();
  await expect(add.getByText('1 device added')).toBeVisible();
});

test('cards are made, printed, tried, and open a vault whose passphrase is forgotten', async ({ start, scratch }) => {
  const { vault: file } = await provisionSample(scratch, small);
  const { app, page } = await start({ vault: file });
  const vault = vaultPage(page);
  await vault.unlock();
  await expect(vault.unlocked).toBeVisible();
  await open(page);
  await page.getByRole('button', { name: 'Make cards…' }).click();
  const make = page.getByRole('dialog', { name: 'Make recovery cards' });
  await make.getByLabel('Cards', { exact: true }).selectOption('3');
  await make.getByLabel('Needed to open').selectOption('2');
  await make.getByLabel('Passphrase of this vault', { exact: true }).fill('not this one at all');
  await make.getByRole('button', { name: 'Make the cards' }).click();
  await expect(make.getByText('This passphrase does not open this vault.')).toBeVisible({ timeout: 30_000 });
  await expectAccessible(page, 'making cards');
  await shot(page, 'make-cards');
  await make.getByLabel('Passphrase of this vault', { exact: true }).fill('correct horse battery');
  await make.getByRole('button', { name: 'Make the cards' }).click();
  const texts: string[] = [];
  for (let index = 1; index <= 3; index++) {
    const card = page.getByRole('dialog', { name: `Card ${index} of 3` });
    await expect(card).toBeVisible({ timeout: 30_000 });
    const groups = await card.locator('article p span').allInnerTexts();
    texts.push(groups.map((group) => group.slice(-6)).join('-'));
    if (index === 1) {
      await expectAccessible(page, 'a card');
      await shot(page, 'card');
      const pdf = path.join(scratch, 'card.pdf');
      await answerDialogs(app, pdf);
      await card.getByRole('button', { name: 'Save as PDF…' }).click();
      await expect
        .poll(() => readdirSync(scratch).includes('card.pdf') && statSync(pdf).size, { timeout: 20_000 })
        .toBeGreaterThan(2_000);
      const bytes = readFileSync(pdf, 'latin1');
      expect(bytes.slice(0, 5)).toBe('%PDF-');
      // this one card on one page, and nothing else of the window
      expect(bytes.match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
    }
    await card.getByRole('button', { name: index === 3 ? 'All cards are given away' : 'Next card' }).click();
  }
  await expect(page.getByText('Any 2 of 3 cards open this vault', { exact: false })).toContainText('It was never tried.');
  for (const text of texts) expect(text).toMatch(/^([0-9A-Z]{6}-){12}[0-9A-Z]{6}$/);
  // no text of a card is on the page any more
  expect(await page.content()).not.toContain(texts[0]?.slice(0, 6));

  await page.getByRole('button', { name: 'Try the cards…' }).click();
  const drill = page.getByRole('dialog', { name: 'Try the cards' });
  const field = (of: Page | typeof drill, number: number) => of.getByLabel(`Card ${number}`, { exact: true });
  const hurt = `${texts[0]?.slice(0, -1)}${texts[0]?.endsWith('7') ? '8' : '7'}`;
  await field(drill, 1).fill(hurt);
  await expect(drill.getByText('A typing mistake, probably in group 13.')).toBeVisible();
  await field(drill, 2).fill(texts[2]?.toLowerCase().replaceAll('-', ' ') ?? '');
  await expect(drill.getByText(/Card 3 of 3, vault [0-9a-f]{8}, set [0-9a-f]{8}/)).toBeVisible();
  await drill.getByRole('button', { name: 'Try them' }).click();
  await expect(drill.getByText('Card 1 has a typing mistake')).toBeVisible();
  await expectAccessible(page, 'a drill with a mistake');
  await shot(page, 'drill-mistake');
  await field(drill, 1).fill(texts[2] ?? '');
  await drill.getByRole('button', { name: 'Try them' }).click();
  await expect(drill.getByText('Entries 1 and 2 are the same card')).toBeVisible();
  await field(drill, 1).fill(texts[0] ?? '');
  await drill.getByRole('button', { name: 'Try them' }).click();
  await expect(drill.getByText('Proved: cards 1 and 3 open this vault.')).toBeVisible();
  await drill.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByText('Any 2 of 3 cards open this vault', { exact: false })).toContainText('Proved');
  await shot(page, 'safety-cards');

  await vault.lock();
  await page.getByRole('button', { name: 'Forgot the passphrase?' }).click();
  await expect(page.getByRole('heading', { name: 'Open with recovery cards' })).toBeVisible();
  await field(page, 1).fill(texts[1] ?? '');
  await page.getByLabel('Your name').fill('Bea');
  await page.getByLabel('New passphrase', { exact: true }).fill(nextWord);
  await page.getByLabel('Passphrase again').fill(nextWord);
  await page.getByRole('button', { name: 'Open and set the passphrase' }).click();
  await expect(page.getByText('More cards are needed')).toBeVisible();
  await field(page, 2).fill(texts[0] ?? '');
  await expectAccessible(page, 'opening with cards');
  await shot(page, 'recover');
  await page.getByRole('button', { name: 'Open and set the passphrase' }).click();
  await expect(vault.unlocked).toBeVisible({ timeout: 30_000 });
  await vault.lock();
  await vault.unlock();
  await expect(page.getByText('This passphrase does not open this vault.')).toBeVisible({ timeout: 30_000 });
  await vault.unlock(nextWord);
  await expect(vault.unlocked).toBeVisible({ timeout: 30_000 });

  // and once more by hand
  await open(page);
  await page.getByRole('button', { name: 'Change the passphrase…' }).click();
  const change = page.getByRole('dialog', { name: 'Change the passphrase' });
  await change.getByLabel('Present passphrase', { exact: true }).fill('correct horse battery');
  await change.getByLabel('New passphrase', { exact: true }).fill('one more, and a long one');
  await change.getByLabel('Passphrase again').fill('one more, and a long one');
  await change.getByRole('button', { name: 'Change it' }).click();
  await expect(change.getByText('This passphrase does not open this vault.')).toBeVisible({ timeout: 30_000 });
  await change.getByLabel('Present passphrase', { exact: true }).fill(nextWord);
  await change.getByRole('button', { name: 'Change it' }).click();
  await expect(change.getByText('The passphrase is changed.')).toBeVisible({ timeout: 30_000 });
  await shot(page, 'passphrase-changed');
  // the recorder knows exactly one exception; it looked at the answers that hold the cards as well
  expect((await secretsThatLeft(app)).found).toEqual([]);
});

test('the recorder finds a card that any other answer would hold', async ({ start, scratch }) => {
  const { vault: file } = await provisionSample(scratch, small);
  const { app, page } = await start({ vault: file });
  await vaultPage(page).unlock();
  await expect(vaultPage(page).unlocked).toBeVisible();
  const card = Array.from({ length: 13 }, () => 'ABCDEF').join('-');
  const found = (name: string) =>
    app
      .evaluate(
        (_electron, [called, text]) => {
          const store = globalThis as unknown as { recorded: { name: string; text: string }[] };
          store.recorded.push({ name: called ?? '', text: text ?? '' });
        },
        [name, card] as const,
      )
      .then(() => secretsThatLeft(app))
      .then(async (result) => {
        await app.evaluate(() => (globalThis as unknown as { recorded: unknown[] }).recorded.pop());
        return result.found.length;
      });
  expect(await found('shares.make')).toBe(0);
  expect(await found('safety.show')).toBe(1);
});

test('a vault that was never backed up is named on the overview after a day, and the way there', async ({ start, scratch }) => {
  const { vault: file } = await provisionSample(scratch, small, 3);
  const { page } = await start({ vault: file });
  await vaultPage(page).unlock();
  await expect(page.getByRole('heading', { name: 'This vault was never backed up' })).toBeVisible();
  await expectAccessible(page, 'the reminder');
  await shot(page, 'reminder');
  await page.getByRole('link', { name: 'Back up', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Backup & recovery', level: 1 })).toBeVisible();
});

for (const look of [
  { theme: 'dark', language: 'de', size: { width: 1024, height: 768 } },
  { theme: 'light', language: 'es', size: { width: 1280, height: 800 } },
] as const) {
  test(`the pages of backup and recovery: ${look.theme}, ${look.language}`, async ({ start, scratch }) => {
    const { vault: file, folder: out } = await provisionSample(scratch, small);
    const { app, page } = await start({ vault: file, settings: { theme: look.theme, language: look.language }, size: look.size });
    const judge = async (name: string) => {
      await expectAccessible(page, name);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), name).toBeLessThanOrEqual(0);
      await shot(page, name);
    };
    await judge('unlock');
    const ways = page.locator('form > div:last-child button');
    await ways.nth(0).click();
    await page.locator('textarea').first().waitFor();
    await judge('recover');
    await page.locator('form > div:last-child button').click();
    await ways.nth(1).click();
    await page.locator('input[type=password]').nth(1).waitFor();
    await judge('restore');
    await page.locator('form > div:last-child button').click();
    await page.locator('input').first().fill('Ana');
    await page.locator('input[type=password]').fill('correct horse battery');
    await page.keyboard.press('Enter');
    await page.locator('main[data-page]').waitFor();
    await page.evaluate(() => {
      location.hash = '#/backup';
    });
    const sections = page.locator('main section');
    await expect(sections).toHaveCount(4);
    await judge('safety');
    await sections.nth(0).locator('button').nth(2).click();
    const lists = page.getByRole('dialog');
    await answerDialogs(app, file);
    await lists.locator('button').nth(1).click();
    await expect(lists.getByText(file)).toBeVisible();
    await judge('lists');
    // the vault is no list
    await lists.locator('button').last().click();
    await lists.getByRole('alert').waitFor();
    await judge('lists-refused');
    const kit = readdirSync(out, { recursive: true, encoding: 'utf8' }).find((name) => path.basename(name) === 'crl.pem') ?? '';
    await answerDialogs(app, path.join(out, kit));
    await lists.locator('button', { hasText: /Wählen|Elegir/ }).click();
    await lists.locator('button').last().click();
    await lists.getByRole('status').waitFor();
    await judge('lists-taken');
    await page.keyboard.press('Escape');
    await sections.nth(3).scrollIntoViewIfNeeded();
    await judge('safety-end');
    await sections.nth(1).locator('button').first().click();
    await page.getByRole('dialog').locator('input[type=password]').fill('correct horse battery');
    await judge('make');
    await page.keyboard.press('Enter');
    await page.locator('[role=dialog] article').waitFor({ timeout: 30_000 });
    await judge('card');
    // Esc asks before cards are lost that nobody has seen
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').getByRole('alert').waitFor();
    await judge('card-sure');
  });
}
