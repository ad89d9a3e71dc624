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
async function standing(bundle: string, port: number): Promise<'accepted' | 'refused'> {
  const file = (name: string) => path.join(bundle, name);
  const id = path.basename(bundle);
  const tls = ['--cafile', file('ca.crt'), '--cert', file('client.crt'), '--key', file('client.key')];
  const args = ['-h', 'localhost', '-p', String(port), ...tls, '-V', 'mqttv5', '-q', '1', '-t', `lab/energy/${id}`, '-m', '1'];
  return run('mosquitto_pub', args).then(
    () => 'accepted',
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
    await expect(page.getByText(/job finished|jobs finished|re-keyed/i).first()).toBeVisible({ timeout: 30_000 });
    await page.keyboard.press('Escape');
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
