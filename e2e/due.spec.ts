import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from './fixtures/app.ts';
import { expectAccessible } from './fixtures/axe.ts';
import { cli, provisionSample } from './fixtures/cli.ts';
import { dropOn } from './fixtures/drop.ts';
import { vaultPage } from './screens/vault-page.ts';

interface Shown {
  readonly certificates: readonly {
    readonly id: number;
    readonly notAfter: number;
    readonly predecessorId: number | null;
    readonly state: string;
  }[];
}

test('what is due: seen by week, renewed at once, the broker too; a rotation and a scan of others', async ({
  start,
  scratch,
}) => {
  const { vault, folder } = await provisionSample(scratch, { devices: [{ pattern: 'meter-{001..005}' }] }, 345);
  const { app, page } = await start({ vault });
  await vaultPage(page).unlock();
  await page.getByRole('button', { name: 'Yes, the clock is right' }).click();
  await page.getByRole('link', { name: 'Due', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: /certificates and lists end soon/ })).toBeVisible();
  await expectAccessible(page, 'due');

  // the bar of the week leads to its devices, and the filter says so
  await page.getByRole('link', { name: /^Week of .+: 5 certificates$/ }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Devices' })).toBeVisible();
  await expect(page.getByLabel('Ends')).toHaveValue('span');
  await expect(page.getByRole('row', { name: /meter-/ })).toHaveCount(5);
  await page.getByLabel('Ends').selectOption('30');
  await expect(page.getByRole('row', { name: /meter-/ })).toHaveCount(5);
  await page.goBack();

  // a shorter rotation holds for what is issued from now on
  await page.getByText('Short: 90 days').click();
  await page.getByRole('button', { name: 'Use this rotation' }).click();
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();

  // the project's own warning is what the page begins with, and what the chart shows as due
  await page.getByText('Other numbers').click();
  await page.getByLabel('Warning before').fill('45');
  await page.getByRole('button', { name: 'Use this rotation' }).click();
  await expect(page.getByLabel('Show what ends')).toHaveValue('45');
  await expect(page.getByText('Within 45 days; revocation lists within 60 at least')).toBeVisible();

  // the broker's certificate ends within 60 days
  await page.getByLabel('Show what ends').selectOption('60');
  const own = page.getByRole('region', { name: 'Broker, observer and authority' });
  const broker = own.getByRole('listitem').filter({ hasText: 'Broker' });
  await broker.getByRole('button', { name: 'Renew now' }).click();
  await expect(own.getByText('The broker has a new certificate')).toBeVisible();
  await expect(own.getByText(/Copy to the broker and restart it: .*certs\/server\.crt/)).toBeVisible();
  await expect(broker).toHaveCount(0);

  // one is chosen and renewed, then all the others; each comes with the question about its predecessor
  await page.getByRole('checkbox', { name: 'Select meter-002' }).check();
  await page.getByRole('button', { name: 'Renew 1 device…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Renew meter-002' }).click();
  await expect(dialog.getByRole('region', { name: /^Revoke the predecessor .+ of meter-002, issued / })).toBeVisible();
  await expectAccessible(page, 'renewed');
  await page.keyboard.press('Escape');
  await page.getByLabel('Show what ends').selectOption('30');
  await page.getByRole('button', { name: 'Renew all 4 devices…' }).click();
  await dialog.getByRole('button', { name: 'Renew 4 devices' }).click();
  await expect(dialog.getByText('4 certificates issued')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByText('No device certificate ends in this time.')).toBeVisible();

  // certificates of others: one that ended, one of ours, one that is none; the table goes into a file
  const others = path.join(scratch, 'others');
  mkdirSync(path.join(others, 'deep'), { recursive: true });
  copyFileSync(path.join(folder, 'devices/meter-001/client.crt'), path.join(others, 'deep/meter.crt'));
  writeFileSync(path.join(others, 'broken.crt'), '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n');
  const csv = path.join(scratch, 'others.csv');
  await app.evaluate(
    ({ dialog: system }, [chosen, saved]) => {
      system.showOpenDialog = async () => ({ canceled: false, filePaths: [chosen ?? ''] });
      system.showSaveDialog = async () => ({ canceled: false, filePath: saved ?? '' });
    },
    [others, csv],
  );
  const scan = page.getByRole('region', { name: 'Certificates of others' }).first();
  await scan.getByRole('button', { name: 'Choose a folder…' }).click();
  await expect(scan.getByText('1 certificate found')).toBeVisible();
  // dropped: the folder below it
  await dropOn(page, scan.getByText('Drop a folder here'), path.join(others, 'deep'));
  await expect(scan.getByRole('cell', { name: /meter-001meter\.crt|meter-001.* meter\.crt/ })).toBeVisible();
  await expect(scan.getByText('1 file could not be read')).toHaveCount(0);
  await page.getByRole('link', { name: 'Devices', exact: true }).click();
  await page.getByRole('link', { name: 'Due', exact: true }).click();
  await expect(scan.getByText('1 certificate found')).toBeVisible();
  await dropOn(page, scan.getByText('Drop a folder here'), others);
  await expect(scan.getByText('1 file could not be read')).toBeVisible();
  await expect(scan.getByRole('cell', { name: /meter-001.*deep\/meter\.crt/ })).toBeVisible();
  await expect(scan.getByText('1 file could not be read')).toBeVisible();
  await expectAccessible(page, 'a scan');
  await scan.getByRole('button', { name: 'Save as CSV…' }).click();
  await expect.poll(() => (existsSync(csv) ? readFileSync(csv, 'utf8').split('\r\n').length : 0)).toBe(4);
  expect(readFileSync(csv, 'utf8')).toMatch(/\ndue,20[^\n]+,deep\/meter\.crt,1,/);

  // what the store has now: 90 days, and nothing was revoked
  await app.close();
  const told = JSON.parse(await cli('show', 'meter-001', '--vault', vault, '--json')) as { devices: Shown[] };
  const [newest, before] = told.devices[0]?.certificates ?? [];
  const days = ((newest?.notAfter ?? 0) - Date.now()) / 86_400_000;
  expect(Math.round(days)).toBe(90);
  expect(newest?.predecessorId).toBe(before?.id);
  expect(before?.state).toBe('due');
});

