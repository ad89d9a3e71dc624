import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Page } from '@playwright/test';
import { freePort, mosquittoUser, type RunningMosquitto, startMosquitto } from '../electron/broker/testing/mosquitto.ts';
import { canChown, readmeCommands, runAsReadmeSays } from '../electron/broker/testing/readme-commands.ts';
import { expect, secretsThatLeft, test } from './fixtures/app.ts';
import { vaultPage } from './screens/vault-page.ts';
import { wizardPage } from './screens/wizard-page.ts';

const run = promisify(execFile);

/** A pane of the test page. */
const pane = (page: Page, who: string) => {
  const region = page.getByRole('region', { name: who, exact: true });
  return {
    region,
    connect: region.getByRole('button', { name: `Connect ${who}` }),
    standing: (standing: string) => expect(region).toHaveAttribute('data-standing', standing),
    subscribe: async (filter: string) => {
      await region.getByLabel('Topic filter').fill(filter);
      await region.getByRole('button', { name: 'Subscribe', exact: true }).click();
      await expect(region.getByRole('list', { name: 'Subscribed topics' })).toContainText(filter);
    },
    publish: async (topic: string, payload: string) => {
      await region.getByLabel('Topic', { exact: true }).fill(topic);
      await region.getByLabel('Payload').fill(payload);
      await region.getByRole('button', { name: 'Publish', exact: true }).click();
    },
    messages: region.getByRole('listbox', { name: `Messages of ${who}` }),
  };
};

test('the whole job in the window: wizard, export, a real Mosquitto, the tester', async ({ start, scratch }) => {
  chmodSync(scratch, 0o755);
  const stick = path.join(scratch, 'stick');
  mkdirSync(stick);
  const port = await freePort();
  const { app, page } = await start();
  // the system's own dialog cannot be driven; everything around it is real
  await app.evaluate(({ dialog }, folder) => {
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [folder] });
  }, stick);
  await vaultPage(page).create();

  const wizard = wizardPage(page);
  await wizard.open();
  await wizard.name.fill('plant');
  await wizard.next('authority');
  await wizard.next('broker');
  await wizard.addName('localhost');
  await wizard.addAddress('127.0.0.1');
  await wizard.port.fill(String(port));
  await wizard.folders({
    directory: path.join(scratch, 'etc/mosquitto'),
    data: path.join(scratch, 'lib'),
    log: path.join(scratch, 'log'),
  });
  await wizard.next('devices');
  await wizard.devices.fill('meter-{001..003}\ndash-1 dashboard');
  await wizard.next('access');
  await wizard.next('check');
  await wizard.issue(4);
  await expect(wizard.heading('Put it on a stick')).toBeVisible({ timeout: 30_000 });
  await wizard.chooseFolder.click();
  await wizard.export.click();
  await expect(wizard.written).toBeVisible({ timeout: 30_000 });

  const kit = path.join(stick, 'plant/broker');
  await runAsReadmeSays(readmeCommands(readFileSync(path.join(kit, 'README.txt'), 'utf8')), kit, scratch);
  const broker = await startMosquitto(path.join(scratch, 'etc/mosquitto/mosquitto.conf'));
  const started: ChildProcess[] = [];
  try {
    if (canChown) expect(await broker.uid()).toBe((await mosquittoUser()).uid);
    await observeAndTakeOver(page, broker, path.join(stick, 'plant/devices'), port, started);
    // the fixture looks at every answer and event of every test; here that it has really seen some
    expect((await secretsThatLeft(app)).recorded).toBeGreaterThan(20);
  } finally {
    for (const child of started) child.kill('SIGKILL');
    await broker.stop();
  }
});

async function observeAndTakeOver(
  page: Page,
  broker: RunningMosquitto,
  devices: string,
  port: number,
  started: ChildProcess[],
): Promise<void> {
  const files = (id: string) =>
    ['cafile', 'cert', 'key'].flatMap((option, i) => [
      `--${option}`,
      path.join(devices, id, ['ca.crt', 'client.crt', 'client.key'][i] ?? ''),
    ]);
  const common = (id: string) => ['-h', 'localhost', '-p', String(port), ...files(id), '-V', 'mqttv5', '-q', '1'];
  await page.getByRole('link', { name: 'Test', exact: true }).click();
  await page
    .getByRole('combobox', { name: 'Name or address' })
    .or(page.getByLabel('Name or address'))
    .first()
    .selectOption('localhost');
  const observer = pane(page, 'Observer');
  await observer.connect.click();
  await observer.standing('connected');
  await observer.subscribe('plant/#');

  // the real meter stays connected: it publishes what it is told line by line
  const meter = spawn('mosquitto_pub', [...common('meter-001'), '-i', 'meter-001', '-t', 'plant/energy/meter-001', '-l'], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  started.push(meter);
  meter.stdin.write('{"power":42}\n');
  await expect(observer.messages).toContainText('{"power":42}');
  meter.stdin.write('{"power":43}\n');
  await expect(observer.messages).toContainText('{"power":43}');
  expect(meter.exitCode).toBeNull();
  expect(await broker.log()).not.toContain('already connected');

  // a topic that is not allowed is refused and does not arrive
  await run('mosquitto_pub', [...common('meter-002'), '-t', 'plant/energy/meter-001', '-m', 'not-mine']).catch(() => undefined);
  await observer.publish('plant/energy/meter-001', 'forged too');
  await expect(observer.region.getByText(/not allowed by the access rules/)).toBeVisible();
  await expect(observer.messages).not.toContainText('not-mine');
  // what was refused is in the list as sent, and never as received
  await expect(observer.messages.getByRole('option').filter({ hasText: 'forged too' })).toHaveCount(1);

  // testing as the meter warns first, then throws it out
  await page.getByRole('button', { name: 'Connect as device…' }).click();
  await page.getByRole('dialog', { name: 'Connect as which device?' }).getByText('meter-001').click();
  const warning = page.getByRole('dialog', { name: 'Take the place of meter-001?' });
  await expect(warning.getByText('meter-001 will be disconnected')).toBeVisible();
  expect(await broker.log()).not.toContain('already connected');
  // held, so that it is thrown out as it is, but does not try again a second later and take its place back
  meter.kill('SIGSTOP');
  await warning.getByRole('button', { name: 'Take over meter-001' }).click();
  const device = pane(page, 'meter-001');
  await device.standing('connected');
  await expect.poll(() => broker.log()).toContain('Client meter-001 already connected');
  await device.publish('plant/energy/meter-001', '{"power":44}');
  await expect(observer.messages).toContainText('{"power":44}');
  await observer.publish('plant/commands/meter-001', 'on');
  await device.subscribe('plant/commands/meter-001');
  await observer.publish('plant/commands/meter-001', 'off');
  await expect(device.messages).toContainText('off');
}
