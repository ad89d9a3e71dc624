import { appendFileSync, chmodSync, copyFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import { provokeLog } from '../electron/broker/log/testing/provoke.ts';
import type { Bridge } from '../shared/bridge.ts';
import { writeLog } from './bench/log-lines.ts';
import { expect, root, test } from './fixtures/app.ts';
import { expectAccessible } from './fixtures/axe.ts';
import { provisionSample } from './fixtures/cli.ts';
import { dropOn } from './fixtures/drop.ts';
import { vaultPage } from './screens/vault-page.ts';

const pictures = path.join(root, 'test-results/broker-log');
const wide = { width: 1280, height: 800 };
const narrow = { width: 1024, height: 768 };

async function judge(page: Page, name: string): Promise<void> {
  mkdirSync(pictures, { recursive: true });
  await page.waitForTimeout(250);
  await page.screenshot({ path: path.join(pictures, `${name}.png`), caret: 'hide' });
  await expectAccessible(page, name);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(overflow, `${name} scrolls sideways`).toBeLessThanOrEqual(0);
}

const openFiles = (app: ElectronApplication, files: readonly string[]) =>
  app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [...chosen] });
  }, files);

const look = (page: Page, language: 'en' | 'de' | 'es', theme: 'light' | 'dark') =>
  page.evaluate(
    async (to) => {
      const { fieldkey } = globalThis as unknown as { fieldkey: Bridge };
      await fieldkey.call('settings.change', to);
    },
    { language, theme },
  );