test('the authority page: linter, lists, a site authority, the root offline and back for one signing, and a move', async ({
  start,
  scratch,
}) => {
  const { vault } = await provisionSample(scratch, { devices: [{ pattern: 'meter-{001..003}' }] });
  const { app, page } = await start({ vault });
  await vaultPage(page).unlock();
  await page.getByRole('link', { name: 'Authority', exact: true }).click();
  await expect(page.getByText(/^\d+ rules looked at, none broken$/)).toBeVisible();
  await page.getByText('What was looked at, and which document says so').click();
  await expect(page.getByText('serial-entropy')).toBeVisible();
  await expectAccessible(page, 'authority');

  // a list with an end of one's own choosing stands in the history, above the one before
  const lists = page.getByRole('region', { name: 'Revocation list of lab Root CA' });
  const crl = page.getByRole('region', { name: 'Revocation list', exact: true });
  const wanted = new Date(Date.now() + 100 * 86_400_000).toISOString().slice(0, 10);
  await crl.getByLabel('Next list due by').fill(wanted);
  await crl.getByRole('button', { name: 'Publish a new list' }).click();
  await expect(crl.getByText(/^Published: list/)).toBeVisible();
  await lists.getByText('Lists published so far').click();
  await expect(lists.getByRole('listitem')).toHaveCount(2);

  // a site authority, and the root's key goes onto a medium
  const all = page.getByRole('region', { name: 'Authorities' });
  const dialog = page.getByRole('dialog');
  await all.getByRole('button', { name: 'New site authority…' }).click();
  await dialog.getByRole('button', { name: 'Create the site authority' }).click();
  await expect(dialog.getByText('The site authority is created')).toBeVisible();
  await expectAccessible(page, 'a site authority');
  await page.keyboard.press('Escape');
  await expect(all.getByText('lab Site CA')).toBeVisible();
  const medium = path.join(scratch, 'medium');
  mkdirSync(medium);
  await app.evaluate(({ dialog: system }, chosen) => {
    system.showOpenDialog = async () => ({ canceled: false, filePaths: [chosen] });
  }, medium);
  const root = all.getByRole('listitem').filter({ hasText: 'lab Root CA' });
  await root.getByRole('button', { name: 'Take offline…' }).click();
  await dialog.getByRole('button', { name: 'Choose a folder or drive…' }).click();
  await dialog.getByLabel('Passphrase of the key file').fill('kept in the safe 7');
  await dialog.getByLabel('The same again').fill('kept in the safe 7');
  await dialog.getByRole('button', { name: 'Take the key out of the vault' }).click();
  const file = path.join(medium, 'lab-lab-Root-CA.key.pem');
  await expect(dialog.getByText(file)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(root.getByText(/key kept elsewhere/)).toBeVisible();
  expect(readFileSync(file, 'utf8')).toContain('BEGIN ENCRYPTED PRIVATE KEY');

  // its list alone stays as it is; with the file it is published, and the key is not kept
  await expect(crl.getByText('Key file of lab Root CA')).toBeVisible();
  await crl.locator('input[type=file]').setInputFiles(file);
  await crl.getByLabel('Passphrase of the key file').fill('kept in the safe 7');
  await crl.getByRole('button', { name: 'Publish a new list' }).click();
  await expect(lists.getByRole('listitem')).toHaveCount(3);
  await expect(root.getByText(/key kept elsewhere/)).toBeVisible();

  // a new root: rehearsed without a trace, started, re-issued, and only finished when somebody says so
  await root.getByRole('button', { name: 'Replace…' }).click();
  await dialog.getByRole('button', { name: 'Rehearse: nothing is changed' }).click();
  await expect(dialog.getByText('This is what would happen')).toBeVisible();
  await expect(all.getByRole('region', { name: /^From / })).toHaveCount(0);
  await dialog.getByRole('button', { name: 'Start the move' }).click();
  await expect(dialog.getByText('The move has begun')).toBeVisible();
  await page.keyboard.press('Escape');
  const move = all.getByRole('region', { name: /^From lab Root CA to / });
  await expect(move.getByText('0 of 3').first()).toBeVisible();
  await move.getByRole('button', { name: 'Re-issue 3 devices' }).click();
  await expect(move.getByText('3 of 3')).toHaveCount(1);
  await expectAccessible(page, 'a move');
  await move.getByRole('button', { name: 'Finish the move…' }).click();
  await expect(dialog.getByText('3 devices have not moved.', { exact: false })).toBeVisible();
});
