import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from '@playwright/test';
import { expect, test } from './fixtures/app.ts';
import { cli, provisionSample } from './fixtures/cli.ts';
import { judge } from './fixtures/looks.ts';
import { deviceActs } from './screens/device-acts.ts';
import { vaultPage } from './screens/vault-page.ts';

const passphrase = 'a key for cold storage';

/** The only authority is kept elsewhere: each page that issues asks for its key, for this once. */
test('renews, adds and changes the broker with a key that is brought for each act', async ({ start, scratch }) => {
  test.setTimeout(300_000);
  const { vault } = await provisionSample(scratch, { devices: [{ pattern: 'meter-{001..003}' }] });
  const keys = path.join(scratch, 'keys');
  mkdirSync(keys);
  process.env['FIELDKEY_AUTHORITY_PASSPHRASE'] = passphrase;
  await cli('authority', 'offline', 'lab', '--vault', vault, '--out', keys);
  const key = path.join(keys, readdirSync(keys)[0] ?? '');
  const running = await start({ vault });
  const { page, close } = running;
  await vaultPage(page).unlock();
  const asked = (where: Locator) => where.getByRole('region', { name: /^The key of .* Root CA is kept elsewhere$/ });
  const bring = async (where: Locator) => {
    await asked(where).locator('input[type=file]').setInputFiles(key);
    await asked(where).getByLabel('Passphrase of the key file', { exact: true }).fill(passphrase);
  };

  const acts = deviceActs(page);
  await acts.open('meter-001');
  const renew = await acts.choose('meter-001', 'Renew…');
  const deed = renew.getByRole('button', { name: 'Renew meter-001' });
  await expect(asked(renew)).toBeVisible();
  await expect(deed).toBeDisabled();
  await judge(running, 'key-renew', 'screens');
  await asked(renew).locator('input[type=file]').setInputFiles(key);
  await asked(renew).getByLabel('Passphrase of the key file', { exact: true }).fill('another one');
  await deed.click();
  await expect(renew.getByText('This passphrase does not open the key file')).toBeVisible({ timeout: 30_000 });
  await bring(renew);
  await deed.click();
  await expect(renew.getByText('1 certificate issued')).toBeVisible({ timeout: 30_000 });
  await renew.getByRole('button', { name: 'Close' }).last().click();
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Add devices' }).click();
  const add = page.getByRole('dialog', { name: 'Add devices' });
  await add.getByLabel('Devices, one a line').fill('meter-004');
  await bring(add);
  await judge(running, 'key-add', 'screens');
  await add.getByRole('button', { name: 'Issue 1 certificate' }).click();
  await expect(add.getByText('1 device added')).toBeVisible({ timeout: 30_000 });
  await page.keyboard.press('Escape');

  await page.getByRole('link', { name: 'Broker', exact: true }).click();
  const form = page.getByRole('region', { name: 'Where devices find it' });
  await expect(form).toBeVisible();
  await expect(asked(page.locator('main'))).toHaveCount(0);
  const name = form.getByPlaceholder('add a name');
  await name.fill('mqtt.other.example');
  await name.press('Enter');
  await bring(form);
  await judge(running, 'key-broker', 'screens');
  await form.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'certs/server.crt' })).toBeVisible({ timeout: 30_000 });
  await expect(asked(page.locator('main'))).toHaveCount(0);
  await close();
  // the key stayed away
  const { authorities } = JSON.parse(await cli('authority', 'list', 'lab', '--vault', vault, '--json'));
  expect(authorities).toMatchObject([{ keyHere: false }]);
  const { verification } = JSON.parse(await cli('verify', '--vault', vault, '--json'));
  expect(verification).toMatchObject({ sound: true });
});
