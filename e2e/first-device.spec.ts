import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Page } from '@playwright/test';
import { makeBrokerTree } from '../electron/broker/testing/broker-tree.ts';
import { freePort, installedMosquitto, type RunningMosquitto, startMosquitto } from '../electron/broker/testing/mosquitto.ts';
import { standardDefaults } from '../shared/model/defaults.ts';
import { expect, passphrase, test } from './fixtures/app.ts';
import { expectAccessible } from './fixtures/axe.ts';
import { tlsFiles } from './fixtures/lab.ts';
import { vaultPage } from './screens/vault-page.ts';
import { wizardPage } from './screens/wizard-page.ts';

const run = promisify(execFile);

/** Installs an exported kit as its README says, on a machine in a folder, and starts the broker with it as it is. */
async function startKit(kit: string, scratch: string): Promise<RunningMosquitto> {
  const machine = path.join(scratch, 'machine');
  await makeBrokerTree(machine, installedMosquitto());
  await run('sh', ['install.sh'], { cwd: kit, env: { ...process.env, DESTDIR: machine } });
  return startMosquitto('/etc/mosquitto/mosquitto.conf', { root: machine });
}

/** Buttons and links that somebody has to find and press, in the order in which they were. */
function counting(page: Page): { readonly made: string[]; readonly decide: (name: string | RegExp) => Promise<void> } {
  const made: string[] = [];
  return {
    made,
    decide: async (name) => {
      made.push(String(name));
      await page.getByRole('button', { name }).or(page.getByRole('link', { name })).first().click();
    },
  };
}

test('the shortest way from the first start to a connected device: five decisions', async ({ start, scratch }) => {
  chmodSync(scratch, 0o755);
  const stick = path.join(scratch, 'stick');
  mkdirSync(stick);
  // the port of MQTT over TLS may be taken on the computer of a test; everything else is as it comes
  const port = await freePort();
  const { app, page } = await start({ settings: { defaults: { ...standardDefaults, port } } });
  // one folder to choose, as on a computer without a stick: the dialog is the system's and is answered for it
  await app.evaluate(({ dialog }, folder) => {
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [folder] });
  }, stick);
  const wizard = wizardPage(page);
  const begin = performance.now();
  const { made, decide } = counting(page);
  // typed: the passphrase twice, what the project is called, and where its broker is. The rest has answers that work
  await expect(page.getByLabel('Your name')).not.toHaveValue('');
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
  await page.getByLabel('Passphrase again').fill(passphrase);
  await decide('Create vault');
  await decide('Set up a project');
  await wizard.name.fill('lab');
  await decide('Straight to the check');
  await expect(wizard.heading('Check your answers')).toBeVisible();
  await wizard.where.fill('localhost');
  await decide('Issue 3 devices');
  await expect(wizard.heading('Put it on a stick')).toBeVisible({ timeout: 30_000 });
  // a drive that is plugged in here makes it two: choosing the folder, and exporting to it
  const single = page.getByRole('button', { name: 'Choose a folder and export…' });
  await expect(single.or(page.getByRole('main').getByRole('radio')).first()).toBeVisible();
  if ((await page.getByRole('main').getByRole('radio').count()) === 0) await decide('Choose a folder and export…');
  else {
    await wizard.chooseFolder.click();
    await decide(/^Export to/);
  }
  await expect(wizard.written).toBeVisible({ timeout: 30_000 });

  const broker = await startKit(path.join(stick, 'lab/broker'), scratch);
  try {
    const bundle = path.join(stick, 'lab/devices/meter-001');
    // connected with what stands in the bundle, and nothing that only this test knows
    const { url, client_id: id, publish } = JSON.parse(readFileSync(path.join(bundle, 'mqtt.json'), 'utf8'));
    const { hostname, port: at } = new URL(url);
    const to = ['-h', hostname, '-p', at, '-i', id, '-V', 'mqttv5', '-q', '1', '-t', publish.topic, '-m', '{"power":42}'];
    await run('mosquitto_pub', [...to, ...tlsFiles(bundle)], { timeout: 20_000 });
    await expect.poll(() => broker.log()).toMatch(/New client connected from \S+ as meter-001/);
    const seconds = (performance.now() - begin) / 1000;
    process.stdout.write(`first start to connected device: ${made.length} decisions, ${seconds.toFixed(1)} s of the program\n`);
    expect(made.length, made.join(', ')).toBeLessThanOrEqual(5);
  } finally {
    await broker.stop();
  }
});

test('straight to the check: nothing is issued before it is known where the broker is', async ({ start }) => {
  const { page } = await start();
  const wizard = wizardPage(page);
  await vaultPage(page).create();
  await wizard.open();
  const main = page.getByRole('main');
  await wizard.name.fill('lab');
  // by keyboard, as somebody in a hurry
  await main.getByRole('button', { name: 'Straight to the check' }).focus();
  await page.keyboard.press('Enter');
  await expect(wizard.heading('Check your answers')).toBeVisible();
  await expect(main.getByText('mqtt.lab.example', { exact: true })).toHaveCount(0);
  await wizard.issue(3);
  await expect(wizard.where).toBeFocused();
  await expect(main.getByText('Please say where the broker is', { exact: false })).toBeVisible();
  await page.keyboard.type('10.0.1');
  await page.keyboard.press('Enter');
  await expect(wizard.where).toBeFocused();
  await expect(wizard.where).toHaveAttribute('aria-invalid', 'true');
  await expectAccessible(page, 'check page that asks for the broker');
  await page.keyboard.type('.5');
  await expect(wizard.where).not.toHaveAttribute('aria-invalid');
  // the addresses of this computer are one click; loopback only for whoever says that it runs here
  await main
    .getByRole('group', { name: 'Or will it run on this computer?' })
    .getByRole('button', { name: /localhost/ })
    .click();
  await expect(wizard.where).toHaveValue('localhost');

  // not known yet: said by hand, the example is a warning and no mistake, here and on the page of the broker
  await wizard.where.fill('');
  await main.getByRole('button', { name: 'Not known yet: use mqtt.lab.example for now' }).click();
  const warning = main.getByText('No device will find mqtt.lab.example');
  await expect(warning).toBeVisible();
  await expectAccessible(page, 'check page with a reserved name');
  await main.getByRole('button', { name: 'Give the real name or address' }).click();
  await expect(wizard.heading('Where will devices find the broker?')).toBeVisible();
  await expect(warning).toBeVisible();
  await expectAccessible(page, 'broker step with a reserved name');
  await wizard.addName('broker.lab.local');
  await main.getByRole('button', { name: 'Remove mqtt.lab.example' }).click();
  await expect(warning).toHaveCount(0);
  await main.getByRole('button', { name: 'Back to the answers' }).click();
  await wizard.issue(3);
  await expect(wizard.heading('Put it on a stick')).toBeVisible({ timeout: 30_000 });
});
