import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import type { Bridge } from '../shared/bridge.ts';
import { expect, root, test } from './fixtures/app.ts';
import { expectAccessible } from './fixtures/axe.ts';
import { provisionSample } from './fixtures/cli.ts';
import { vaultPage } from './screens/vault-page.ts';

const pictures = path.join(root, 'test-results/broker-software');

async function judge(page: Page, name: string): Promise<void> {
  mkdirSync(pictures, { recursive: true });
  await page.waitForTimeout(250);
  await page.screenshot({ path: path.join(pictures, `${name}.png`), caret: 'hide' });
  await expectAccessible(page, name);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(overflow, `${name} scrolls sideways`).toBeLessThanOrEqual(0);
}

test('RabbitMQ and EMQX: the same questions, what they cannot be is said, and the files follow', async ({ start, scratch }) => {
  const { vault } = await provisionSample(scratch);
  const { page, app } = await start({ vault, size: { width: 1280, height: 800 } });
  await vaultPage(page).unlock();
  await page.getByRole('link', { name: 'Broker', exact: true }).click();
  const form = page.getByRole('region', { name: 'Where devices find it' });
  const files = page.getByRole('region', { name: 'Files of the kit' });
  const file = (name: string) => files.getByRole('button', { name: new RegExp(`^${name.replaceAll('.', '\\.')}`) });
  const save = form.getByRole('button', { name: 'Save changes' });

  await form.getByLabel('Software').selectOption('rabbitmq-3');
  await form.getByText('How it is installed').click();
  await form.getByLabel('The kit is for').selectOption('drop-in');
  await expect(form.getByText('Debian’s rabbitmq.conf stays as it is', { exact: false })).toBeVisible();
  await form.getByText('How clients prove who they are').click();
  await form.getByLabel('Clients show').selectOption('certificate-password');
  await form.getByText('Limits', { exact: true }).click();
  await form.getByLabel('New connections from one address', { exact: false }).fill('20');
  await form.getByText('Encryption', { exact: true }).click();
  await form.getByLabel('Ciphers for TLS 1.2').selectOption('own');
  await form.getByLabel('Cipher list').fill('ECDHE+AESGMC');
  await expect(form.getByText('RabbitMQ and EMQX do not know one of these words', { exact: false })).toBeVisible();
  await expect(save).toBeDisabled();
  await form.getByLabel('Cipher list').fill('ECDHE+AESGCM');
  await expect(file('90-fieldkey.conf')).toContainText('new');
  for (const name of ['advanced.config', 'definitions.json', 'haproxy.cfg']) await expect(file(name)).toContainText('new');
  await expect(file('mosquitto.conf')).toContainText('no longer');
  await file('advanced.config').click();
  await expect(files.getByText('ECDHE-ECDSA-AES256-GCM-SHA384', { exact: false })).toBeVisible();
  await form.scrollIntoViewIfNeeded();
  await judge(page, 'rabbitmq-light-en-wide');
  await save.click();
  await expect(page.getByRole('status').filter({ hasText: '90-fieldkey.conf' })).toBeVisible();
  await expect(
    page.getByRole('region', { name: 'Users and passwords' }).getByText('have a password', { exact: false }),
  ).toBeVisible();

  await file('definitions.json').click();
  await expect(files.getByText('Hashes of passwords stand here as “…”.')).toBeVisible();
  await expect(files.getByText('"password_hash":"…"', { exact: false })).toBeVisible();
  await expectAccessible(page, 'a file without its hashes');

  // EMQX has no part of a configuration: that becomes a whole one, with the folders of its package
  await form.getByLabel('Software').selectOption('emqx-5');
  await expect(form.getByText('EMQX reads no folder of configuration pieces', { exact: false })).toBeVisible();
  await expect(form.getByText('This kit was never run with EMQX.', { exact: false })).toBeVisible();
  await expect(form.getByText('/etc/emqx', { exact: true })).toBeVisible();
  await form.getByLabel('The kit is for').selectOption('container');
  await expect(form.getByText('/opt/emqx', { exact: true })).toBeVisible();
  await expect(file('users.csv')).toContainText('new');
  await expect(file('docker-compose.yml')).toContainText('new');
  await judge(page, 'emqx-light-en-wide');
  await save.click();
  await expect(page.getByRole('status').filter({ hasText: 'docker-compose.yml' })).toBeVisible();

  await page.evaluate(async () => {
    const { fieldkey } = globalThis as unknown as { fieldkey: Bridge };
    await fieldkey.call('settings.change', { language: 'de', theme: 'dark' });
  });
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(1024, 768));
  await expect(page.getByText('EMQX liest keinen Ordner mit Konfigurationsteilen', { exact: false })).toBeVisible();
  await page.getByText('EMQX liest keinen Ordner mit Konfigurationsteilen', { exact: false }).scrollIntoViewIfNeeded();
  await judge(page, 'emqx-dark-de-narrow');
});
