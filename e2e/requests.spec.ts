import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, root, test } from './fixtures/app.ts';
import { expectAccessible } from './fixtures/axe.ts';
import { openLab, standing } from './fixtures/lab.ts';
import { exportPage } from './screens/export-page.ts';
import { testerPage } from './screens/tester-page.ts';
import { vaultPage } from './screens/vault-page.ts';

const run = promisify(execFile);
const pictures = path.join(root, 'test-results/screens');

/** Key and request as somebody else makes them. */
async function request(folder: string, name: string, key: readonly string[]): Promise<string> {
  const file = path.join(folder, `${name}.csr`);
  const args = ['req', '-new', '-nodes', ...key, '-subj', `/O=Somebody/CN=${name}`];
  await run('openssl', [...args, '-keyout', path.join(folder, `${name}.key`), '-out', file]);
  return file;
}
const p256 = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];

test('requests dropped, looked at, issued: the real broker accepts the keys that never were here', async ({ start, scratch }) => {
  test.setTimeout(240_000);
  const made = path.join(scratch, 'made');
  mkdirSync(made);
  const files = [
    await request(made, 'plc-1', p256),
    await request(made, 'plc-2', ['-newkey', 'rsa:2048']),
    await request(made, 'plc-3', ['-newkey', 'rsa:1024']),
    await request(made, 'meter-001', p256),
  ];
  const access = [
    { role: 'device', write: ['{project}/energy/{device}'], read: ['{project}/commands/{device}'] },
    { role: 'controller', write: ['{project}/state/{device}'], read: [] },
  ];
  const lab = await openLab(scratch, { plan: { access } });
  const stick = path.join(scratch, 'second-stick');
  mkdirSync(stick);
  try {
    const { app, page } = await start({ vault: lab.vault });
    await vaultPage(page).unlock();
    await page.getByRole('link', { name: 'Devices', exact: true }).click();
    await page.getByRole('button', { name: 'Add devices' }).click();
    await page.getByRole('link', { name: 'From requests…' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Devices from signing requests' })).toBeFocused();
    await page.locator('input[type=file]').setInputFiles(files);
    const card = (name: string) => page.getByRole('listitem', { name: `${name}.csr`, exact: true });
    await expect(card('plc-1')).toContainText('Will be issued');
    await expect(card('plc-3')).toContainText('shorter than 2048 bits');
    await expect(card('meter-001')).toContainText('A device of this name is in the project already.');
    await expectAccessible(page, 'requests');
    await page.screenshot({ path: path.join(pictures, 'requests-light-en.png') });
    await card('plc-2').getByLabel('Device name').fill('plc-two');
    // also a role that only this project has
    await card('plc-2').getByLabel('Role').selectOption('controller');
    await page.getByRole('button', { name: 'Issue 2 certificates' }).click();
    await expect(page.getByText('2 certificates issued')).toBeVisible();
    await exportPage(app, page).toFolder(stick);
    const bundle = (id: string) => path.join(stick, 'lab/devices', id);
    for (const [id, key] of [
      ['plc-1', 'plc-1'],
      ['plc-two', 'plc-2'],
    ] as const) {
      expect(existsSync(path.join(bundle(id), 'client.key'))).toBe(false);
      copyFileSync(path.join(made, `${key}.key`), path.join(bundle(id), 'client.key'));
      expect(await standing(bundle(id), lab.port)).toBe('accepted');
    }
    await page.getByRole('link', { name: 'Devices', exact: true }).click();
    await expect(page.getByText('controller', { exact: true })).toBeVisible();
    // its key is with the device: a test takes a certificate of a day, which the broker takes for it
    const tester = testerPage(page);
    await tester.open();
    await tester.takeOver('plc-1');
    const pane = tester.pane('plc-1');
    await pane.standing('refused');
    await expect(pane.region.getByText('The key of plc-1 is not in this vault')).toBeVisible();
    await expectAccessible(page, 'the offer of a test certificate');
    await page.screenshot({ path: path.join(pictures, 'test-certificate-light-en.png') });
    await pane.region.getByRole('button', { name: 'Issue a test certificate and connect' }).click();
    await pane.standing('connected');
    await pane.disconnect.click();
    await page.getByRole('link', { name: 'Devices', exact: true }).click();
    await page.getByText('plc-1', { exact: true }).click();
    const drawer = page.getByRole('dialog', { name: 'plc-1' });
    await expect(drawer.getByText('test certificate', { exact: true })).toBeVisible();
    await expect(drawer.getByText(/^\d+ rules looked at, none broken$/).first()).toBeVisible();
    await expectAccessible(page, 'a device with a test certificate');
    await page.screenshot({ path: path.join(pictures, 'device-test-certificate-light-en.png') });
    await page.keyboard.press('Escape');
    // another key does not help
    copyFileSync(path.join(made, 'plc-1.key'), path.join(bundle('plc-two'), 'client.key'));
    expect(await standing(bundle('plc-two'), lab.port)).toBe('refused');
  } finally {
    await lab.stop();
  }
});
