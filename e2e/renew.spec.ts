import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from './fixtures/app.ts';
import { openLab, standing } from './fixtures/lab.ts';
import { deviceActs } from './screens/device-acts.ts';
import { exportPage } from './screens/export-page.ts';
import { vaultPage } from './screens/vault-page.ts';

test('renew, revoke the predecessor, hold and release: done in the window, judged by the broker', async ({ start, scratch }) => {
  test.setTimeout(240_000);
  const lab = await openLab(scratch, { plan: { devices: [{ pattern: 'meter-{001..003}' }] }, daysAgo: 20 });
  const { vault, folder, port } = lab;
  const { app, page } = await start({ vault });
  const acts = deviceActs(page);
  const exportTo = async (name: string) => {
    const target = path.join(scratch, name);
    mkdirSync(target);
    await exportPage(app, page).toFolder(target);
    return path.join(target, 'lab');
  };
  try {
    const before = path.join(folder, 'devices/meter-001');
    expect(await standing(before, port)).toBe('accepted');
    await vaultPage(page).unlock();

    // renewed with a new key: the broker, which got nothing new, accepts both
    await acts.open('meter-001');
    const renew = await acts.choose('meter-001', 'Re-key');
    await expect(renew.getByText('Nothing is revoked by this.')).toBeVisible();
    await renew.getByRole('button', { name: 'Re-key meter-001' }).click();
    await expect(renew.getByText('1 certificate issued')).toBeVisible();
    const question = renew.getByRole('region', { name: /^Revoke the predecessor .+ of meter-001, issued / });
    await question.getByRole('button', { name: 'Leave it valid' }).click();
    await expect(question).toBeHidden();
    await renew.getByRole('button', { name: 'Close' }).last().click();
    const renewed = await exportTo('renewed');
    const after = path.join(renewed, 'devices/meter-001');
    expect(await standing(after, port), 'the new one, with the broker as it was').toBe('accepted');
    await lab.install(path.join(renewed, 'broker'));
    expect(await standing(before, port), 'the predecessor, also with the new kit').toBe('accepted');
    expect(await standing(after, port)).toBe('accepted');

    // the predecessor is found in the history and revoked there, by itself
    const drawer = await acts.open('meter-001');
    const line = drawer.getByRole('listitem').filter({ hasText: 'follows' });
    await expect(line.getByText('in use')).toBeVisible();
    await drawer
      .getByRole('button', { name: /^Revoke certificate/ })
      .nth(1)
      .click();
    const revoke = page.getByRole('dialog', { name: /^Revoke certificate .+ of meter-001\?/ });
    await expect(revoke.getByText('There is a newer one')).toBeVisible();
    await expect(revoke.getByText('Who is connected stays connected until the broker is restarted.')).toBeVisible();
    await revoke.getByRole('button', { name: /^Revoke [0-9a-f:]+…$/ }).click();
    await expect(revoke.getByText('1 certificate revoked')).toBeVisible();
    await expect(revoke.getByText('certs/crl.pem', { exact: true })).toBeVisible();
    expect(await standing(before, port), 'the broker does not have the list yet').toBe('accepted');
    await revoke.getByRole('button', { name: 'Close' }).last().click();
    const revoked = await exportTo('revoked');
    await lab.install(path.join(revoked, 'broker'));
    expect(await standing(before, port)).toBe('refused');
    expect(await standing(after, port)).toBe('accepted');

    // on hold: refused; released: accepted again, and the others never noticed
    const second = path.join(folder, 'devices/meter-002');
    const third = path.join(folder, 'devices/meter-003');
    await acts.open('meter-002');
    const hold = await acts.choose('meter-002', 'Put on hold');
    await hold.getByRole('button', { name: 'Put meter-002 on hold' }).click();
    await expect(hold.getByText('1 certificate on hold')).toBeVisible();
    await hold.getByRole('button', { name: 'Close' }).last().click();
    await expect(page.getByRole('row', { name: /meter-002/ }).getByText('On hold', { exact: true })).toBeVisible();
    await lab.install(path.join(await exportTo('held'), 'broker'));
    expect(await standing(second, port)).toBe('refused');
    expect(await standing(third, port)).toBe('accepted');
    await acts.open('meter-002');
    const release = await acts.choose('meter-002', 'Release');
    await release.getByRole('button', { name: 'Release meter-002' }).click();
    await expect(release.getByText('1 certificate released')).toBeVisible();
    await release.getByRole('button', { name: 'Close' }).last().click();
    await lab.install(path.join(await exportTo('released'), 'broker'));
    expect(await standing(second, port)).toBe('accepted');
    expect(await standing(third, port)).toBe('accepted');
  } finally {
    await lab.stop();
  }
});
