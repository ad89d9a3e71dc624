import { execFile } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Page } from '@playwright/test';
import { freePort, type RunningMosquitto, startMosquitto } from '../electron/broker/testing/mosquitto.ts';
import { readmeCommands, runAsReadmeSays } from '../electron/broker/testing/readme-commands.ts';
import { expect, test } from './fixtures/app.ts';
import { provisionSample } from './fixtures/cli.ts';
import { vaultPage } from './screens/vault-page.ts';

const run = promisify(execFile);

/** What a device is for the broker: accepted with the bundle in this folder, or refused. */
async function standing(bundle: string, port: number, host = 'localhost', topic?: string): Promise<'accepted' | 'refused'> {
  const file = (name: string) => path.join(bundle, name);
  const id = path.basename(bundle);
  const tls = ['--cafile', file('ca.crt'), '--cert', file('client.crt'), '--key', file('client.key')];
  const args = ['-h', host, '-p', String(port), ...tls, '-V', 'mqttv5', '-q', '1', '-t', topic ?? `lab/energy/${id}`, '-m', '1'];
  // refused at the wrong moment, mosquitto_pub waits for its acknowledgement for ever: accepted is only who gets one
  return run('mosquitto_pub', args, { timeout: 10_000 }).then(
    // a topic that is not allowed is told as a warning only
    ({ stdout, stderr }) => (/not authorized/i.test(stdout + stderr) ? 'refused' : 'accepted'),
    () => 'refused',
  );
}

test('replace and lost stick: done in the window, judged by the broker before and after', async ({ start, scratch }) => {
  test.setTimeout(180_000);
  chmodSync(scratch, 0o755);
  const port = await freePort();
  const folders = {
    directory: path.join(scratch, 'etc/mosquitto'),
    data: path.join(scratch, 'lib'),
    log: path.join(scratch, 'log'),
  };
  const { vault, folder } = await provisionSample(scratch, {
    broker: { names: ['localhost'], addresses: ['127.0.0.1'], port, ...folders },
    devices: [{ pattern: 'meter-{001..004}' }, { id: 'dash-1', role: 'dashboard' }],
  });
  let broker: RunningMosquitto | undefined;
  /** As the operator does it: the lines of the kit's README, and a restart. */
  const install = async (kit: string) => {
    await broker?.stop();
    await runAsReadmeSays(readmeCommands(readFileSync(path.join(kit, 'README.txt'), 'utf8')), kit, scratch);
    broker = await startMosquitto(path.join(folders.directory, 'mosquitto.conf'));
  };
  const { app, page } = await start({ vault });
  const exportTo = async (name: string) => {
    const target = path.join(scratch, name);
    mkdirSync(target);
    await app.evaluate(({ dialog }, chosen) => {
      dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [chosen] });
    }, target);
    await exportPage(page);
    return path.join(target, 'lab');
  };
  try {
    await install(path.join(folder, 'broker'));
    const old = path.join(scratch, 'found');
    cpSync(path.join(folder, 'devices'), old, { recursive: true });
    for (const id of ['meter-001', 'meter-002']) expect(await standing(path.join(old, id), port), id).toBe('accepted');
    await vaultPage(page).unlock();

    // one meter is replaced: its old certificate is out, the others go on
    await page.getByRole('link', { name: 'Devices', exact: true }).click();
    await page.getByText('meter-001').first().click();
    await page.getByRole('dialog', { name: 'Device meter-001' }).getByRole('button', { name: 'Replace…' }).click();
    const replace = page.getByRole('dialog', { name: 'Replace meter-001?' });
    await expect(replace.getByText(/is revoked; a new key and a new certificate are issued under the same name/)).toBeVisible();
    await replace.getByRole('button', { name: 'Replace meter-001' }).click();
    await expect(page.getByText('1 device replaced').first()).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog', { name: 'Replace meter-001?' })).toBeHidden();
    const second = await exportTo('second');
    await install(path.join(second, 'broker'));
    expect(await standing(path.join(old, 'meter-001'), port)).toBe('refused');
    expect(await standing(path.join(second, 'devices/meter-001'), port)).toBe('accepted');
    expect(await standing(path.join(old, 'meter-002'), port)).toBe('accepted');

    // the stick with the second export is lost: nothing that was on it is accepted any more
    await page.getByRole('link', { name: 'Overview', exact: true }).click();
    await page.getByRole('button', { name: /^Re-key what was on it….*second/ }).click();
    const rekey = page.getByRole('dialog', { name: /^Re-key what was on/ });
    await rekey.getByRole('button', { name: /^Re-key \d+ devices/ }).click();
    await expect(rekey.getByText(/^\d+ devices re-keyed$/)).toBeVisible({ timeout: 30_000 });
    await page.keyboard.press('Escape');
    await expect(rekey).toBeHidden();
    const third = await exportTo('third');
    await install(path.join(third, 'broker'));
    for (const id of ['meter-001', 'meter-002', 'meter-004']) {
      expect(await standing(path.join(second, 'devices', id), port), id).toBe('refused');
      expect(await standing(path.join(third, 'devices', id), port), id).toBe('accepted');
    }
  } finally {
    await broker?.stop();
  }
});

