import type { Page } from '@playwright/test';
import { expect, test } from './fixtures/app.ts';
import { provisionSample } from './fixtures/cli.ts';
import { judge, looks } from './fixtures/looks.ts';
import { vaultPage } from './screens/vault-page.ts';

/** Every screen in both themes, three languages and both sizes. */
const folder = 'screens';

// every test starts an app and a vault of its own
test.describe.configure({ mode: 'parallel' });

const goTo = (page: Page, hash: string) =>
  page.evaluate((to) => {
    location.hash = to;
  }, hash);

test('before the vault is open', async ({ start, scratch }) => {
  const first = await start();
  await judge(first, 'welcome', folder);
  await first.page.getByRole('button', { name: 'Create vault' }).click();
  await judge(first, 'welcome-incomplete', folder);
  const { vault } = await provisionSample(scratch);
  const second = await start({ vault });
  await judge(second, 'unlock', folder);
  await vaultPage(second.page).unlock('not this passphrase');
  await expect(second.page.locator('[aria-invalid=true]').first()).toBeVisible();
  await judge(second, 'unlock-wrong', folder);
});

test('a vault with devices', async ({ start, scratch }) => {
  test.setTimeout(300_000);
  const { vault } = await provisionSample(scratch);
  const running = await start({ vault });
  const { page } = running;
  await vaultPage(page).unlock();
  await expect(page.getByText('lab Root CA').first()).toBeVisible();
  await judge(running, 'overview', folder);
  await page.getByRole('link', { name: 'Devices' }).click();
  await page.getByText('meter-001').first().waitFor();
  await judge(running, 'devices', folder);
  await page.getByText('meter-001').first().click();
  await page.getByRole('dialog').getByText('lab/energy/meter-001', { exact: true }).waitFor();
  await judge(running, 'device', folder);
  await page.keyboard.press('Escape');
  await page.getByRole('main').getByRole('searchbox').fill('nothing like this');
  await page.waitForTimeout(300);
  await judge(running, 'devices-nothing', folder);
});

test('every page of the navigation, and those that another page leads to', async ({ start, scratch }) => {
  test.setTimeout(300_000);
  const { vault } = await provisionSample(scratch);
  const running = await start({ vault });
  const { page } = running;
  await vaultPage(page).unlock();
  await expect(page.getByText('lab Root CA').first()).toBeVisible();
  const links = page.getByRole('navigation').getByRole('link');
  // also those that are added one day
  const lines = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
  // the export and the import have specs of their own
  for (const href of [...lines.slice(2), '#/backup', '#/check-files', '#/requests', '#/import']) {
    const before = await page.locator('main h1').textContent();
    await goTo(page, href);
    await expect(page.locator('main h1')).not.toHaveText(before ?? '');
    await page.waitForTimeout(400);
    await judge(running, href.replace(/^#\//, ''), folder);
  }
});

test('the wizard, step by step', async ({ start }) => {
  test.setTimeout(300_000);
  const running = await start();
  const { page } = running;
  await vaultPage(page).create();
  await page.locator('[data-page]').first().waitFor();
  await goTo(page, '#/new-project');
  await page.locator('main input').first().fill('lab');
  const names = ['project', 'authority', 'broker', 'devices', 'access', 'check'];
  for (const name of names) {
    await judge(running, `wizard-${name}`, folder);
    if (name === 'check') {
      // in whatever language the last look was
      await page.locator('main form input').first().fill('mqtt.lab.example');
      await judge(running, 'wizard-check-reserved', folder);
    }
    // the primary action is the last button of each step
    await page.locator('main button[type=submit], main form button').last().click();
    await page.waitForTimeout(300);
  }
  await page.locator('main h1').waitFor();
  await page.waitForTimeout(2_000);
  await judge(running, 'wizard-export', folder);
});

test('5,000 devices', async ({ start, scratch }) => {
  const { vault } = await provisionSample(scratch, { devices: [{ pattern: 'meter-{0001..5000}' }] });
  const running = await start({ vault });
  const { page } = running;
  await vaultPage(page).unlock();
  await expect(page.getByText('5,000 devices').first()).toBeVisible();
  await judge(running, 'overview-5000', folder, [looks[0]]);
  await page.getByRole('link', { name: 'Devices' }).click();
  await page.getByText('meter-0001').first().waitFor();
  await judge(running, 'devices-5000', folder, [looks[0]]);
});

test('an empty vault teaches what to do', async ({ start }) => {
  const running = await start();
  const { page } = running;
  await vaultPage(page).create();
  await expect(vaultPage(page).unlocked).toBeVisible();
  await judge(running, 'overview-empty', folder, [looks[0]]);
  await page.getByRole('link', { name: 'Devices' }).click();
  await judge(running, 'devices-empty', folder, [looks[0]]);
});
