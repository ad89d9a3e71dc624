import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newCheck } from '../../shared/model/check.ts';
import { newConnection } from '../../shared/model/own-connection.ts';
import { issuingAuthority, projectByName } from '../authority/lookup.ts';
import { startMove } from '../authority/moves.ts';
import { issueTestCertificate } from '../authority/test-certificate.ts';
import { testKdfCost, testPlan, testSecret, testVault } from '../authority/testing/fixtures.ts';
import { changeAccess } from '../jobs/change-project.ts';
import { checkHash, saveCheck } from '../jobs/checks/store.ts';
import { putConnection } from '../jobs/connections/own-connections.ts';
import { exportProject } from '../jobs/export-project.ts';
import { makePasswords } from '../jobs/passwords.ts';
import { provision } from '../jobs/provision.ts';
import { reviewRequests } from '../jobs/review-requests.ts';
import { changeRotation, rotationOf } from '../jobs/rotation.ts';
import { savePayload } from '../jobs/saved-payloads.ts';
import { shareCertificate } from '../jobs/share-certificate.ts';
import { signRequests } from '../jobs/sign-requests.ts';
import { generateEcKey } from '../pki/keys.ts';
import { buildRequest } from '../pki/request.ts';
import { softwareSigner } from '../pki/signer.ts';
import type { SqlValue } from './database.ts';
import { saveDraft } from './draft.ts';
import { addKeychain } from './keychain.ts';
import { makeShares } from './recovery.ts';
import { Vault } from './vault.ts';
import { verifyVault } from './verify.ts';