test('devices added, a name and a topic changed: the window says what to copy, and the broker agrees', async ({
  start,
  scratch,
}) => {
  test.setTimeout(120_000);
  chmodSync(scratch, 0o755);
  const port = await freePort();
  const folders = {
    directory: path.join(scratch, 'etc/mosquitto'),
    data: path.join(scratch, 'lib'),
    log: path.join(scratch, 'log'),
  };
  const { vault, folder } = await provisionSample(scratch, {
    broker: { names: ['mqtt.lab.example'], addresses: ['127.0.0.1'], port, ...folders },
    devices: [{ id: 'meter-001' }],
    access: [{ role: 'device', write: ['{project}/energy/{device}'], read: ['{project}/commands/{device}'] }],
  });
  const readme = (kit: string) => readmeCommands(readFileSync(path.join(kit, 'README.txt'), 'utf8'));
  await runAsReadmeSays(readme(path.join(folder, 'broker')), path.join(folder, 'broker'), scratch);
  let broker = await startMosquitto(path.join(folders.directory, 'mosquitto.conf'));
  const { app, page } = await start({ vault });
  await app.evaluate(
    ({ dialog }, chosen) => {
      dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [chosen] });
    },
    path.join(scratch, 'stick'),
  );
  try {
    await vaultPage(page).unlock();
    // two more meters: nothing to copy to the broker, and it takes them at once
    await page.getByRole('link', { name: 'Devices', exact: true }).click();
    await page.getByRole('button', { name: 'Add devices' }).click();
    const add = page.getByRole('dialog', { name: 'Add devices' });
    await add.getByLabel('Devices, one a line').fill('meter-002\nmeter-003');
    await add.getByRole('button', { name: 'Issue 2 certificates' }).click();
    await expect(add.getByText('2 devices added')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(add).toBeHidden();
    await page.getByRole('link', { name: 'Overview', exact: true }).click();
    await exportPage(page);
    // the certificate does not know this name yet
    expect(await standing(path.join(folder, 'devices/meter-002'), port)).toBe('refused');
    expect(await standing(path.join(folder, 'devices/meter-002'), port, '127.0.0.1')).toBe('accepted');

    await page.getByRole('link', { name: 'Broker', exact: true }).click();
    const names = page.getByRole('main').getByLabel('Names', { exact: true });
    await names.fill('localhost');
    await names.press('Enter');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await expect(page.getByRole('status').filter({ hasText: 'certs/server.crt' })).toBeVisible({ timeout: 20_000 });
    const topics = page.getByRole('main').getByLabel('Device may write', { exact: true });
    await topics.fill('{project}/alarm/{device}');
    await topics.press('Enter');
    await page.getByRole('button', { name: 'Save access rules' }).click();
    await expect(page.getByRole('status').getByText('acl', { exact: true })).toBeVisible();
    expect(await standing(path.join(folder, 'devices/meter-001'), port, '127.0.0.1', 'lab/alarm/meter-001')).toBe('refused');

    await exportPage(page);
    await broker.stop();
    await runAsReadmeSays(readme(path.join(folder, 'broker')), path.join(folder, 'broker'), scratch);
    broker = await startMosquitto(path.join(folders.directory, 'mosquitto.conf'));
    expect(await standing(path.join(folder, 'devices/meter-001'), port, 'localhost', 'lab/alarm/meter-001')).toBe('accepted');
    expect(await standing(path.join(folder, 'devices/meter-003'), port, 'localhost')).toBe('accepted');
  } finally {
    await broker.stop();
  }
});

/** Exports everything to the folder that the dialog gives. */
async function exportPage(page: Page): Promise<void> {
  await page.evaluate(() => {
    location.hash = '#/export';
  });
  const main = page.getByRole('main');
  const again = main.getByRole('button', { name: 'Export once more' });
  if (await again.isVisible().catch(() => false)) await again.click();
  await main.getByRole('button', { name: 'Choose a folder…' }).click();
  await main.getByRole('button', { name: /^Export to / }).click();
  await expect(main.getByText('Written and read back')).toBeVisible({ timeout: 30_000 });
}
