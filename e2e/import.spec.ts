import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { freePort, startMosquitto } from '../electron/broker/testing/mosquitto.ts';
import { readmeCommands, runAsReadmeSays } from '../electron/broker/testing/readme-commands.ts';
import { openssl, scriptFolder } from '../electron/import/testing/script-folder.ts';
import { expect, root, test } from './fixtures/app.ts';
import { expectAccessible } from './fixtures/axe.ts';
import { cli } from './fixtures/cli.ts';
import { standing } from './fixtures/lab.ts';
import { exportPage } from './screens/export-page.ts';
import { vaultPage } from './screens/vault-page.ts';

const pictures = path.join(root, 'test-results/screens');

test('the folder of the certificate script in the window: kit, old device and new one on a real broker', async ({
  start,
  scratch,
}) => {
  test.setTimeout(240_000);
  chmodSync(scratch, 0o755);
  const old = path.join(scratch, 'old');
  await scriptFolder((name) => path.join(old, name));
  const stick = path.join(scratch, 'stick');
  mkdirSync(stick);
  const port = await freePort();
  const vault = path.join(scratch, 'v.fieldkey');
  const { app, page } = await start({ vault });
  await vaultPage(page).create();
  await page.getByRole('link', { name: 'Bring what exists already…' }).click();
  await app.evaluate(({ dialog }, folder) => {
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [folder] });
  }, old);
  await page.getByRole('button', { name: 'Choose a folder…' }).click();
  await expect(page.getByText('Issues from now on')).toBeVisible();
  await expect(page.getByText('mqtt.lab.com, 192.0.2.1')).toBeVisible();
  await expect(page.getByText(/valid for 99,999 days/).first()).toBeVisible();
  await expect(page.getByText('A user with a password.', { exact: false }).first()).toBeVisible();
  await expectAccessible(page, 'import');
  await page.screenshot({ path: path.join(pictures, 'import-light-en.png') });
  await page.getByLabel('Name of the project').fill('old');
  await page.getByLabel('Names and addresses of the broker').fill('localhost, 127.0.0.1');
  await page.getByLabel('Port', { exact: true }).fill(String(port));
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(page.getByText('old is imported')).toBeVisible({ timeout: 20_000 });
  await page.getByRole('button', { name: 'Open the project' }).click();
  await page.getByRole('link', { name: 'Devices', exact: true }).click();
  await expect(page.getByText('meter-1')).toBeVisible();
  await page.getByRole('button', { name: 'Add devices' }).click();
  await page.getByRole('textbox').first().fill('meter-9');
  await page.getByRole('button', { name: 'Issue 1 certificate' }).click();
  await expect(page.getByText('1 device added')).toBeVisible({ timeout: 20_000 });
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await exportPage(app, page).toFolder(stick);

  await vaultPage(page).lock();
  await app.close();
  await cli('verify', '--vault', vault);
  const folders = {
    directory: path.join(scratch, 'etc/mosquitto'),
    data: path.join(scratch, 'lib'),
    log: path.join(scratch, 'log'),
  };
  await installElsewhere(scratch, stick, folders);
  const broker = await startMosquitto(path.join(folders.directory, 'mosquitto.conf'));
  try {
    expect(await standing(path.join(old, 'meter-1'), port, 'localhost', 'old/energy/meter-1')).toBe('accepted');
    expect(await standing(path.join(stick, 'old/devices/meter-9'), port, 'localhost', 'old/energy/meter-9')).toBe('accepted');
  } finally {
    await broker.stop();
  }
});

/** Installs the kit as its README says, with other folders than those of the system: the import asks for none. */
async function installElsewhere(
  scratch: string,
  stick: string,
  { directory, data, log }: Record<'directory' | 'data' | 'log', string>,
): Promise<void> {
  const kit = path.join(stick, 'old/broker');
  for (const name of ['README.txt', 'mosquitto.conf']) {
    const file = path.join(kit, name);
    const text = readFileSync(file, 'utf8')
      .replaceAll('/etc/mosquitto', directory)
      .replaceAll('/var/lib/mosquitto', data)
      .replaceAll('/var/log/mosquitto', log);
    writeFileSync(file, text);
  }
  await runAsReadmeSays(readmeCommands(readFileSync(path.join(kit, 'README.txt'), 'utf8')), kit, scratch);
}

test('files checked in the window: what they are, what is wrong, nothing stored', async ({ start, scratch }) => {
  const file = (name: string) => path.join(scratch, name);
  const subject = ['-subj', '/CN=mqtt.lab.example'];
  await openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:1024',
    '-nodes',
    '-sha256',
    ...subject,
    '-keyout',
    file('k.pem'),
    '-out',
    file('c.pem'),
  );
  const p12 = ['-inkey', file('k.pem'), '-in', file('c.pem'), '-passout', 'pass:sesame', '-out', file('x.p12')];
  await openssl('pkcs12', '-export', ...p12);
  const { page } = await start();
  await vaultPage(page).create();
  await page.evaluate(() => {
    location.hash = '#/check-files';
  });
  await page.locator('input[type=file]').setInputFiles([file('c.pem'), file('k.pem'), file('x.p12')]);
  const list = page.getByRole('list', { name: 'What the files are' });
  await expect(list.getByText('Has a weak key (RSA-1024)').first()).toBeVisible();
  await expect(list.getByText('Encrypted', { exact: true })).toBeVisible();
  await page.getByLabel('Passphrase for what is encrypted', { exact: true }).fill('sesame');
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await expect(list.getByText('Encrypted', { exact: true })).toHaveCount(0);
  await expectAccessible(page, 'check-files');
  await page.screenshot({ path: path.join(pictures, 'check-files-light-en.png') });
});