let folder: string;
let vault: Vault;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fieldkey-rows-'));
  vault = await testVault(join(folder, 'v.fieldkey'));
  const { session } = vault;
  await provision(session, testPlan());
  const projectId = projectByName(session, 'lab')?.id ?? 0;
  changeRotation(session, projectId, { ...rotationOf(session, projectId), warnDays: 45 });
  await exportProject(session, projectId, { directory: join(folder, 'out'), withBroker: true });
  saveDraft(session, '{"step":"broker"}');
  await startMove(session, issuingAuthority(session, projectId).id);
  session.write((log) => {
    const authority = issuingAuthority(session, projectId).id;
    const revoked = { serial: Buffer.from('4f9a', 'hex'), revoked_at: session.now(), reason: 'superseded' as const };
    session.tables.listedRevocation.insert({ authority_id: authority, ...revoked });
    log('authority.import', { projectId, subject: 'lab', detail: { authority, listed: 1 } });
  });
  await addKeychain(session, { slot: '0f'.repeat(16), key: Buffer.alloc(32, 7) }, { ...testSecret, computer: 'laptop-7' });
  const exception = { device: 'meter-001', write: ['{project}/door'], read: [], deny: [] };
  changeAccess(session, projectId, testPlan().access, [exception]);
  session.write((log) => {
    const proof = session.tables.proof.insert({
      project_id: projectId,
      at: session.now(),
      outcome: 'proved',
      report: '{"checks":4}',
    });
    log('proof.finish', { projectId, subject: 'lab', detail: { proof, outcome: 'proved' } });
  });
  savePayload(session, projectId, 'Identify', {
    topic: 'lab/commands/{{device}}',
    form: 'json',
    text: '{"command":"identify"}',
    variables: true,
    qos: 1,
    retain: false,
    properties: {},
  });
  saveCheck(session, projectId, null, { ...newCheck, name: 'Reading' });
  session.write((log) => {
    const run = session.tables.checkRun.insert({ project_id: projectId, at: session.now(), report: '{"version":1}' });
    log('check.finish', { projectId, subject: 'lab', detail: { run, hash: checkHash('{"version":1}') } });
  });
  session.write((log) => {
    const report = '{"version":1}';
    const connection = { project_id: projectId, kind: 'observer', device_id: null, connection_id: null };
    const diagnosis = session.tables.diagnosis.insert({ ...connection, at: session.now(), report });
    log('doctor.finish', { projectId, subject: 'lab', detail: { diagnosis, hash: checkHash(report) } });
  });
  // a device whose key is not here, and the certificate that the tester has for it
  const bytes = await buildRequest({
    kind: 'device',
    subject: { commonName: 'gw-1' },
    signer: softwareSigner(generateEcKey('p256').pkcs8),
  });
  const { requests } = await reviewRequests(session, projectId, [{ name: 'gw-1.csr', bytes }], 'device');
  await signRequests(
    session,
    projectId,
    requests.map(({ pem, id, role }) => ({ pem, id, role, existing: false })),
  );
  const gateway = session.tables.device.where("name = 'gw-1'")[0];
  await issueTestCertificate(session, projectId, gateway?.id ?? 0);
  const [meter, dash] = ['meter-001', 'dash-1'].map((name) => session.tables.device.where('name = ?', name)[0]?.id ?? 0);
  await makePasswords(session, projectId, { deviceIds: [meter as number], overlap: false });
  shareCertificate(session, projectId, meter as number, [dash as number]);
  const link = { ...newConnection, name: 'shore', host: 'shore.example' };
  putConnection(session, projectId, { id: null, settings: link }, { password: 'well water 7' });
  await makeShares(session, vault.file, { passphrase: testSecret.passphrase, threshold: 2, count: 3 });
});
afterAll(() => {
  vault.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The value with one bit, or one character, changed; of the same type, so that SQLite stores it. */
function flipped(value: SqlValue, at: number, bit: number): SqlValue {
  if (value === null) return Buffer.from([1]);
  // far enough that an id does not become another row's, which SQLite would refuse
  if (typeof value === 'number') return value ^ (1 << (10 + (bit % 20)));
  if (typeof value === 'string') {
    if (value === '') return 'x';
    const place = at % value.length;
    const other = String.fromCharCode(value.charCodeAt(place) ^ (1 << (bit % 5)));
    return value.slice(0, place) + other + value.slice(place + 1);
  }
  if (value.length === 0) return Buffer.from([1]);
  const place = at % value.length;
  const hurt = Buffer.from(value);
  hurt[place] = (hurt[place] ?? 0) ^ (1 << (bit % 8));
  return hurt;
}

it('a changed byte in any column of any row of any sealed table is found, and that row is refused', () => {
  const { session } = vault;
  const { database, tables } = session;
  database.pragma('ignore_check_constraints = ON');
  const columns: { table: string; id: number; column: string; value: SqlValue }[] = [];
  for (const { name } of Object.values(tables)) {
    const rows = database.prepare(`SELECT * FROM ${name}`).all() as Record<string, SqlValue>[];
    expect(rows.length, `${name} has no row to look at`).toBeGreaterThan(0);
    for (const row of rows)
      for (const [column, value] of Object.entries(row)) columns.push({ table: name, id: Number(row['id']), column, value });
  }
  expect(columns.length).toBeGreaterThan(300);
  const look = ({ table, id, column, value }: (typeof columns)[number], at: number, bit: number) => {
    const sealed = Object.values(tables).find(({ name }) => name === table);
    const hurt = flipped(value, at, bit);
    database.exec('BEGIN; PRAGMA defer_foreign_keys = ON');
    try {
      // null has no type to keep; where the column takes no bytes it takes a number or a text
      for (const other of value === null ? [hurt, 1, 'x'] : [hurt]) {
        try {
          database.prepare(`UPDATE ${table} SET ${column} = ? WHERE id = ?`).run(other, id);
          break;
        } catch (error) {
          if (!String((error as { code?: string }).code).includes('DATATYPE')) throw error;
        }
      }
      const where = `${table}.${column} of ${id}`;
      const now = column === 'id' ? Number(hurt) : id;
      expect([...(sealed?.damaged() ?? [])], where).toEqual([now]);
      expect(() => sealed?.get(now), where).toThrow('VAULT_TAMPERED');
    } finally {
      database.exec('ROLLBACK');
    }
  };
  // every column of every row once, then anywhere
  for (const [index, each] of columns.entries()) look(each, index * 7, index);
  fc.assert(
    fc.property(fc.nat({ max: columns.length - 1 }), fc.nat(), fc.nat({ max: 30 }), (pick, at, bit) => {
      const each = columns[pick];
      if (each) look(each, at, bit);
    }),
    { numRuns: 500 },
  );
});

it('the check opens the key of every authority and holds it against the certificate', async () => {
  const { session } = vault;
  expect(await verifyVault(session)).toMatchObject({ sound: true, findings: [] });
  const row = session.tables.authority.where('1 = 1 ORDER BY id')[0];
  const other = session.tables.privateKey.where('id <> ? ORDER BY id DESC', row?.key_id ?? 0)[0];
  if (!row || !other) throw new Error('there are two keys at least');
  // with right seals throughout: only the key itself tells
  session.write(() => session.tables.authority.update({ ...row, key_id: other.id }));
  expect((await verifyVault(session)).findings.join()).toContain(`of ${row.name} is not that of its key`);
  session.write(() => session.tables.authority.update(row));
  const key = session.tables.privateKey.get(row.key_id);
  if (!key?.sealed) throw new Error('the key is there');
  const sealed = Buffer.from(key.sealed);
  sealed[20] = (sealed[20] ?? 0) ^ 1;
  session.write(() => session.tables.privateKey.update({ ...key, sealed }));
  expect((await verifyVault(session)).findings).toContain(`the key of ${row.name} does not open`);
  session.write(() => session.tables.privateKey.update(key));
  expect(await verifyVault(session)).toMatchObject({ sound: true });
});

it('a changed byte in a table without seals is found as well: when it is opened, or by the check', async () => {
  vault.close();
  const bytes = readFileSync(vault.file);
  const changed = join(folder, 'changed.fieldkey');
  const database = new Sqlite(vault.file, { readonly: true });
  const columns = ['vault', 'migration', 'audit', 'audit_head'].flatMap((table) =>
    (database.prepare(`SELECT rowid AS place, * FROM ${table}`).all() as Record<string, SqlValue>[]).flatMap(
      ({ place, ...row }) => Object.entries(row).map(([column, value]) => ({ table, place, column, value })),
    ),
  );
  database.close();
  // when a migration ran is told to nobody and decides nothing
  const looked = columns.filter(({ table, column }) => !(table === 'migration' && column === 'applied_at') && column !== 'id');
  expect(looked.length).toBeGreaterThan(100);
  const look = async ({ table, place, column, value }: (typeof looked)[number], at: number, bit: number) => {
    // a time may be a moment off
    const hurt = flipped(value, at, column === 'created_at' ? 12 + (bit % 8) : bit);
    writeFileSync(changed, bytes);
    const edited = new Sqlite(changed);
    edited.pragma('ignore_check_constraints = ON');
    const update = edited.prepare(`UPDATE ${table} SET ${column} = ? WHERE rowid = ?`);
    // null has no type to keep
    update.run(value === null && column.endsWith('_id') ? 1 : hurt, place);
    edited.close();
    let found = 'nothing';
    try {
      const opened = Vault.read(changed, { kdfCost: testKdfCost });
      try {
        await opened.unlock(testSecret.passphrase, 'Ana');
        if (!(await opened.check()).sound) found = 'the check';
      } finally {
        opened.close();
      }
    } catch (error) {
      found = String((error as { code?: string }).code);
    }
    expect(found, `${table}.${column} of ${place}`).toMatch(
      /^(the check|VAULT_DAMAGED|VAULT_TAMPERED|PASSPHRASE_WRONG|VAULT_FROM_FUTURE)$/,
    );
  };
  for (const [index, each] of looked.filter(({ table }) => table !== 'audit').entries()) await look(each, index * 7, index);
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: looked.length - 1 }), fc.nat(), fc.nat({ max: 30 }), async (pick, at, bit) => {
      const each = looked[pick];
      if (each) await look(each, at, bit);
    }),
    { numRuns: 60 },
  );
});
