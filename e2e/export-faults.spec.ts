import { execFileSync } from 'node:child_process';
import { closeSync, cpSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { ElectronApplication, Page } from '@playwright/test';
import { expect, root, test } from './fixtures/app.ts';
import { cli } from './fixtures/cli.ts';
import { asStick, type SmallMedium, smallMedium } from './fixtures/small-medium.ts';
import { vaultPage } from './screens/vault-page.ts';

/** Enough for an export to be under way for a while. */
const fleet = 800;
const pictures = path.join(root, 'test-results/export');

let medium: SmallMedium | null = null;
test.afterEach(() => medium?.end());

/** A vault with a fleet, and on the medium an earlier export with two devices. */
async function prepare(scratch: string, on: SmallMedium): Promise<string> {
  const sample = JSON.parse(readFileSync(path.join(root, 'resources/samples/plan.json'), 'utf8'));
  const vault = path.join(scratch, 'fleet.fieldkey');
  const provision = (pattern: string, out: string) => {
    const file = path.join(scratch, 'plan.json');
    writeFileSync(file, JSON.stringify({ ...sample, devices: [{ pattern }] }));
    return cli('provision', file, '--vault', vault, '--out', out);
  };
  await provision('meter-{001..002}', on.folder);
  await provision(`meter-{001..${fleet}}`, path.join(scratch, 'elsewhere'));
  return vault;
}

/** Devices in the export on the medium, which its own list of hashes proves whole; nothing half-made beside it. */
function devicesOn(on: SmallMedium): number {
  const folder = path.join(on.folder, 'lab');
  execFileSync('sha256sum', ['-c', '--strict', '--quiet', 'SHA256SUMS'], { cwd: folder });
  return readdirSync(path.join(folder, 'devices')).length;
}

const besides = (on: SmallMedium) => readdirSync(on.folder).filter((name) => name.startsWith('.fieldkey-'));

/** Waits until a good part of the new export has been written beside the old one. */
async function underWay(on: SmallMedium): Promise<void> {
  for (let looked = 0; looked < 20_000; looked++) {
    const [staging] = besides(on);
    try {
      if (staging && readdirSync(path.join(on.folder, staging, 'devices')).length >= 30) return;
    } catch {
      // not made yet, or moved into place between two looks
    }
    await wait(2);
  }
  throw new Error('the export was never seen under way');
}

const words = (page: Page) => {
  const main = page.getByRole('main');
  return {
    main,
    choose: main.getByRole('button', { name: 'Choose a folder…' }),
    start: main.getByRole('button', { name: /^Export to / }),
    retry: main.getByRole('button', { name: /^Try .* again$/ }),
    written: main.getByText('Written and read back'),
    failure: (code: string) => main.locator(`[role=alert][data-code=${code}]`),
  };
};

async function openExport(app: ElectronApplication, page: Page, folder: string): Promise<void> {
  await app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [chosen] });
  }, folder);
  await vaultPage(page).unlock();
  await expect(page.getByText('lab Root CA').first()).toBeVisible();
  await page.evaluate(() => {
    location.hash = '#/export';
  });
}

async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: path.join(pictures, `${name}.png`) });
}

test('a medium that is full, read-only or closed to us: told, nothing half-made, done on the next try', async ({
  start,
  scratch,
}) => {
  test.setTimeout(240_000);
  medium = smallMedium(scratch, 64);
  test.skip(medium === null, 'this machine may not mount; see the note above');
  const on = medium as SmallMedium;
  const vault = await prepare(scratch, on);
  const earlier = path.join(scratch, 'earlier');
  cpSync(path.join(on.folder, 'lab'), earlier, { recursive: true });
  const { app, page } = await start({ vault });
  const say = words(page);
  await openExport(app, page, on.folder);

  /** The fault that was told is over: the button beside it does the rest, in the same place. */
  const retried = async () => {
    expect(devicesOn(on)).toBe(2);
    expect(besides(on)).toEqual([]);
    await say.retry.click();
    await expect(say.written).toBeVisible({ timeout: 60_000 });
    expect(devicesOn(on)).toBe(fleet);
    expect(besides(on)).toEqual([]);
    // the earlier export again, for the next fault
    rmSync(path.join(on.folder, 'lab'), { recursive: true });
    cpSync(earlier, path.join(on.folder, 'lab'), { recursive: true });
    await say.main.getByRole('button', { name: 'Export once more' }).click();
  };

  await test.step('too full from the start: not even begun', async () => {
    const filler = on.fill(1_000_000);
    await say.choose.click();
    await expect(say.main.getByText(/^Too small: .* are needed, .* are free\.$/)).toBeVisible();
    await say.start.click();
    await expect(say.written).toBeHidden();
    expect(devicesOn(on)).toBe(2);
    expect(besides(on)).toEqual([]);
    await picture(page, 'too-small');
    rmSync(filler);
    // chosen anew, it is measured anew
    await say.choose.click();
    await expect(say.main.getByText(/^Too small/)).toBeHidden();
  });

  await test.step('filled up by somebody else in the middle', async () => {
    await say.start.click();
    await underWay(on);
    const filler = on.fill(0);
    const failure = say.failure('EXPORT_NO_SPACE');
    await expect(failure).toContainText('Not enough space', { timeout: 60_000 });
    await expect(failure).toContainText('Free some space or choose another drive.');
    await picture(page, 'full');
    rmSync(filler);
    await retried();
  });

  await test.step('read-only', async () => {
    on.protect(true);
    await say.start.click();
    const failure = say.failure('EXPORT_READ_ONLY');
    await expect(failure).toContainText('The drive is read-only');
    await expect(failure).toContainText('Open the write protection of the drive');
    await picture(page, 'read-only');
    on.protect(false);
    await retried();
  });

  await test.step('a folder in which nobody may write', async () => {
    on.freeze(true);
    await say.start.click();
    const failure = say.failure('EXPORT_NOT_WRITABLE');
    await expect(failure).toContainText('The folder cannot be written');
    await expect(failure).toContainText(/the system says (EPERM|EACCES)/);
    await picture(page, 'not-writable');
    on.freeze(false);
    await retried();
  });
});

