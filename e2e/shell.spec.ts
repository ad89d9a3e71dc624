import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ElementHandle, Locator, Page } from '@playwright/test';
import { de } from '../renderer/src/locales/de.ts';
import { en } from '../renderer/src/locales/en.ts';
import { es } from '../renderer/src/locales/es.ts';
import { expect, passphrase, root, test } from './fixtures/app.ts';
import { expectAccessible } from './fixtures/axe.ts';
import { cli, provisionSample } from './fixtures/cli.ts';
import { vaultPage } from './screens/vault-page.ts';
import { wizardPage } from './screens/wizard-page.ts';

const pictures = path.join(root, 'test-results/screens');
const languages = { en, de, es } as const;
type Language = keyof typeof languages;

/** The frame around the pages without a mouse: everything is reached with Tab, and what opens can be left again. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  // found by its role once, not after every press; anew only when the page has made it anew
  const look = (element: ElementHandle | null) =>
    element?.evaluate((node) => ({ there: node.isConnected, focused: node === document.activeElement }));
  let element: ElementHandle | null = null;
  for (let presses = 0; presses < 150; presses++) {
    let state = await look(element);
    if (!state?.there) {
      element = await wanted.elementHandle({ timeout: 1_000 }).catch(() => null);
      state = await look(element);
    }
    if (state?.focused) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not reach ${wanted}`);
}

for (const language of Object.keys(languages) as Language[]) {
  const say = languages[language];

  test(`navigation, projects, palette and lock by keyboard: ${language}`, async ({ start, scratch }) => {
    const { vault } = await provisionSample(scratch, { devices: [{ id: 'meter-001' }] });
    const plan = JSON.parse(readFileSync(path.join(scratch, 'plan.json'), 'utf8'));
    writeFileSync(path.join(scratch, 'second.json'), JSON.stringify({ ...plan, project: 'plant', devices: [{ id: 'press-1' }] }));
    await cli('provision', path.join(scratch, 'second.json'), '--vault', vault, '--out', path.join(scratch, 'stick'));
    const { page } = await start({ vault, settings: { language } });
    const key = (name: string) => page.keyboard.press(name);
    const unlock = async () => {
      await tabTo(page, page.getByLabel(say.app.unlock.passphrase, { exact: true }));
      await page.keyboard.type(passphrase);
      await key('Enter');
      await expect(page.locator('nav')).toBeVisible();
    };
    await page.getByLabel(say.app.unlock.operator).fill('Ana');
    await unlock();

    // each page by its word in the navigation
    for (const [target, word] of Object.entries(say.app.nav)) {
      if (!['devices', 'broker', 'test', 'authority', 'settings', 'overview'].includes(target)) continue;
      const link = page.getByRole('navigation').getByRole('link', { name: word, exact: target !== 'overview' });
      await tabTo(page, link);
      await key('Enter');
      await expect(page.locator(`main[data-page="${target}"] h1`)).toBeVisible();
      await expect(link).toHaveAttribute('aria-current', 'page');
      // no word of the navigation is cut off
      expect(await link.evaluate((element) => element.scrollWidth - element.clientWidth), word).toBeLessThanOrEqual(0);
    }

    // the other project
    const projects = page.getByRole('button', { name: say.app.top.switchProject.split('{{')[0] ?? '' });
    const before = await projects.textContent();
    await tabTo(page, projects);
    await key('Enter');
    await expect(page.getByRole('menu')).toBeVisible();
    await key('Escape');
    await expect(page.getByRole('menu')).toBeHidden();
    await expect(projects).toBeFocused();
    await key('Enter');
    await page.getByRole('menuitem').first().waitFor();
    const other = before?.includes('lab') ? 'plant' : 'lab';
    await expect(page.getByRole('menuitem').first()).toBeFocused();
    if ((await page.getByRole('menuitem').first().textContent())?.includes(other) === false) await key('ArrowDown');
    await key('Enter');
    await expect(projects).toContainText(other);

    // the palette: opened, left, and used for a page, an action and a device
    const find = page
      .getByRole('textbox', { name: say.palette.open })
      .or(page.getByRole('searchbox', { name: say.palette.open }));
    const openPalette = async () => {
      await key('Control+k');
      await expect(find).toBeFocused();
    };
    await openPalette();
    await expectAccessible(page, `palette ${language}`);
    await key('Escape');
    await expect(find).toBeHidden();
    await openPalette();
    await page.keyboard.type(say.app.nav.settings);
    await key('Enter');
    await expect(page.locator('main[data-page="settings"] h1')).toBeVisible();
    await openPalette();
    await page.keyboard.type(say.palette.theme.contrast);
    await key('Enter');
    await expect(page.locator('html')).toHaveAttribute('data-high-contrast', '');
    await openPalette();
    const device = other === 'plant' ? 'press-1' : 'meter-001';
    await page.keyboard.type(device);
    await expect(page.getByRole('dialog', { name: say.palette.open }).getByText(device, { exact: true })).toBeVisible();
    await key('Enter');
    await expect(page.getByRole('dialog')).toBeVisible();
    await key('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();

    // locked and opened again
    await tabTo(page, page.getByRole('button', { name: say.app.top.lock, exact: true }));
    await key('Enter');
    await expect(page.getByRole('heading', { name: say.app.unlock.title })).toBeVisible();
    await unlock();
  });
}

test('a notice of work that ended elsewhere can be followed and closed by keyboard', async ({ start, scratch }) => {
  const { vault } = await provisionSample(scratch, { devices: [{ id: 'meter-001' }] });
  const { page } = await start({ vault });
  await vaultPage(page).unlock();
  await page.getByRole('link', { name: 'Devices', exact: true }).click();
  await page.getByRole('button', { name: 'Add devices' }).click();
  const add = page.getByRole('dialog', { name: 'Add devices' });
  await add.getByLabel('Devices, one a line').fill('press-{001..400}');
  await add.getByRole('button', { name: /^Issue 400/ }).click();
  await page.evaluate(() => {
    location.hash = '#/settings';
  });
  const notices = page.getByRole('region', { name: 'Notices' });
  await expect(notices.getByText('Add devices to lab')).toBeVisible({ timeout: 30_000 });
  await tabTo(page, notices.getByRole('button', { name: 'Close' }));
  await page.keyboard.press('Enter');
  await expect(notices.getByText('Add devices to lab')).toBeHidden();
});

test('defaults are kept and stand in the next project', async ({ start }) => {
  const first = await start();
  await vaultPage(first.page).create();
  await first.page.getByRole('link', { name: 'Settings' }).click();
  const main = first.page.getByRole('main');
  await main.getByLabel('Organisation').fill('Stadtwerke Süd');
  await main.getByLabel('Country').fill('at');
  await main.getByLabel('Kind of key').selectOption('rsa2048');
  await main.getByLabel('Device certificates, days').fill('500');
  await main.getByLabel('Port of the broker').fill('70000');
  await expect(main.getByText('A number from 1 to 65535.')).toBeVisible();
  await main.getByLabel('Port of the broker').fill('18883');
  await main.getByLabel('Broker certificate, days').fill('90');
  await main.getByText('Exports ask for a passphrase for device keys').click();
  await first.close();

  const { page } = await start({ userData: first.userData });
  await vaultPage(page).unlock();
  const wizard = wizardPage(page);
  await wizard.open();
  await expect(page.getByLabel('Organisation', { exact: true })).toHaveValue('Stadtwerke Süd');
  await expect(page.getByLabel('Country', { exact: true })).toHaveValue('AT');
  await wizard.name.fill('lab');
  await wizard.next('authority');
  await expect(page.getByRole('radio', { name: /RSA 2048/ })).toBeChecked();
  await expect(page.getByRole('radio', { name: '500 days' })).toBeChecked();
  await wizard.next('broker');
  await expect(wizard.port).toHaveValue('18883');
  await wizard.addName('broker.local');
  await wizard.next('devices');
  await wizard.next('access');
  await wizard.next('check');
  await wizard.issue(3);
  await expect(wizard.heading('Put it on a stick')).toBeVisible({ timeout: 30_000 });
  await expect(page.getByLabel('Protect device keys with a passphrase')).toBeChecked();
});

for (const theme of ['light', 'dark'] as const) {
  test(`high contrast, ${theme}: every page is clean for axe, and every page has its picture`, async ({ start, scratch }) => {
    mkdirSync(pictures, { recursive: true });
    const { vault } = await provisionSample(scratch);
    const { page } = await start({ vault, settings: { theme, contrast: 'high' }, size: { width: 1024, height: 768 } });
    await vaultPage(page).unlock();
    for (const name of ['overview', 'devices', 'broker', 'test', 'authority', 'settings', 'new-project']) {
      await page.evaluate((to) => {
        location.hash = `#/${to}`;
      }, name);
      await page.locator(`main[data-page="${name}"] h1`).first().waitFor();
      await page.waitForTimeout(400);
      await page.screenshot({ path: path.join(pictures, `contrast-${theme}-${name}.png`), caret: 'hide' });
      await expectAccessible(page, `${name}, high contrast, ${theme}`);
    }
  });
}
