import { execFile } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { freePort, startMosquitto } from '../electron/broker/testing/mosquitto.ts';
import { readmeBlocks, readmeCommands, runAsReadmeSays } from '../electron/broker/testing/readme-commands.ts';
import { expect, test } from './fixtures/app.ts';
import { standing } from './fixtures/lab.ts';
import { judge } from './fixtures/looks.ts';
import { exportPage } from './screens/export-page.ts';
import { vaultPage } from './screens/vault-page.ts';
import { wizardPage } from './screens/wizard-page.ts';

const run = promisify(execFile);
const folder = 'screens';

/** Every file below a folder, with its path in it. */
const filesIn = (top: string) => readdirSync(top, { recursive: true }).map(String);

test('somebody else runs the broker: no key of it on the stick, their request is signed, and devices reach the real broker', async ({
  start,
  scratch,
}) => {
  test.setTimeout(300_000);
  chmodSync(scratch, 0o755);
  const at = (name: string) => path.join(scratch, name);
  for (const name of ['first', 'second', 'theirs']) mkdirSync(at(name));
  const port = await freePort();
  const running = await start();
  const { app, page } = running;
  const choose = (picked: string) =>
    app.evaluate(({ dialog }, chosen) => {
      dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [chosen] });
    }, picked);
  await choose(at('first'));
  await vaultPage(page).create();
  const main = page.getByRole('main');
  const wizard = wizardPage(page);
  await wizard.open();
  await wizard.name.fill('lab');
  await wizard.next('authority');
  await wizard.next('broker');
  await wizard.addName('localhost');
  await wizard.port.fill(String(port));
  await wizard.folders({ directory: at('etc/mosquitto'), data: at('lib'), log: at('log') });
  await expect(main.getByRole('radio', { name: /We do/ })).toBeChecked();
  await main.getByRole('radio', { name: /they send a request/ }).check();
  await judge(running, 'wizard-broker-theirs', folder);
  await wizard.next('devices');
  await wizard.devices.fill('meter-001');
  await wizard.next('access');
  await wizard.next('check');
  await expect(main.getByText('their request is awaited').first()).toBeVisible();
  await judge(running, 'wizard-check-theirs', folder);
  await wizard.issue(1);
  await expect(wizard.heading('Put it on a stick')).toBeVisible({ timeout: 30_000 });
  await expect(main.getByText('The broker’s kit comes later')).toBeVisible();
  await judge(running, 'wizard-export-theirs', folder);
  await wizard.chooseFolder.click();
  await wizard.export.click();
  await expect(wizard.written).toBeVisible({ timeout: 30_000 });
  const first = filesIn(at('first/lab'));
  expect(first).toContain('devices/meter-001/client.key');
  expect(first.filter((name) => /^broker|server\.(key|crt)/.test(name))).toEqual([]);

  // what is still to do, with the very line for whoever runs the broker
  await main.getByRole('button', { name: /^(Done|Continue|Go on)$/ }).click();
  await expect(main.getByText('Devices cannot connect yet')).toBeVisible();
  await judge(running, 'wizard-done-theirs', folder);
  const line = (await main.locator('pre, code').first().innerText()).trim();
  expect(line).toMatch(/^openssl req -new /);
  await run('sh', ['-eu', '-c', line], { cwd: at('theirs') });
  await main.getByRole('link', { name: 'Sign their request' }).click();
  const panel = page.getByRole('region', { name: 'Key and certificate' });
  await expect(panel.getByText('Devices cannot connect yet')).toBeVisible();
  await judge(running, 'broker-awaited', folder);
  await page
    .getByRole('link', { name: /^Overview/ })
    .first()
    .click();
  await expect(page.getByText('The broker still waits for its certificate')).toBeVisible();
  await page.getByRole('main').getByRole('link', { name: 'To the Broker page' }).click();
  await panel.getByRole('button', { name: 'Open their request…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('input[type=file]').setInputFiles(at('theirs/broker.csr'));
  await dialog.getByRole('button', { name: 'Issue the certificate' }).click();
  await expect(panel.getByText('Whoever runs the broker made the key', { exact: false })).toBeVisible();
  await expect(panel.getByText('Devices cannot connect yet')).toHaveCount(0);

  await exportPage(app, page).toFolder(at('second'));
  const kit = at('second/lab/broker');
  expect(existsSync(path.join(kit, 'certs/server.key'))).toBe(false);
  const readme = readFileSync(path.join(kit, 'README.txt'), 'utf8');
  await runAsReadmeSays(readmeCommands(readme), kit, scratch);
  copyFileSync(at('theirs/server.key'), at('etc/mosquitto/certs/server.key'));
  const key = readmeBlocks(readme).find(({ title }) => title === 'The key of the broker');
  await runAsReadmeSays(key?.commands.join('\n') ?? 'exit 1', kit, scratch);
  const broker = await startMosquitto(at('etc/mosquitto/mosquitto.conf'));
  try {
    // the bundle of the first stick, which was carried to the device long before
    expect(await standing(at('first/lab/devices/meter-001'), port)).toBe('accepted');
  } finally {
    await broker.stop();
  }
});

test('a broker with a certificate of a company: it is taken first, and the bundles trust its authority', async ({
  start,
  scratch,
}) => {
  test.setTimeout(300_000);
  const at = (name: string) => path.join(scratch, name);
  const openssl = (args: string, ...more: string[]) => run('openssl', [...args.split(' '), ...more], { cwd: scratch });
  const running = await start();
  const { app, page } = running;
  await vaultPage(page).create();
  const main = page.getByRole('main');
  const wizard = wizardPage(page);
  await wizard.open();
  await wizard.name.fill('lab');
  await wizard.next('authority');
  await wizard.next('broker');
  await wizard.addName('broker.local');
  await main.getByRole('radio', { name: /they have a certificate already/ }).check();
  await wizard.next('devices');
  await wizard.next('access');
  await wizard.next('check');
  await wizard.issue(3);
  // no export before it is known who issued the certificate
  await expect(wizard.heading('lab is set up')).toBeVisible({ timeout: 30_000 });
  await judge(running, 'wizard-done-given', folder);
  await main.getByRole('link', { name: 'Take their certificate' }).click();
  const ec = '-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes';
  await openssl(`req -x509 ${ec} -keyout root.key -out root.crt -days 900`, '-subj', '/O=Corp/CN=Corp Root');
  writeFileSync(at('ext'), 'subjectAltName=DNS:broker.local\nextendedKeyUsage=serverAuth\n');
  await openssl(`req ${ec} -keyout theirs.key -out theirs.csr -subj /CN=broker.local`);
  await openssl('x509 -req -in theirs.csr -CA root.crt -CAkey root.key -days 90 -extfile ext -out theirs.crt');
  const panel = page.getByRole('region', { name: 'Key and certificate' });
  await panel.getByRole('button', { name: 'Take their certificate…' }).click();
  const dialog = page.getByRole('dialog', { name: 'The certificate that their broker has' });
  await dialog.locator('input[type=file]').setInputFiles([at('theirs.crt'), at('root.crt')]);
  await dialog.getByRole('button', { name: 'Use this certificate' }).click();
  await expect(panel.getByText('The certificate was issued by CN=Corp Root', { exact: false })).toBeVisible();
  await judge(running, 'broker-given', folder);
  mkdirSync(at('stick'));
  await exportPage(app, page).toFolder(at('stick'));
  expect(filesIn(at('stick/lab')).filter((name) => name.endsWith('server.key'))).toEqual([]);
  await openssl('verify -CAfile', at('stick/lab/devices/meter-001/ca.crt'), at('stick/lab/broker/certs/server.crt'));
});
