import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import type { Bridge } from '../shared/bridge.ts';
import { expect, root, test } from './fixtures/app.ts';
import { expectAccessible } from './fixtures/axe.ts';
import { provisionSample } from './fixtures/cli.ts';
import { vaultPage } from './screens/vault-page.ts';

/** Every state of the export page for review, in three languages; axe finds nothing and nothing is cut off. */
const pictures = path.join(root, 'test-results/export');
const wide = { width: 1280, height: 800 };
const narrow = { width: 1024, height: 768 };
const looks = [
  { theme: 'light', language: 'en', size: wide },
  { theme: 'dark', language: 'de', size: narrow },
  { theme: 'light', language: 'de', size: wide },
  { theme: 'dark', language: 'es', size: narrow },
] as const;

async function judge(page: Page, name: string): Promise<void> {
  mkdirSync(pictures, { recursive: true });
  await page.waitForTimeout(250);
  await page.screenshot({ path: path.join(pictures, `${name}.png`), caret: 'hide' });
  await expectAccessible(page, name);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(overflow, `${name} scrolls sideways`).toBeLessThanOrEqual(0);
}

for (const { theme, language, size } of looks) {
  test(`the export page: ${theme}, ${language}, ${size.width}`, async ({ start, scratch }) => {
    test.setTimeout(120_000);
    const { vault } = await provisionSample(scratch);
    // where there is no lsblk nobody can tell the drives; the page says so and goes on
    const programs = path.join(scratch, 'bin');
    mkdirSync(programs);
    const lsblk = path.join(programs, 'lsblk');
    writeFileSync(lsblk, '#!/bin/sh\nexit 127\n');
    chmodSync(lsblk, 0o755);
    const { app, page } = await start({ vault, settings: { theme, language: 'en' }, size, programs });
    const look = `${theme}-${language}-${size.width}`;
    await vaultPage(page).unlock();
    await expect(page.getByText('lab Root CA').first()).toBeVisible();
    await page.evaluate(async (to) => {
      const { fieldkey } = globalThis as unknown as { fieldkey: Bridge };
      await fieldkey.call('settings.change', { language: to });
      location.hash = '#/export';
    }, language);
    const main = page.getByRole('main');
    const submit = main.locator('button[type=submit]');
    const folder = path.join(scratch, 'FIELD');
    mkdirSync(path.join(folder, 'lab'), { recursive: true });
    writeFileSync(path.join(folder, 'lab/notes.txt'), 'somebody else');
    const dialog = (chosen: string) =>
      app.evaluate(({ dialog }, each) => {
        dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [each] });
      }, chosen);
    if (process.platform === 'linux') {
      const unknown = {
        en: /does not say which drives/,
        de: /gibt nicht an, welche Laufwerke/,
        es: /no indica qué unidades/,
      }[language];
      await expect(main.getByText(unknown)).toBeVisible({ timeout: 15_000 });
    }
    await judge(page, `form-nowhere-${look}`);
    await dialog(folder);
    await main.locator('form section button[type=button], form button[type=button]').first().click();
    await expect(main.getByRole('radio')).toBeChecked();
    await main.getByRole('checkbox').last().check();
    await submit.click();
    await expect(main.locator('input[type=password]').first()).toBeFocused();
    await judge(page, `form-passphrase-${look}`);
    for (const field of await main.locator('input[type=password]').all()) await field.fill('correct horse battery 2');
    await submit.click();
    const failure = main.locator('[role=alert][data-code=EXPORT_FOREIGN_FILES]');
    await expect(failure).toBeVisible({ timeout: 20_000 });
    await judge(page, `foreign-${look}`);
    // another place is chosen where the first one is shown; what was ticked is asked again, passphrases are not kept
    await failure.getByRole('button').first().click();
    await dialog(path.join(scratch, 'OTHER'));
    await main.locator('form button[type=button]').first().click();
    await submit.click();
    await expect(main.locator('h2').first()).toBeVisible();
    await expect(main.getByText(path.join(scratch, 'OTHER/lab'))).toBeVisible({ timeout: 20_000 });
    await judge(page, `written-${look}`);
    await page.evaluate(() => {
      location.hash = '#/overview';
    });
    await main.getByText('OTHER', { exact: true }).last().scrollIntoViewIfNeeded();
    await judge(page, `lost-${look}`);
  });
}
