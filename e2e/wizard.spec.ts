import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { expect, passphrase, test } from './fixtures/app.ts';
import { expectAccessible } from './fixtures/axe.ts';
import { vaultPage } from './screens/vault-page.ts';
import { wizardPage } from './screens/wizard-page.ts';

const devices = Array.from({ length: 40 }, (_, index) => `press-${index + 1}${index % 5 === 0 ? ' gateway' : ''}`).join('\n');

/** Every answer that stands on the pages, read back from the fields. */
async function answers(page: Page): Promise<Record<string, string>> {
  const main = page.getByRole('main');
  const read: Record<string, string> = {};
  const back = async (what: string) => {
    await main.getByRole('button', { name: 'Back', exact: true }).click();
    await expect(main.getByText(what).first()).toBeVisible();
  };
  read.devices = await main.getByLabel('Devices, one a line').inputValue();
  read.role = await main.getByLabel('Role', { exact: false }).last().inputValue();
  await back('Where will devices find the broker?');
  read.broker = (await tags(page)).join(' ');
  read.port = await main.getByLabel('Port', { exact: true }).inputValue();
  read.target = await main.getByLabel('Broker', { exact: true }).inputValue();
  await back('How strong, and for how long?');
  read.authority = (
    await main.locator('input:checked').evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value))
  ).join(' ');
  await back('What is the project called?');
  read.project = await main.getByLabel('Project name').inputValue();
  read.organisation = await main.getByLabel('Organisation', { exact: true }).inputValue();
  read.country = await main.getByLabel('Country', { exact: true }).inputValue();
  return read;
}

/** The values that stand in the fields for several ones. */
const tags = (page: Page) =>
  page
    .getByRole('main')
    .getByRole('button', { name: /^Remove / })
    .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? ''));

/** Answers the first four pages otherwise than they were, and stays on the fourth. */
async function answer(page: Page): Promise<void> {
  const wizard = wizardPage(page);
  const main = page.getByRole('main');
  await wizard.open();
  await wizard.name.fill('plant-7');
  await main.getByLabel('Organisation', { exact: true }).fill('Stadtwerke Süd');
  await main.getByLabel('Country', { exact: true }).fill('de');
  await wizard.next('authority');
  await main.getByRole('radio', { name: /RSA 2048/ }).check();
  await main.getByRole('radio', { name: '2 years' }).check();
  await wizard.next('broker');
  await wizard.addName('mqtt.plant.example');
  await wizard.addAddress('10.0.1.5');
  await wizard.port.fill('18883');
  await main.getByLabel('Broker', { exact: true }).selectOption('mosquitto-2.1');
  await wizard.next('devices');
  await wizard.devices.fill(devices);
}

test('the draft survives closing the app: every answer and the page', async ({ start }) => {
  const first = await start();
  await vaultPage(first.page).create();
  await answer(first.page);
  // closed at once, within the pause in which nothing is stored yet
  await first.close();

  const second = await start({ userData: first.userData });
  await vaultPage(second.page).unlock();
  await wizardPage(second.page).open();
  await expect(wizardPage(second.page).heading('Which devices are there?')).toBeVisible();
  await expect(second.page.getByText('Your answers from last time.')).toBeVisible();
  expect(await answers(second.page)).toEqual({
    devices,
    role: 'device',
    broker: 'Remove mqtt.plant.example Remove 10.0.1.5',
    port: '18883',
    target: 'mosquitto-2.1',
    authority: 'rsa2048 730 10',
    project: 'plant-7',
    organisation: 'Stadtwerke Süd',
    country: 'DE',
  });
});

test('Back loses nothing, not even what is wrong or half typed', async ({ start }) => {
  const { page } = await start();
  const main = page.getByRole('main');
  await vaultPage(page).create();
  await answer(page);
  await wizardPage(page).devices.fill(`${devices}\nb/c`);
  await expect(main.getByText('Line 41')).toBeVisible();
  // a name that nobody has confirmed with Enter counts too
  await main.getByRole('button', { name: 'Back', exact: true }).click();
  await main.getByLabel('Names', { exact: true }).pressSequentially('half.plant.example');
  await main.getByLabel('Port', { exact: true }).fill('x');
  await main.getByRole('button', { name: 'Back', exact: true }).click();
  await expect(wizardPage(page).heading('How strong, and for how long?')).toBeVisible();
  await wizardPage(page).next('broker');
  expect((await tags(page)).join(' ')).toContain('half.plant.example');
  await expect(main.getByLabel('Port', { exact: true })).toHaveValue('x');
  // another software brings the folders of its own package
  const software = main.getByLabel('Broker', { exact: true });
  await main.getByText('Validity and folders on the broker').first().click();
  await software.selectOption('rabbitmq-3');
  await expect(main.getByLabel('Folder for the configuration')).toHaveValue('/etc/rabbitmq');
  await expectAccessible(page, 'wizard, RabbitMQ');
  await software.selectOption('mosquitto-2.1');
  await expect(main.getByLabel('Folder for the configuration')).toHaveValue('/etc/mosquitto');
  // what is wrong keeps one here and has the focus
  await wizardPage(page).next('devices');
  await expect(main.getByLabel('Port', { exact: true })).toBeFocused();
  await main.getByLabel('Port', { exact: true }).fill('8883');
  await wizardPage(page).next('devices');
  await expect(wizardPage(page).devices).toHaveValue(`${devices}\nb/c`);
});

