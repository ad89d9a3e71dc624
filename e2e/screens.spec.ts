import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { expect, type RunningApp, root, test } from './fixtures/app.ts';
import { expectAccessible } from './fixtures/axe.ts';
import { provisionSample } from './fixtures/cli.ts';
import { vaultPage } from './screens/vault-page.ts';

/** Every screen in both themes, both languages and both sizes: axe finds nothing, nothing is cut off, and a picture for review. */
const pictures = path.join(root, 'test-results/screens');
const sizes = { wide: { width: 1280, height: 800 }, narrow: { width: 1024, height: 768 } } as const;
const words = {
  en: { devices: 'Devices', settings: 'Settings', lock: 'Lock', unlock: 'Unlock', passphrase: 'Passphrase', name: 'Your name' },
  de: {
    devices: 'Geräte',
    settings: 'Einstellungen',
    lock: 'Sperren',
    unlock: 'Öffnen',
    passphrase: 'Passphrase',
    name: 'Ihr Name',
  },
} as const;

type Look = { theme: 'light' | 'dark'; language: 'en' | 'de'; size: keyof typeof sizes };
const looks: Look[] = [
  { theme: 'light', language: 'en', size: 'wide' },
  { theme: 'dark', language: 'en', size: 'narrow' },
  { theme: 'light', language: 'de', size: 'narrow' },
  { theme: 'dark', language: 'de', size: 'wide' },
];

// every test starts an app and a vault of its own
test.describe.configure({ mode: 'parallel' });

async function judge(page: Page, look: Look, name: string): Promise<void> {
  const what = `${name}-${look.theme}-${look.language}-${look.size}`;
  mkdirSync(pictures, { recursive: true });
  // the caret blinks; a picture should not depend on when it was taken
  await page.waitForTimeout(250);
  await page.screenshot({ path: path.join(pictures, `${what}.png`), caret: 'hide' });
  await expectAccessible(page, what);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(overflow, `${what} scrolls sideways`).toBeLessThanOrEqual(0);
  // inside the shell the page scrolls, never the window around it
  const double = await page.evaluate(() => {
    const { scrollHeight, clientHeight } = document.documentElement;
    return document.querySelector('nav') === null ? 0 : scrollHeight - clientHeight;
  });
  expect(double, `${what} scrolls twice`).toBeLessThanOrEqual(0);
}

async function unlock({ page }: RunningApp, look: Look, word: string): Promise<void> {
  const say = words[look.language];
  await page.getByLabel(say.name).fill('Ana');
  await page.getByLabel(say.passphrase, { exact: true }).fill(word);
  await page.getByRole('button', { name: say.unlock, exact: true }).click();
}

for (const look of looks) {
  const { theme, language, size } = look;
  const say = words[language];

  test(`before the vault is open: ${theme}, ${language}, ${size}`, async ({ start }) => {
    const first = await start({ settings: { theme, language }, size: sizes[size] });
    await judge(first.page, look, 'welcome');
    await first.page.getByRole('button', { name: language === 'en' ? 'Create vault' : 'Tresor anlegen' }).click();
    await judge(first.page, look, 'welcome-incomplete');
  });

  test(`a vault with devices: ${theme}, ${language}, ${size}`, async ({ start, scratch }) => {
    test.setTimeout(120_000);
    const { vault } = await provisionSample(scratch);
    const one = await start({ vault, settings: { theme, language }, size: sizes[size] });
    await judge(one.page, look, 'unlock');
    await unlock(one, look, 'not this passphrase');
    await expect(one.page.locator('[aria-invalid=true]').first()).toBeVisible();
    await judge(one.page, look, 'unlock-wrong');
    await unlock(one, look, 'correct horse battery');
    await expect(one.page.getByText('lab Root CA').first()).toBeVisible();
    await judge(one.page, look, 'overview');
    await one.page.getByRole('link', { name: say.devices }).click();
    await one.page.getByText('meter-001').first().waitFor();
    await judge(one.page, look, 'devices');
    await one.page.getByText('meter-001').first().click();
    await one.page.getByRole('dialog').getByText('lab/energy/meter-001', { exact: true }).waitFor();
    await judge(one.page, look, 'device');
    await one.page.keyboard.press('Escape');
    await one.page.getByRole('main').getByRole('searchbox').fill('nothing like this');
    await one.page.waitForTimeout(300);
    await judge(one.page, look, 'devices-nothing');
    // every page of the navigation, also those that are added one day
    const navigation = one.page.getByRole('navigation');
    const pages = await navigation.getByRole('link').evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
    for (const href of pages.slice(2)) {
      const before = await one.page.locator('main h1').textContent();
      await navigation.locator(`a[href="${href}"]`).click();
      await expect(one.page.locator('main h1')).not.toHaveText(before ?? '');
      await one.page.waitForTimeout(400);
      await judge(one.page, look, href.replace(/^#\//, ''));
    }
    // pages that another page leads to; the export and the import have specs of their own
    for (const flow of ['backup', 'check-files', 'requests', 'import']) {
      const before = await one.page.locator('main h1').textContent();
      await one.page.evaluate((to) => {
        location.hash = to;
      }, `#/${flow}`);
      await expect(one.page.locator('main h1')).not.toHaveText(before ?? '');
      await one.page.waitForTimeout(400);
      await judge(one.page, look, flow);
    }
  });
}

for (const look of looks) {
  test(`the wizard, step by step: ${look.theme}, ${look.language}, ${look.size}`, async ({ start }) => {
    test.setTimeout(120_000);
    const { page } = await start({ settings: { theme: look.theme, language: look.language }, size: sizes[look.size] });
    const inputs = page.locator('main input');
    await inputs.nth(0).fill('Ana');
    await inputs.nth(1).fill('correct horse battery');
    await inputs.nth(2).fill('correct horse battery');
    await inputs.nth(2).press('Enter');
    await page.locator('[data-page]').first().waitFor();
    await page.evaluate(() => {
      location.hash = '#/new-project';
    });
    await page.locator('main input').first().fill('lab');
    const names = ['project', 'authority', 'broker', 'devices', 'access', 'check'];
    for (const name of names) {
      await judge(page, look, `wizard-${name}`);
      // the primary action is the last button of each step
      await page.locator('main button[type=submit], main form button').last().click();
      await page.waitForTimeout(300);
    }
    await page.locator('main h1').waitFor();
    await page.waitForTimeout(2_000);
    await judge(page, look, 'wizard-export');
  });
}

test('5,000 devices', async ({ start, scratch }) => {
  test.setTimeout(120_000);
  const { vault } = await provisionSample(scratch, { devices: [{ pattern: 'meter-{0001..5000}' }] });
  const { page } = await start({ vault });
  await vaultPage(page).unlock();
  await expect(page.getByText('5,000 devices').first()).toBeVisible();
  const look: Look = { theme: 'light', language: 'en', size: 'wide' };
  await judge(page, look, 'overview-5000');
  await page.getByRole('link', { name: 'Devices' }).click();
  await page.getByText('meter-0001').first().waitFor();
  await judge(page, look, 'devices-5000');
});

test('an empty vault teaches what to do', async ({ start }) => {
  const look = looks[0] as Look;
  const { page } = await start({ size: sizes.wide });
  await vaultPage(page).create();
  await expect(vaultPage(page).unlocked).toBeVisible();
  await judge(page, look, 'overview-empty');
  await page.getByRole('link', { name: 'Devices' }).click();
  await judge(page, look, 'devices-empty');
});