test('a stick pulled out in the middle: told, recorded, refused until it is back, then written and ejected', async ({
  start,
  scratch,
}) => {
  test.setTimeout(240_000);
  medium = smallMedium(scratch, 64);
  test.skip(medium === null, 'this machine may not mount; see the note above');
  const on = medium as SmallMedium;
  const vault = await prepare(scratch, on);
  on.pullOut();
  const { app, page } = await start({ vault, programs: asStick(on, scratch) });
  const say = words(page);
  await openExport(app, page, on.folder);

  await expect(say.main.getByText('No drive found.')).toBeVisible();
  on.plugIn();
  // it comes by itself, and as the only one it is chosen
  await expect(say.main.getByRole('radio', { name: /FIELD/ })).toBeChecked();
  await picture(page, 'stick');
  await say.start.click();
  await underWay(on);
  await picture(page, 'progress');
  on.pullOut();
  await expect(say.failure('EXPORT_MEDIUM_GONE')).toContainText('The drive is gone', { timeout: 60_000 });
  await picture(page, 'gone');

  // without the stick its mount point is a folder of this computer: nothing may be written there
  await say.retry.click();
  await expect(say.failure('EXPORT_MEDIUM_GONE')).toContainText('ENODEV');
  expect(readdirSync(on.folder)).toEqual([]);

  // the overview knows what may be on it, and calls it no export
  await page.getByRole('link', { name: 'Overview', exact: true }).click();
  const line = page.getByRole('listitem').filter({ hasText: 'Not finished' });
  await expect(line).toContainText('FIELD');
  await expect(line).toContainText(`${fleet} devices`);
  await expect(line).toContainText('some or all of these keys may be on it');
  await line.scrollIntoViewIfNeeded();
  await picture(page, 'overview');
  await line.getByRole('button', { name: /^Re-key what was on it/ }).click();
  const rekey = page.getByRole('dialog', { name: 'Re-key what was on FIELD?' });
  await expect(rekey).toContainText(`${fleet} devices use keys that were to be written to FIELD`);
  await picture(page, 'rekey');
  await rekey.getByRole('button', { name: 'Keep the keys' }).click();

  // found again: the old export is whole, what was left is cleared away, the new one is written
  on.plugIn();
  expect(devicesOn(on)).toBe(2);
  expect(besides(on)).toHaveLength(1);
  await page.evaluate(() => {
    location.hash = '#/export';
  });
  await say.retry.click();
  await expect(say.written).toBeVisible({ timeout: 60_000 });
  expect(devicesOn(on)).toBe(fleet);
  expect(besides(on)).toEqual([]);

  // a file is still open: the kernel refuses, and that is told
  const open = openSync(path.join(on.folder, 'lab/SHA256SUMS'), 'r');
  await say.main.getByRole('button', { name: 'Eject FIELD' }).click();
  await expect(say.main.getByText('The drive is still in use')).toBeVisible({ timeout: 30_000 });
  await picture(page, 'busy');
  expect(on.mounted).toBe(true);
  closeSync(open);
  await say.main.getByRole('button', { name: 'Eject FIELD' }).click();
  await expect(say.main.getByText('FIELD is safe to remove')).toBeVisible({ timeout: 30_000 });
  await picture(page, 'ejected');
  expect(on.mounted).toBe(false);

  // the same stick, written to the end: the try that failed needs nobody any more
  await page.getByRole('link', { name: 'Overview', exact: true }).click();
  await expect(page.getByText('Lost a stick?')).toBeVisible();
  await expect(page.getByText('Not finished')).toBeHidden();
});

test('a system that does not answer which drives it has: nobody waits for it', async ({ start, scratch }) => {
  test.skip(process.platform !== 'linux', 'lsblk is of Linux');
  await cli(
    'provision',
    path.join(root, 'resources/samples/plan.json'),
    '--vault',
    path.join(scratch, 'v'),
    '--out',
    path.join(scratch, 'first'),
  );
  const programs = path.join(scratch, 'bin');
  mkdirSync(programs);
  // as it is with a drive that hangs: the program is there and says nothing
  writeFileSync(path.join(programs, 'lsblk'), '#!/bin/sh\nexec sleep 25\n', { mode: 0o755 });
  const folder = path.join(scratch, 'FOLDER');
  mkdirSync(folder);
  const { app, page } = await start({ vault: path.join(scratch, 'v'), programs });
  const say = words(page);
  await openExport(app, page, folder);
  await say.choose.click();
  await say.start.click();
  await expect(say.written).toBeVisible();
  await say.main.getByRole('button', { name: 'Export once more' }).click();
  await expect(say.main.getByRole('radio', { name: /FOLDER/ })).toBeChecked();
});
