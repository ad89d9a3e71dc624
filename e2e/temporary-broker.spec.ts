import { execFile, spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../electron/broker/testing/mosquitto.ts';
import { expect, test } from './fixtures/app.ts';
import { provisionSample } from './fixtures/cli.ts';
import { tlsFiles } from './fixtures/lab.ts';
import { brokerProcesses, practicePage } from './screens/practice-page.ts';
import { vaultPage } from './screens/vault-page.ts';

const topic = 'lab/energy/meter-001';

const run = promisify(execFile);

/** What mosquitto_pub finds with the files of a bundle, and perhaps another authority's certificate to trust. */
function standing(bundle: string, port: number, ca = path.join(bundle, 'ca.crt')): Promise<'accepted' | 'refused'> {
  const files = [...tlsFiles(bundle), '--cafile', ca];
  const args = ['-h', 'localhost', '-p', String(port), ...files, '-V', 'mqttv311', '-q', '1', '-t', topic, '-m', '1'];
  return run('mosquitto_pub', args, { timeout: 10_000 }).then(
    () => 'accepted',
    () => 'refused',
  );
}

/** mosquitto_sub as a device; gives its first line. */
function firstMessage(bundle: string, port: number): { line: Promise<string>; ready: Promise<void>; end: () => void } {
  const args = [
    '-h',
    'localhost',
    '-p',
    String(port),
    ...tlsFiles(bundle),
    '-V',
    'mqttv311',
    '-q',
    '1',
    '-t',
    'lab/#',
    '-v',
    '-d',
  ];
  // it would keep its lines until there are many
  const child = spawn('stdbuf', ['-oL', 'mosquitto_sub', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  const waitFor = (part: RegExp) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        const found = part.exec(text);
        if (found) resolve(found[0]);
      };
      child.stdout.on('data', look);
      child.once('exit', () => reject(new Error(`mosquitto_sub ended: ${text}`)));
      look();
    });
  child.stdout.on('data', (part) => {
    text += part;
  });
  const ready = waitFor(/SUBACK/).then(() => undefined);
  const line = waitFor(/^lab\/energy.*$/m);
  // a test that fails before must not leave a rejection behind
  line.catch(() => undefined);
  return { line, ready, end: () => child.kill() };
}