test('by keyboard alone, from the empty vault to the export', async ({ start, scratch }) => {
  const stick = path.join(scratch, 'stick');
  mkdirSync(stick);
  const { app, page } = await start();
  await app.evaluate(({ dialog }, folder) => {
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [folder] });
  }, stick);
  const key = (name: string) => page.keyboard.press(name);
  /** Goes on with Tab until the wanted element has the focus: what Tab does not reach, nobody reaches. */
  const tabTo = async (wanted: ReturnType<Page['getByRole']>) => {
    for (let presses = 0; presses < 60; presses++) {
      if (await wanted.evaluate((element) => element === document.activeElement).catch(() => false)) return;
      await key('Tab');
    }
    throw new Error(`Tab does not reach ${wanted}`);
  };
  const main = page.getByRole('main');
  const heading = (name: string) => expect(page.getByRole('heading', { level: 1, name })).toBeVisible({ timeout: 30_000 });

  await tabTo(page.getByLabel('Passphrase', { exact: true }));
  await page.keyboard.type(passphrase);
  await tabTo(page.getByLabel('Passphrase again'));
  await page.keyboard.type(passphrase);
  await key('Enter');
  await expect(vaultPage(page).unlocked).toBeVisible();
  await tabTo(page.getByRole('link', { name: 'Set up a project' }));
  await key('Enter');
  await heading('What is the project called?');
  await tabTo(main.getByLabel('Project name'));
  await page.keyboard.type('plant');
  await key('Enter');
  await heading('How strong, and for how long?');
  await tabTo(main.getByRole('radio', { name: /P-256/ }));
  await key('ArrowDown');
  await expect(main.getByRole('radio', { name: /P-384/ })).toBeChecked();
  await key('Enter');
  await heading('Where will devices find the broker?');
  await tabTo(main.getByLabel('Names', { exact: true }));
  await page.keyboard.type('mqtt.plant.local,');
  await expect(main.getByRole('button', { name: 'Remove mqtt.plant.local' })).toBeVisible();
  await tabTo(main.getByRole('button', { name: 'Continue to devices' }));
  await key('Enter');
  await heading('Which devices are there?');
  await tabTo(main.getByLabel('Devices, one a line'));
  await key('Control+a');
  await page.keyboard.type('press-1\npress-2');
  // Enter makes a line here, so the way on is a button; and Back and on again is one too
  await tabTo(main.getByRole('button', { name: 'Back', exact: true }));
  await key('Space');
  await heading('Where will devices find the broker?');
  await tabTo(main.getByRole('button', { name: 'Continue to devices' }));
  await key('Space');
  await expect(main.getByLabel('Devices, one a line')).toHaveValue('press-1\npress-2');
  await tabTo(main.getByRole('button', { name: 'Continue to access' }));
  await key('Enter');
  await heading('What may they read and write?');
  await tabTo(main.getByRole('radio', { name: /Values up/ }));
  await key('ArrowDown');
  await tabTo(main.getByRole('button', { name: 'Continue to check' }));
  await key('Enter');
  await heading('Check your answers');
  await expect(main.getByText('A branch of its own for every device')).toBeVisible();
  await tabTo(main.getByRole('button', { name: 'Issue 2 devices' }));
  await key('Enter');
  await heading('Put it on a stick');
  await tabTo(main.getByRole('button', { name: 'Choose a folder…' }));
  await key('Enter');
  await tabTo(main.getByRole('button', { name: /^Export to/ }));
  await key('Enter');
  await expect(main.getByText('Written and read back')).toBeVisible({ timeout: 30_000 });
  expect(existsSync(path.join(stick, 'plant/devices/press-2/client.key'))).toBe(true);
});
