import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { readmeBlocks, readmeCommands, runAsReadmeSays } from '../electron/broker/testing/readme-commands.ts';
import { expect, root, test } from './fixtures/app.ts';
import { expectAccessible } from './fixtures/axe.ts';
import { openLab, standing } from './fixtures/lab.ts';
import { exportPage } from './screens/export-page.ts';
import { vaultPage } from './screens/vault-page.ts';

const run = promisify(execFile);
const pictures = path.join(root, 'test-results/screens');

test('a certificate of another authority, then a broker that somebody else runs: devices reach the real broker with both', async ({
  start,
  scratch,
}) => {
  test.setTimeout(300_000);
  const away = path.join(scratch, 'away');
  mkdirSync(away);
  const openssl = (args: string, ...more: string[]) => run('openssl', [...args.split(' '), ...more], { cwd: away });
  const lab = await openLab(scratch);
  const file = (name: string) => path.join(away, name);
  const device = (stick: string) => path.join(stick, 'lab/devices/meter-001');
  const bundles = (name: string) => {
    const stick = path.join(scratch, name);
    mkdirSync(stick);
    return stick;
  };
  try {
    const { app, page } = await start({ vault: lab.vault });
    await vaultPage(page).unlock();
    await page.getByRole('link', { name: 'Broker', exact: true }).click();
    const panel = page.getByRole('region', { name: 'Key and certificate' });
    await app.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = async () => ({ canceled: false, filePath });
    }, file('our.csr'));
    await panel.getByRole('button', { name: 'Save a request…' }).click();
    await expect(panel.getByText('Request saved.')).toBeVisible();

    const ec = '-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes';
    await openssl(`req -x509 ${ec} -keyout root.key -out root.crt -days 900`, '-subj', '/O=Corp/CN=Corp Root');
    writeFileSync(file('ext'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n');
    await openssl('x509 -req -in our.csr -CA root.crt -CAkey root.key -days 20 -extfile ext -out leaf.crt');
    await panel.getByRole('button', { name: 'Open the answer…' }).click();
    const dialog = page.getByRole('dialog');
    const input = dialog.locator('input[type=file]');
    const take = dialog.getByRole('button', { name: 'Use this certificate' });
    await input.setInputFiles(file('leaf.crt'));
    await expect(dialog.getByText('The chain is incomplete', { exact: false })).toBeVisible();
    await expect(take).toBeDisabled();
    await input.setInputFiles(file('root.crt'));
    await expect(dialog.getByRole('list', { name: 'Chain, from the broker to the root' })).toContainText('Corp Root');
    await expect(dialog.getByText('Give devices their new bundles first')).toBeVisible();
    await expectAccessible(page, 'broker answer');
    await page.screenshot({ path: path.join(pictures, 'broker-answer-en.png') });
    await take.click();
    await expect(panel.getByText('The certificate was issued by CN=Corp Root', { exact: false })).toBeVisible({
      timeout: 20_000,
    });
    await page.screenshot({ path: path.join(pictures, 'broker-origin-en.png'), fullPage: true });
    // soon due, and nothing here can renew it: what helps is offered instead
    await page.getByRole('link', { name: 'Due', exact: true }).click();
    const due = page.getByRole('region', { name: 'Broker, observer and authority' });
    await expect(due.getByText('Issued by CN=Corp Root, O=Corp.', { exact: false })).toBeVisible();
    await expect(due.getByRole('button', { name: 'Renew now' })).toHaveCount(0);
    await expectAccessible(page, 'a broker that is not ours, due');
    await page.screenshot({ path: path.join(pictures, 'due-broker-theirs-en.png') });
    await app.evaluate(({ dialog: system }, filePath) => {
      system.showSaveDialog = async () => ({ canceled: false, filePath });
    }, file('next.csr'));
    await due.getByRole('button', { name: 'Save a request…' }).click();
    await expect(due.getByText('Request saved.', { exact: false })).toBeVisible();
    expect(readFileSync(file('next.csr'), 'utf8')).toContain('BEGIN CERTIFICATE REQUEST');
    await due.getByRole('link', { name: 'Open the answer…' }).click();
    await expect(panel.getByRole('button', { name: 'Open the answer…' })).toBeVisible();
    const first = bundles('first');
    await exportPage(app, page).toFolder(first);
    await lab.install(path.join(first, 'lab/broker'));
    expect(await standing(device(first), lab.port)).toBe('accepted');
    expect(await standing(path.join(lab.folder, 'devices/meter-001'), lab.port)).toBe('refused');

    await openssl(
      `req ${ec} -keyout partner.key -out partner.csr -subj /CN=x -addext`,
      'subjectAltName=DNS:localhost,DNS:mqtt.partner.example',
    );
    await page.getByRole('link', { name: 'Broker', exact: true }).click();
    await panel.getByRole('button', { name: 'Open their request…' }).click();
    await input.setInputFiles(file('partner.csr'));
    await expect(dialog.getByRole('checkbox', { name: 'localhost' })).toBeChecked();
    const wished = dialog.getByRole('checkbox', { name: 'mqtt.partner.example' });
    await expect(wished).not.toBeChecked();
    await wished.check();
    await expectAccessible(page, 'broker request');
    await page.screenshot({ path: path.join(pictures, 'broker-sign-en.png') });
    await dialog.getByRole('button', { name: 'Issue the certificate' }).click();
    await expect(panel.getByText('Whoever runs the broker made the key', { exact: false })).toBeVisible();
    const second = bundles('second');
    await exportPage(app, page).toFolder(second);
    const kit = path.join(second, 'lab/broker');
    expect(existsSync(path.join(kit, 'certs/server.key'))).toBe(false);
    await lab.stop();
    const readme = readFileSync(path.join(kit, 'README.txt'), 'utf8');
    const blocks = readmeBlocks(readme);
    await runAsReadmeSays(readmeCommands(readme), kit, scratch);
    copyFileSync(file('partner.key'), path.join(lab.installed, 'certs/server.key'));
    const key = blocks.find(({ title }) => title === 'The key of the broker');
    await runAsReadmeSays(key?.commands.join('\n') ?? 'exit 1', kit, scratch);
    await lab.start();
    expect(await standing(device(second), lab.port)).toBe('accepted');

    // their own authority certifies that key: taken as it is
    writeFileSync(
      file('theirs'),
      'subjectAltName=DNS:localhost,DNS:mqtt.partner.example,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n',
    );
    await openssl('x509 -req -in partner.csr -CA root.crt -CAkey root.key -days 20 -extfile theirs -out theirs.crt');
    await page.getByRole('link', { name: 'Broker', exact: true }).click();
    await panel.getByRole('button', { name: 'Take their certificate…' }).click();
    await input.setInputFiles([file('theirs.crt'), file('root.crt')]);
    await expect(dialog.getByRole('list', { name: 'Chain, from the broker to the root' })).toContainText('Corp Root');
    await expectAccessible(page, 'their certificate, as it is');
    await page.screenshot({ path: path.join(pictures, 'broker-given-en.png') });
    await take.click();
    await expect(panel.getByText('for a broker that somebody else runs', { exact: false })).toBeVisible({ timeout: 20_000 });
    await page.screenshot({ path: path.join(pictures, 'broker-given-taken-en.png'), fullPage: true });
    const third = bundles('third');
    await exportPage(app, page).toFolder(third);
    expect(existsSync(path.join(third, 'lab/broker/certs/server.key'))).toBe(false);
    copyFileSync(path.join(third, 'lab/broker/certs/server.crt'), path.join(lab.installed, 'certs/server.crt'));
    await lab.stop();
    await lab.start();
    expect(await standing(device(third), lab.port)).toBe('accepted');
  } finally {
    await lab.stop();
  }
});