test('a temporary broker serves real clients with exported bundles, refuses a stranger, and lives through a lock', async ({
  start,
  scratch,
}) => {
  const port = await freePort();
  const broker = { names: ['localhost'], addresses: ['127.0.0.1'], port, directory: '/etc/mosquitto' };
  const devices = [{ id: 'meter-001' }, { id: 'dashboard-1', role: 'dashboard' }];
  const { vault, folder } = await provisionSample(scratch, { devices, broker });
  const { page, app } = await start({ vault });
  await vaultPage(page).unlock();
  const practice = practicePage(page);
  await expect(page.getByText('lab Root CA').first()).toBeVisible();
  await practice.go('broker');
  const panel = page.getByRole('region', { name: 'Temporary broker on this computer' });
  const strip = page.getByRole('region', { name: 'Temporary broker', exact: true });
  await expect(panel.getByLabel('Port')).toHaveValue(String(port));

  // the port is taken
  await panel.getByLabel('Where it listens').selectOption('127.0.0.1');
  const blocker = createServer();
  await new Promise<void>((resolve) => blocker.listen(port, '127.0.0.1', resolve));
  await panel.getByRole('button', { name: 'Start the temporary broker' }).click();
  await expect(panel.getByText(`Port ${port} is taken`)).toBeVisible();
  await new Promise((resolve) => blocker.close(resolve));
  await panel.getByRole('button', { name: 'Start the temporary broker' }).click();
  await expect(strip).toContainText(`127.0.0.1:${port}`);

  // real clients, with the bundles of the export
  const bundle = (id: string) => path.join(folder, 'devices', id);
  const listener = firstMessage(bundle('dashboard-1'), port);
  await listener.ready;
  expect(await standing(bundle('meter-001'), port)).toBe('accepted');
  expect(await listener.line).toBe(`${topic} 1`);
  await expect(practice.connected).toContainText('dashboard-1');
  await expect(strip).toContainText('1 connected');

  // a project of the same name made by somebody else
  const other = path.join(scratch, 'other');
  mkdirSync(other);
  const { folder: foreign } = await provisionSample(other, { devices: [{ id: 'meter-001' }], broker });
  const stranger = path.join(foreign, 'devices/meter-001');
  expect(await standing(stranger, port, path.join(bundle('meter-001'), 'ca.crt'))).toBe('refused');
  await expect(practice.refused).toContainText('an authority that this project does not trust');

  // locked: it goes on, says so without names, and takes up who comes
  await vaultPage(page).lock();
  await expect(vaultPage(page).unlockTitle).toBeVisible();
  await expect(strip).toContainText('1 connected');
  await expect(page.getByText('dashboard-1')).toHaveCount(0);
  expect(await standing(bundle('meter-001'), port)).toBe('accepted');
  await vaultPage(page).unlock();
  await expect(vaultPage(page).unlocked).toBeVisible();

  // revoked in the project: refused by the running broker, without anybody doing more
  await practice.go('devices');
  await page.getByText('meter-001').first().click();
  await practice.replace('meter-001');
  await practice.go('broker');
  await expect.poll(() => standing(bundle('meter-001'), port)).toBe('refused');
  await expect(practice.refused).toContainText('stands on the revocation list');

  // an address that its certificate does not name
  await practice.go('overview');
  await expect(strip).toBeVisible();
  await strip.getByRole('button', { name: 'Stop it' }).click();
  await expect(strip).toBeHidden();
  await expect.poll(() => brokerProcesses(app)).toEqual([]);
  await practice.go('broker');
  const addresses = await panel
    .getByLabel('Where it listens')
    .locator('option')
    .evaluateAll((all) => all.map((o) => (o as HTMLOptionElement).value));
  const strange = addresses.find((address) => !['0.0.0.0', '127.0.0.1'].includes(address));
  if (strange) {
    await panel.getByLabel('Where it listens').selectOption(strange);
    await expect(panel).toContainText(`Devices will refuse this broker at ${strange}`);
    await panel.getByRole('button', { name: 'Issue a certificate with this address' }).click();
    await expect(panel).not.toContainText('Devices will refuse');
    await panel.getByRole('button', { name: 'Start the temporary broker' }).click();
    await expect(strip).toContainText(String(port));
    await strip.getByRole('button', { name: 'Stop it' }).click();
    await expect(strip).toBeHidden();
  }
  listener.end();
  await vaultPage(page).lock();
  await expect(vaultPage(page).unlockTitle).toBeVisible();
  // the names of acts stand in clear in the file
  const stored = readFileSync(vault, 'latin1');
  for (const act of ['broker.open', 'broker.close']) expect(stored).toContain(act);
});

test('quitting ends the temporary broker and frees its port', async ({ start, scratch }) => {
  const port = await freePort();
  const broker = { names: ['localhost'], addresses: ['127.0.0.1'], port };
  const { vault } = await provisionSample(scratch, { devices: [{ id: 'meter-001' }], broker });
  const { page, app, close } = await start({ vault });
  await vaultPage(page).unlock();
  await expect(page.getByText('lab Root CA').first()).toBeVisible();
  await practicePage(page).go('broker');
  const panel = page.getByRole('region', { name: 'Temporary broker on this computer' });
  await panel.getByLabel('Where it listens').selectOption('127.0.0.1');
  await panel.getByRole('button', { name: 'Start the temporary broker' }).click();
  await expect(page.getByRole('region', { name: 'Temporary broker', exact: true })).toBeVisible();
  const [pid] = await brokerProcesses(app);
  await close();
  expect(() => process.kill(pid as number, 0)).toThrow();
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  server.close();
  expect(readFileSync(vault, 'latin1')).toContain('broker.close');
});
