import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { expect, root, test } from './fixtures/app.ts';
import { expectAccessible } from './fixtures/axe.ts';
import { provisionSample } from './fixtures/cli.ts';
import { practicePage } from './screens/practice-page.ts';
import { vaultPage } from './screens/vault-page.ts';

/** Practice and the temporary broker for review; axe finds nothing and nothing is cut off. */
const pictures = path.join(root, 'test-results/practice');
const looks = [
  { theme: 'light', language: 'en', size: { width: 1280, height: 800 } },
  { theme: 'dark', language: 'de', size: { width: 1024, height: 768 } },
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
  const look = `${theme}-${language}-${size.width}`;
  test(`practice: ${look}`, async ({ start }) => {
    test.setTimeout(120_000);
    const { page } = await start({ settings: { theme, language }, size });
    await judge(page, `${look}-welcome`);
    await page.getByRole('button', { name: language === 'en' ? 'Try it now' : 'Jetzt ausprobieren' }).click();
    const practice = practicePage(page);
    await practice.reading('meter-003').waitFor();
    await judge(page, `${look}-readings`);
    await page.getByRole('button', { name: language === 'en' ? 'Show me' : 'Zeigen' }).click();
    await page.locator('[data-tour="certificate"]').waitFor();
    await page.getByText('meter-003').first().waitFor();
    await page.waitForTimeout(2_600);
    await judge(page, `${look}-tour`);
    await practice.go('broker');
    const attempts = page.getByRole('region', { name: language === 'en' ? /has to refuse/ : /abweisen muss/ });
    for (const index of [0, 3]) {
      await attempts.getByRole('button').nth(index).click();
      await expect(attempts.getByRole('status').locator('> div')).toHaveCount(index === 0 ? 1 : 2, { timeout: 15_000 });
    }
    await judge(page, `${look}-broker`);
    await attempts.scrollIntoViewIfNeeded();
    await page.getByRole('main').evaluate((main) => main.scrollTo(0, 420));
    await judge(page, `${look}-refused`);
  });
  test(`temporary broker: ${look}`, async ({ start, scratch }) => {
    test.setTimeout(120_000);
    const broker = { names: ['localhost'], addresses: ['10.9.8.7'] };
    const { vault } = await provisionSample(scratch, { devices: [{ id: 'meter-001' }], broker });
    const { page } = await start({ vault, settings: { theme, language: 'en' }, size });
    await vaultPage(page).unlock();
    await vaultPage(page).unlocked.waitFor();
    await page.evaluate(async (to) => {
      const { fieldkey } = globalThis as unknown as { fieldkey: { call(name: string, input: unknown): Promise<unknown> } };
      await fieldkey.call('settings.change', { language: to });
      location.hash = '#/broker';
    }, language);
    const panel = page.getByRole('region', { name: language === 'en' ? /^Temporary broker on/ : /^Vorläufiger Broker auf/ });
    await panel.locator('select').selectOption('127.0.0.1');
    await panel.scrollIntoViewIfNeeded();
    await page.getByRole('main').evaluate((main) => main.scrollTo(0, main.scrollHeight));
    await judge(page, `${look}-temporary`);
    await panel.locator('input').last().fill('38883');
    await panel.locator('button[type=submit]').click();
    await page
      .getByRole('region', { name: language === 'en' ? 'Temporary broker' : 'Vorläufiger Broker', exact: true })
      .waitFor();
    await page.getByRole('main').evaluate((main) => main.scrollTo(0, main.scrollHeight));
    await judge(page, `${look}-temporary-running`);
    await page.getByRole('button', { name: language === 'en' ? 'Lock' : 'Sperren', exact: true }).click();
    await page.locator('input[type=password]').waitFor();
    await judge(page, `${look}-locked`);
  });
}
