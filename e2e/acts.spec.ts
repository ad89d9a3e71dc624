import { cpSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from './fixtures/app.ts';
import { openLab, standing } from './fixtures/lab.ts';
import { exportPage } from './screens/export-page.ts';
import { vaultPage } from './screens/vault-page.ts';

test('replace and lost stick: done in the window, judged by the broker before and after', async ({ start, scratch }) => {
  const lab = await openLab(scratch, {
    plan: { devices: [{ pattern: 'meter-{001..004}' }, { id: 'dash-1', role: 'dashboard' }] },
  });
  const { vault, folder, port } = lab;
  const { app, page } = await start({ vault });
  const exportTo = async (name: string) => {
    const target = path.join(scratch, name);
    mkdirSync(target);
    await exportPage(app, page).toFolder(target);
    return path.join(target, 'lab');
  };
  try {
    const old = path.join(scratch, 'found');
    cpSync(path.join(folder, 'devices'), old, { recursive: true });
    for (const id of ['meter-001', 'meter-002']) expect(await standing(path.join(old, id), port), id).toBe('accepted');
    await vaultPage(page).unlock();

    // one meter is replaced: its old certificate is out, the others go on
    await page.getByRole('link', { name: 'Devices', exact: true }).click();
    await page.getByText('meter-001').first().click();
    await page.getByRole('dialog', { name: 'Device meter-001' }).getByRole('button', { name: 'Replace…' }).click();
    const replace = page.getByRole('dialog', { name: 'Replace meter-001?' });
    await expect(replace.getByText(/is revoked; a new key and a new certificate are issued under the same name/)).toBeVisible();
    await replace.getByRole('button', { name: 'Replace meter-001' }).click();
    await expect(page.getByText('1 device replaced').first()).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog', { name: 'Replace meter-001?' })).toBeHidden();
    const second = await exportTo('second');
    await lab.install(path.join(second, 'broker'));
    expect(await standing(path.join(old, 'meter-001'), port)).toBe('refused');
    expect(await standing(path.join(second, 'devices/meter-001'), port)).toBe('accepted');
    expect(await standing(path.join(old, 'meter-002'), port)).toBe('accepted');

    // the stick with the second export is lost: nothing that was on it is accepted any more
    await page.getByRole('link', { name: 'Overview', exact: true }).click();
    await page.getByRole('button', { name: /^Re-key what was on it….*second/ }).click();
    const rekey = page.getByRole('dialog', { name: /^Re-key what was on/ });
    await rekey.getByRole('button', { name: /^Re-key \d+ devices/ }).click();
    await expect(rekey.getByText(/^\d+ devices re-keyed$/)).toBeVisible({ timeout: 30_000 });
    await page.keyboard.press('Escape');
    await expect(rekey).toBeHidden();
    const third = await exportTo('third');
    await lab.install(path.join(third, 'broker'));
    for (const id of ['meter-001', 'meter-002', 'meter-004']) {
      expect(await standing(path.join(second, 'devices', id), port), id).toBe('refused');
      expect(await standing(path.join(third, 'devices', id), port), id).toBe('accepted');
    }
  } finally {
    await lab.stop();
  }
});
