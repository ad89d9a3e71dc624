import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createProject } from './create-project.ts';
import { countByState, deviceDetail, devicesOf, listDevices } from './device-view.ts';
import { issueDevices } from './issue-devices.ts';
import { testPlan, testVault } from './testing/fixtures.ts';

const folder = mkdtempSync(join(tmpdir(), 'fieldkey-damaged-list-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('marks in a damaged vault the devices whose entry or certificate was edited, and counts them for no state', async () => {
  const vault = await testVault(join(folder, 'v.fieldkey'));
  const { session } = vault;
  const projectId = await createProject(session, testPlan());
  const ids = ['meter-1', 'meter-2', 'meter-3'];
  await issueDevices(
    session,
    projectId,
    ids.map((id) => ({ id, role: 'device' as const })),
    { key: 'p256', days: 365 },
  );
  const now = Date.now();
  const query = { projectId, search: '', offset: 0, limit: 10 };
  const trusted = () => Object.fromEntries(listDevices(session, query, now).rows.map((row) => [row.id, row.trusted]));
  expect(trusted()).toEqual({ 'meter-1': true, 'meter-2': true, 'meter-3': true });
  const [one, two] = devicesOf(session, projectId, now);
  session.database.prepare('UPDATE device SET role = ? WHERE id = ?').run('admin', one?.deviceId);
  session.database.prepare('UPDATE certificate SET not_after = not_after + 1 WHERE id = ?').run(two?.certificateId);
  expect((await vault.check()).sound).toBe(false);
  expect(trusted()).toEqual({ 'meter-1': false, 'meter-2': false, 'meter-3': true });
  expect(countByState(devicesOf(session, projectId, now))).toMatchObject({ valid: 1, awaiting: 0 });
  expect(listDevices(session, { ...query, state: 'valid' }, now).rows.map((row) => row.id)).toEqual(['meter-3']);
  expect(() => deviceDetail(session, one?.deviceId ?? 0, now)).toThrow('VAULT_TAMPERED');
  expect(deviceDetail(session, two?.deviceId ?? 0, now)).toMatchObject({ device: { trusted: false }, certificates: [] });
  vault.close();
});
