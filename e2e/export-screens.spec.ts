import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from './fixtures/app.ts';
import { provisionSample } from './fixtures/cli.ts';
import { judge } from './fixtures/looks.ts';
import { vaultPage } from './screens/vault-page.ts';

test('every state of the export page, in every look', async ({ start, scratch }) => {
  test.setTimeout(240_000);
  const { vault } = await provisionSample(scratch);
  // where there is no lsblk nobody can tell the drives; the page says so and goes on
  const programs = path.join(scratch, 'bin');
  mkdirSync(programs);
  const lsblk = path.join(programs, 'lsblk');
  writeFileSync(lsblk, '#!/bin/sh\nexit 127\n');
  chmodSync(lsblk, 0o755);
  const running = await start({ vault, programs });
  const { app, page } = running;
  const look = (name: string) => judge(running, name, 'export');
  await vaultPage(page).unlock();
  await expect(page.getByText('lab Root CA').first()).toBeVisible();
  await page.evaluate(() => {
    location.hash = '#/export';
  });
  const main = page.getByRole('main');
  const submit = main.locator('button[type=submit]');
  const folder = path.join(scratch, 'FIELD');
  mkdirSync(path.join(folder, 'lab'), { recursive: true });
  writeFileSync(path.join(folder, 'lab/notes.txt'), 'somebody else');
  const dialog = (chosen: string) =>
    app.evaluate(({ dialog }, each) => {
      dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [each] });
    }, chosen);
  if (process.platform === 'linux') await expect(main.getByText(/does not say which drives/)).toBeVisible();
  await look('form-nowhere');
  await dialog(folder);
  await main.locator('form section button[type=button], form button[type=button]').first().click();
  await expect(main.getByRole('radio')).toBeChecked();
  await main.getByRole('checkbox').last().check();
  await submit.click();
  await expect(main.locator('input[type=password]').first()).toBeFocused();
  await look('form-passphrase');
  for (const field of await main.locator('input[type=password]').all()) await field.fill('correct horse battery 2');
  await submit.click();
  const failure = main.locator('[role=alert][data-code=EXPORT_FOREIGN_FILES]');
  await expect(failure).toBeVisible();
  await look('foreign');
  // another place is chosen where the first one is shown; what was ticked is asked again, passphrases are not kept
  await failure.getByRole('button').first().click();
  await dialog(path.join(scratch, 'OTHER'));
  await main.locator('form button[type=button]').first().click();
  await submit.click();
  await expect(main.locator('h2').first()).toBeVisible();
  await expect(main.getByText(path.join(scratch, 'OTHER/lab'))).toBeVisible();
  await look('written');
  await page.evaluate(() => {
    location.hash = '#/overview';
  });
  await main.getByText('OTHER', { exact: true }).last().scrollIntoViewIfNeeded();
  await look('lost');
});
