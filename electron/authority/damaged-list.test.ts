import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { renewDevices } from '../jobs/renew.ts';
import { revokeAndPublish } from '../jobs/revoke.ts';
import type { VaultSession } from '../vault/session.ts';
import type { Vault } from '../vault/vault.ts';
import { createProject } from './create-project.ts';
import { countByState, deviceDetail, devicesOf, listDevices } from './device-view.ts';
import { issueDevices } from './issue-devices.ts';

import { testPlan, testVault } from './testing/fixtures.ts';

const folder = mkdtempSync(join(tmpdir(), 'fieldkey-damaged-list-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const now = Date.now();

async function threeMeters(file: string): Promise<{ vault: Vault; projectId: number }> {
  const vault = await testVault(join(folder, file));
  const projectId = await createProject(vault.session, testPlan());
  await issueDevices(
    vault.session,
    projectId,
    ['meter-1', 'meter-2', 'meter-3'].map((id) => ({ id, role: 'device' as const })),
    { key: 'p256', days: 365 },
  );
  return { vault, projectId };
}
const query = (projectId: number) => ({ projectId, search: '', offset: 0, limit: 10 });
const trusted = (session: VaultSession, projectId: number) =>
  Object.fromEntries(listDevices(session, query(projectId), now).rows.map((row) => [row.id, row.trusted]));
const rowsOf = ({ database }: VaultSession, table: string) =>
  database.prepare(`SELECT * FROM ${table}`).all() as Record<string, unknown>[];
const put = ({ database }: VaultSession, table: string, row: Record<string, unknown>) => {
  const columns = Object.keys(row);
  database.prepare(`INSERT OR REPLACE INTO ${table} (${columns}) VALUES (${columns.map((name) => `@${name}`)})`).run(row);
};

it('marks in a damaged vault the devices whose entry or certificate was edited, and counts them for no state', async () => {
  const { vault, projectId } = await threeMeters('v.fieldkey');
  const { session } = vault;
  expect(trusted(session, projectId)).toEqual({ 'meter-1': true, 'meter-2': true, 'meter-3': true });
  const [one, two] = devicesOf(session, projectId, now);
  session.database.prepare('UPDATE device SET role = ? WHERE id = ?').run('admin', one?.deviceId);
  session.database.prepare('UPDATE certificate SET not_after = not_after + 1 WHERE id = ?').run(two?.certificateId);
  expect((await vault.check()).sound).toBe(false);
  expect(trusted(session, projectId)).toEqual({ 'meter-1': false, 'meter-2': false, 'meter-3': true });
  expect(countByState(devicesOf(session, projectId, now))).toMatchObject({ valid: 1, awaiting: 0 });
  expect(listDevices(session, { ...query(projectId), state: 'valid' }, now).rows.map((row) => row.id)).toEqual(['meter-3']);
  expect(() => deviceDetail(session, one?.deviceId ?? 0, now)).toThrow('VAULT_TAMPERED');
  expect(deviceDetail(session, two?.deviceId ?? 0, now)).toMatchObject({ device: { trusted: false }, certificates: [] });
  vault.close();
});

it('marks the devices whose rows have a right seal and an older content, or are gone', async () => {
  const { vault, projectId } = await threeMeters('older.fieldkey');
  const { session } = vault;
  const before = rowsOf(session, 'certificate');
  const ofDevice = (name: string) => devicesOf(session, projectId, now).find(({ id }) => id === name)?.certificateId ?? 0;
  const [one, two] = [ofDevice('meter-1'), ofDevice('meter-2')];
  await revokeAndPublish(session, one, { reason: 'keyCompromise' });
  await renewDevices(session, projectId, { mode: 'renew', deviceIds: [devicesOf(session, projectId, now)[1]?.deviceId ?? 0] });
  expect(await vault.check()).toMatchObject({ sound: true });
  expect(ofDevice('meter-2')).not.toBe(two);
  // the revoked one valid again, and the renewed one as if it had never been renewed
  put(session, 'certificate', before.find(({ id }) => id === one) ?? {});
  session.database.pragma('foreign_keys = OFF');
  session.database.prepare('DELETE FROM certificate WHERE id = ?').run(ofDevice('meter-2'));
  expect(trusted(session, projectId)).toEqual({ 'meter-1': true, 'meter-2': true, 'meter-3': true });
  expect((await vault.check()).sound).toBe(false);
  expect(trusted(session, projectId)).toEqual({ 'meter-1': false, 'meter-2': false, 'meter-3': true });
  const [shown] = listDevices(session, query(projectId), now).rows;
  expect(deviceDetail(session, shown?.deviceId ?? 0, now)).toMatchObject({ device: { trusted: false } });
  expect(countByState(devicesOf(session, projectId, now))).toMatchObject({ valid: 1, revoked: 0 });
  vault.close();
});

it('marks more of them than a check names', async () => {
  const vault = await testVault(join(folder, 'many.fieldkey'));
  const { session } = vault;
  const projectId = await createProject(session, testPlan());
  const ids = Array.from({ length: 130 }, (_, i) => ({ id: `meter-${i}`, role: 'device' as const }));
  await issueDevices(session, projectId, ids, { key: 'p256', days: 365 });
  const before = rowsOf(session, 'device');
  session.write((log) => {
    for (const row of session.tables.device.where('1 = 1')) {
      session.tables.device.update({ ...row, role: 'dashboard' });
      log('device.change', { projectId, subject: row.name, detail: { before: 'device', role: 'dashboard' } });
    }
  });
  for (const row of before) put(session, 'device', row);
  const { findings, suspects } = await vault.check();
  expect(findings).toHaveLength(100);
  expect(suspects.size).toBe(130);
  expect(devicesOf(session, projectId, now).filter((row) => row.trusted)).toEqual([]);
  vault.close();
});