test('a log that a real broker wrote: what stands out, its device, its lines, and what is added while one watches', async ({
  start,
  scratch,
}) => {
  test.setTimeout(240_000);
  // the user mosquitto has to get to its log below
  chmodSync(scratch, 0o755);
  const [{ vault }, provoked] = await Promise.all([provisionSample(scratch), provokeLog(path.join(scratch, 'provoke'))]);
  const file = path.join(scratch, 'mosquitto.log');
  copyFileSync(provoked.file, file);
  const { page, app } = await start({ vault, size: wide });
  await vaultPage(page).unlock();
  await page.getByRole('link', { name: 'Broker log' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Broker log' })).toBeVisible();
  await expect(page.getByText("scp 'root@127.0.0.1:/var/log/mosquitto/mosquitto.log*' .")).toBeVisible();
  await judge(page, 'empty-light-en-wide');

  await dropOn(page, page.getByText('Drop the broker’s log here'), file);
  const findings = page.getByRole('region', { name: 'What stands out' });
  const finding = (title: string) => findings.getByRole('listitem').filter({ hasText: title });
  await expect(finding('127.0.0.1 fails again and again')).toContainText('Its certificate was not accepted');
  await expect(finding('Two use the identity of meter-001')).toContainText('Alarm');
  await judge(page, 'provoked-light-en-wide');
  await findings.getByRole('button', { name: /^Show all/ }).click();
  await expect(finding('The access rules deny messages of meter-001')).toContainText('lab/energy/meter-002');
  await expect(finding('meter-001 sends packets that are too large')).toBeVisible();
  await expect(finding('Messages for slow were dropped')).toBeVisible();
  await expect(finding('The broker is full')).toBeVisible();
  await expect(finding('Names with +, # or / are denied everything')).toContainText('a+b');

  // to the device, and back: the log is still there
  await finding('Two use the identity of meter-001').getByRole('link', { name: 'Show meter-001' }).click();
  await expect(page.getByRole('dialog', { name: /meter-001/ })).toBeVisible();
  await page.goBack();
  await expect(finding('Two use the identity of meter-001')).toBeVisible();

  // the lines themselves, with those that name nobody
  await finding('127.0.0.1 fails again and again')
    .getByRole('button', { name: /^Show lines/ })
    .click();
  const lines = page.getByRole('dialog', { name: '127.0.0.1' }).getByRole('list', { name: 'Lines of the log' });
  await expect(lines.getByText(/certificate verify failed/).first()).toBeVisible();
  await expect(lines.getByText(/^New client connected from 127\.0\.0\.1:\d+ as meter-001/).first()).toBeVisible();
  await judge(page, 'lines-light-en-wide');
  await page.keyboard.press('Escape');

  // other limits judge what was read anew
  await page.getByLabel('Failures of one address in a minute').fill('500');
  await expect(finding('127.0.0.1 fails again and again')).toHaveCount(0);
  await page.getByLabel('Failures of one address in a minute').fill('10');
  await expect(finding('127.0.0.1 fails again and again')).toBeVisible();

  // watching, over a rotation
  await page.getByRole('button', { name: 'Watch', exact: true }).click();
  await expect(page.getByText('Watching. New lines appear by themselves.')).toBeVisible();
  const now = Math.floor(Date.now() / 1_000);
  const visit = (name: string, address: string) =>
    `${now}: New connection from ${address}:40000 on port 8883.\n${now}: New client connected from ${address}:40000 as ${name} (p2, c1, k60, u'${name}').\n`;
  const rows = page.getByRole('grid', { name: 'Devices' });
  appendFileSync(file, visit('press-017', '10.20.30.40'));
  await expect(rows.getByRole('row').filter({ hasText: 'press-017' })).toContainText('connected');
  renameSync(file, `${file}.1`);
  writeFileSync(file, visit('press-018', '10.20.30.41'));
  await expect(rows.getByRole('row').filter({ hasText: 'press-018' })).toBeVisible();
  await page.getByLabel('Networks of your devices').fill('10.20.30.40/32');
  await page.getByLabel('Networks of your devices').press('Enter');
  await expect(finding('10.20.30.41 is in none of your networks')).toContainText('Let in as press-018');
  await expect(finding('10.20.30.40 is in none')).toHaveCount(0);
  await page.getByRole('button', { name: 'Stop watching' }).click();
  await expect(page.getByText('Watching. New lines')).toBeHidden();

  // names of devices do not outlive the lock
  await vaultPage(page).lock();
  await vaultPage(page).unlock();
  await expect(page.getByText('Drop the broker’s log here')).toBeVisible();

  // what cannot be read, and what is none
  const noise = path.join(scratch, 'photo.log');
  writeFileSync(noise, Buffer.from(Array.from({ length: 50_000 }, (_, index) => (index * 7919) & 255)));
  await openFiles(app, [noise]);
  await page.getByRole('button', { name: 'Open log…' }).click();
  await expect(page.getByText('This is no log of a Mosquitto')).toBeVisible();
  await openFiles(app, [path.join(scratch, 'gone.log')]);
  await page.getByRole('button', { name: 'Open another log…' }).first().click();
  await expect(page.getByText('The log cannot be read')).toBeVisible();
  await judge(page, 'failing-light-en-wide');
});

test('a long log: progress and cancel, a part of the time line, and how it looks', async ({ start, scratch }) => {
  test.setTimeout(240_000);
  const { vault } = await provisionSample(scratch);
  const file = path.join(scratch, 'mosquitto.log');
  const written = await writeLog(file, 40e6);
  const { page, app } = await start({ vault, size: narrow });
  await vaultPage(page).unlock();
  await page.getByRole('link', { name: 'Broker log' }).click();
  await openFiles(app, [file]);
  await page.getByRole('button', { name: 'Open log…' }).click();
  await expect(page.getByRole('progressbar', { name: 'Reading the log' })).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByText('Drop the broker’s log here')).toBeVisible();

  await page.getByRole('button', { name: 'Open log…' }).click();
  const line = page.getByRole('region', { name: 'Time line' });
  const format = new Intl.NumberFormat('en-GB');
  await expect(line.getByRole('listitem').filter({ hasText: 'connected' })).toContainText(format.format(written.connected), {
    timeout: 60_000,
  });
  await expect(line.getByRole('listitem').filter({ hasText: 'refused' })).toContainText(format.format(written.refused));
  await judge(page, 'long-light-en-narrow');

  // by keyboard: the last two cells
  const slider = line.getByRole('slider');
  await slider.focus();
  await slider.press('End');
  await slider.press('Shift+ArrowLeft');
  await expect(line.getByRole('button', { name: 'Show only this' })).toBeVisible();
  await slider.press('Enter');
  await expect(line.getByRole('button', { name: 'Show the whole log' })).toBeVisible({ timeout: 60_000 });
  await expect(line.getByRole('listitem').filter({ hasText: 'connected' })).not.toContainText(format.format(written.connected));
  await line.getByRole('button', { name: 'Show the whole log' }).click();
  await expect(line.getByRole('listitem').filter({ hasText: 'connected' })).toContainText(format.format(written.connected), {
    timeout: 60_000,
  });

  // a search among all devices, by keyboard to the drawer
  await page.getByLabel('Search').fill('meter-0042');
  const rows = page.getByRole('grid', { name: 'Devices' }).getByRole('row');
  await expect(rows).toHaveCount(2);
  await rows.nth(1).focus();
  await page.keyboard.press('Enter');
  await expect(
    page
      .getByRole('dialog', { name: 'meter-0042' })
      .getByText(/as meter-0042/)
      .first(),
  ).toBeVisible({ timeout: 60_000 });
  await page.keyboard.press('Escape');
  await page.getByLabel('Search').fill('');

  await look(page, 'de', 'dark');
  await expect(page.getByRole('heading', { level: 1, name: 'Broker-Log' })).toBeVisible();
  await judge(page, 'long-dark-de-narrow');
  await page.getByRole('grid').scrollIntoViewIfNeeded();
  await judge(page, 'tables-dark-de-narrow');
  await page.getByRole('button', { name: 'Adressen', exact: false }).click();
  await page.getByText('Was als Alarm gilt').scrollIntoViewIfNeeded();
  await judge(page, 'addresses-dark-de-narrow');
  await look(page, 'es', 'light');
  await page.evaluate(() => document.querySelector('main')?.scrollTo(0, 0));
  await judge(page, 'long-light-es-narrow');
});
