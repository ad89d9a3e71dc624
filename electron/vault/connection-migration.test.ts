import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { newConnection } from '../../shared/model/own-connection.ts';
import { testKdfCost, testPlan, testSecret, testVault } from '../authority/testing/fixtures.ts';
import { openConnection } from '../jobs/connections/open-connection.ts';
import { listConnections, putConnection, removeConnection } from '../jobs/connections/own-connections.ts';
import { makePasswords } from '../jobs/passwords.ts';
import { brokerKit, contextOf } from '../jobs/project-files.ts';
import { provision } from '../jobs/provision.ts';
import type { VaultSession } from './session.ts';
import { backToVersion } from './testing/older-schema.ts';
import { Vault } from './vault.ts';
import { verifyVault } from './verify.ts';

let folder: string;
let vault: Vault | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fieldkey-migration-14-'));
});
afterEach(() => {
  vault?.close();
  rmSync(folder, { recursive: true, force: true });
});

const kitOf = (session: VaultSession, projectId: number) =>
  brokerKit(session, contextOf(session, projectId)).files.map(({ path, content }) => [path, `${content}`]);

/** A vault with devices and passwords as programs before there were connections of one's own left it, opened by this one. */
async function olderVault(): Promise<{ session: VaultSession; projectId: number; kit: string[][] }> {
  const file = join(folder, 'v.fieldkey');
  const before = await testVault(file);
  const { projectId } = await provision(before.session, testPlan());
  const ids = before.session.tables.device.where('project_id = ?', projectId).map(({ id }) => id);
  await makePasswords(before.session, projectId, { deviceIds: ids, observer: true, overlap: false });
  const kit = kitOf(before.session, projectId) as string[][];
  before.close();
  backToVersion(file, 13);
  vault = Vault.open(file, { kdfCost: testKdfCost });
  return { session: await vault.unlock(testSecret.passphrase, testSecret.operator), projectId, kit };
}

const settings = { ...newConnection, name: 'shore', host: 'shore.example', user: 'pump' };

it('migration 14 changes nothing that was there, and takes connections from then on', async () => {
  const { session, projectId, kit } = await olderVault();
  expect(kitOf(session, projectId)).toEqual(kit);
  expect(listConnections(session, projectId)).toEqual([]);
  expect(await verifyVault(session)).toMatchObject({ sound: true, findings: [] });
  putConnection(session, projectId, { id: null, settings }, { password: 'well water 7' });
  expect(listConnections(session, projectId)).toMatchObject([{ settings, has: { password: true, key: false } }]);
  expect(session.database.serialize().toString('latin1')).not.toContain('well water 7');
  expect(await verifyVault(session)).toMatchObject({ sound: true, findings: [] });
});

it('a connection that is put back, made up, removed behind the back or given the password of another one is found', async () => {
  const { session, projectId } = await olderVault();
  const { database, tables } = session;
  const first = putConnection(session, projectId, { id: null, settings }, { password: 'well water 7' });
  const second = putConnection(session, projectId, { id: null, settings: { ...settings, name: 'other' } }, { password: 'x' });
  const row = (id: number) => database.prepare('SELECT * FROM own_connection WHERE id = ?').get(id) as Record<string, unknown>;
  const old = row(first.id);
  putConnection(session, projectId, { id: first.id, settings: { ...settings, host: 'safe.example' } }, {});
  const put = (values: Record<string, unknown>) =>
    database
      .prepare('UPDATE own_connection SET settings = ?, sealed = ?, changed_at = ?, mac = ? WHERE id = ?')
      .run(values['settings'], values['sealed'], values['changed_at'], values['mac'], values['id']);
  const now = row(first.id);
  put(old);
  expect((await verifyVault(session)).findings).toContainEqual(expect.stringContaining(`connection ${first.id}:`));
  put(now);
  expect(await verifyVault(session)).toMatchObject({ sound: true });

  // a right row with another's sealed bytes
  const [mine, theirs] = [tables.ownConnection.get(first.id), tables.ownConnection.get(second.id)];
  if (!mine || !theirs) throw new Error('no rows');
  session.write(() => tables.ownConnection.update({ ...mine, sealed: theirs.sealed }));
  expect(() => openConnection(session, { projectId, ownId: first.id })).toThrow('VAULT_TAMPERED');
  session.write(() => tables.ownConnection.update(mine));

  removeConnection(session, projectId, second.id);
  expect(await verifyVault(session)).toMatchObject({ sound: true });
  database.prepare('DELETE FROM own_connection WHERE id = ?').run(first.id);
  expect((await verifyVault(session)).findings).toContainEqual(expect.stringContaining('missing in its table'));
});

it('whoever would speak as a device is asked for a word, and does not come back by itself', async () => {
  const { session, projectId } = await olderVault();
  const [meter] = tablesOf(session, projectId);
  const place = { host: '10.0.0.2', clientId: meter?.name ?? '' };
  const broker = session.tables.broker.where('project_id = ?', projectId)[0];
  const host = (JSON.parse(broker?.settings ?? '{}') as { names: string[] }).names[0] ?? '';
  const elsewhere = putConnection(session, projectId, { id: null, settings: { ...settings, ...place, name: 'a' } }, {});
  expect(elsewhere.device).toBeNull();
  expect(openConnection(session, { projectId, ownId: elsewhere.id })).toMatchObject({ reconnects: true });
  const here = putConnection(session, projectId, { id: null, settings: { ...settings, ...place, host, name: 'b' } }, {});
  expect(here.device).toEqual({ deviceId: meter?.id, id: meter?.name });
  expect(() => openConnection(session, { projectId, ownId: here.id })).toThrow('INPUT_INVALID');
  expect(openConnection(session, { projectId, ownId: here.id, takeoverAccepted: true })).toMatchObject({ reconnects: false });
});

function tablesOf(session: VaultSession, projectId: number) {
  return session.tables.device.where('project_id = ? ORDER BY id', projectId);
}
