import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { brokerUsers, credentialsOf, currentLogin } from '../authority/credentials.ts';
import { brokerOf } from '../authority/lookup.ts';
import { testKdfCost, testPlan, testSecret, testVault } from '../authority/testing/fixtures.ts';
import { changeBrokerSettings } from '../jobs/change-project.ts';
import { exportProject } from '../jobs/export-project.ts';
import { exportState } from '../jobs/export-state.ts';
import { finishPasswords, makePasswords } from '../jobs/passwords.ts';
import { brokerKit, contextOf } from '../jobs/project-files.ts';
import { provision } from '../jobs/provision.ts';
import type { VaultSession } from './session.ts';
import { backToVersion } from './testing/older-schema.ts';
import { Vault } from './vault.ts';
import { verifyVault } from './verify.ts';

let folder: string;
let vault: Vault | undefined;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fieldkey-migration-13-'));
  file = join(folder, 'v.fieldkey');
});
afterEach(() => {
  vault?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(): Promise<VaultSession> {
  vault = Vault.open(file, { kdfCost: testKdfCost });
  return vault.unlock(testSecret.passphrase, testSecret.operator);
}

const kitOf = (session: VaultSession, projectId: number) =>
  brokerKit(session, contextOf(session, projectId)).files.map(({ path, content }) => [path, `${content}`]);

/** A vault with an exported project as programs before there were passwords left it, opened by this one. */
async function olderVault(): Promise<{ session: VaultSession; projectId: number; kit: string[][] }> {
  const before = await testVault(file);
  const { projectId } = await provision(before.session, testPlan());
  await exportProject(before.session, projectId, { directory: join(folder, 'stick') });
  const kit = kitOf(before.session, projectId) as string[][];
  before.close();
  backToVersion(file, 12);
  return { session: await open(), projectId, kit };
}

async function byPassword(session: VaultSession, projectId: number): Promise<void> {
  const stored = brokerOf(session, projectId)?.parsed;
  if (!stored) throw new Error('no broker');
  await changeBrokerSettings(session, projectId, { ...stored, kit: { ...stored.kit, identity: 'certificate-password' } });
}

it('migration 13 changes nothing for a project that knows its devices by certificate', async () => {
  const { session, projectId, kit } = await olderVault();
  expect(kitOf(session, projectId)).toEqual(kit);
  expect(brokerUsers(session, projectId)).toEqual([]);
  expect(exportState(session, projectId)).toMatchObject({ changedKitFiles: [], bundlesOutdated: 0 });
  expect(await verifyVault(session)).toMatchObject({ sound: true, findings: [] });
});

it('then passwords can be asked for: everybody gets one, sealed in the file', async () => {
  const { session, projectId } = await olderVault();
  await byPassword(session, projectId);
  const users = brokerUsers(session, projectId);
  expect(users.map(({ user }) => user)).toEqual(['dash-1', 'meter-001', 'observer']);
  for (const { password } of users) expect(password).toMatch(/^[A-Za-z0-9+/]{32}$/);
  expect(await verifyVault(session)).toMatchObject({ sound: true, findings: [] });
  vault?.close();
  const raw = new Sqlite(file, { readonly: true });
  const everything = raw.serialize().toString('latin1');
  raw.close();
  for (const { password, hash } of users) {
    expect(everything).not.toContain(password);
    expect(everything).not.toContain(hash.split('$').at(-1));
  }
});

it('a password that is pasted into another row, put back or made up is found', async () => {
  const { session, projectId } = await olderVault();
  await byPassword(session, projectId);
  const meter = session.tables.device.where("name = 'meter-001'")[0]?.id ?? 0;
  const old = session.database.prepare('SELECT * FROM credential WHERE device_id = ?').get(meter) as Record<string, unknown>;
  const before = currentLogin(session, projectId, meter)?.password;
  await makePasswords(session, projectId, { deviceIds: [meter], overlap: true });
  expect(credentialsOf(session, projectId, meter).map(({ user, state }) => [user, state])).toEqual([
    ['meter-001@2', 'current'],
    ['meter-001', 'leaving'],
  ]);
  expect(currentLogin(session, projectId, meter)?.password).not.toBe(before);
  expect(finishPasswords(session, projectId, [meter], 'new')).toEqual(['meter-001']);
  expect(await verifyVault(session)).toMatchObject({ sound: true, findings: [] });
  expect(session.tables.credential.get(Number(old['id']))).toMatchObject({ state: 'ended', sealed: null });

  // the row with the old password, its seal right, over the one that was ended
  session.database
    .prepare("UPDATE credential SET sealed = ?, state = 'current', mac = ? WHERE id = ?")
    .run(old['sealed'], old['mac'], old['id']);
  const { findings } = await verifyVault(session);
  expect(findings).toContainEqual(expect.stringContaining(`password ${old['id']}:current was never made`));
  session.database.prepare("UPDATE credential SET state = 'ended' WHERE id = ?").run(old['id']);

  const [mine] = session.tables.credential.where("device_id = ? AND state = 'current'", meter);
  const observer = credentialsOf(session, projectId, null)[0];
  if (!mine || !observer) throw new Error('no credentials');
  // a row of ours may hold another's sealed bytes only if the seal knew whose they are
  session.write(() => session.tables.credential.update({ ...mine, sealed: observer.sealed }));
  expect(() => currentLogin(session, projectId, meter)).toThrow('VAULT_TAMPERED');
});
