import { createHash } from 'node:crypto';
import { connectionDigest } from './connection-digest.ts';
import { slotIds } from './keychain-slots.ts';
import type { VaultSession } from './session.ts';
import type { ToldByChain } from './told-by-chain.ts';
import { vaultRow } from './vault-row.ts';
import type { AddFinding as Add } from './verify.ts';
import { windows } from './windows.ts';

/**
 * Holds the tables against what the chain tells. It finds what MACs cannot: a row put back to an older state, whose MAC
 * is right, and a row that was deleted. Yields now and then; what it says holds if nothing was written meanwhile.
 */
export function* compareTables(session: VaultSession, told: ToldByChain, add: Add): Generator<void> {
  compareVault(session, told, add);
  yield* compareCertificates(session, told, add);
  compareProjects(session, told, add);
  compareAuthorities(session, told, add);
  yield* compareDevices(session, told, add);
  yield* compareExports(session, told, add);
  compareProofs(session, told, add);
  yield* compareDiagnoses(session, told, add);
  comparePayloads(session, told, add);
  compareChecks(session, told, add);
  yield* compareCredentials(session, told, add);
  compareConnections(session, told, add);
  compareRecovery(session, told, add);
  yield* compareKeychains(session, told, add);
}

interface Told {
  readonly has: (row: string) => boolean;
  readonly keys: () => Iterable<string>;
}

/** The rows of a table that are also in the log; in the end those of the log that were not found. */
class SameSet {
  readonly #found = new Set<string>();
  readonly #told: Told;
  readonly #names: readonly [what: string, table: string];
  readonly #add: Add;

  constructor(told: Told, names: readonly [what: string, table: string], add: Add) {
    this.#told = told;
    this.#names = names;
    this.#add = add;
  }

  found(row: string): void {
    this.#found.add(row);
    const [what, table] = this.#names;
    if (!this.#told.has(row))
      this.#add(`${what} ${row} was never made by an act in the audit log`, { kind: 'unknown', table, row });
  }

  *missing(): Generator<void> {
    const [what, table] = this.#names;
    let looked = 0;
    for (const row of this.#told.keys()) {
      if (!this.#found.has(row))
        this.#add(`${what} ${row} is in the audit log and missing in its table`, { kind: 'missing', table, row });
      if (++looked % 10_000 === 0) yield;
    }
  }
}

function differs(table: string, row: string | number) {
  return { kind: 'differs', table, row: String(row) } as const;
}

/** The one row without a seal: what wraps the key proves itself, the rest only helps people, and must not mislead them. */
function compareVault({ database }: VaultSession, told: ToldByChain, add: Add): void {
  const { created_at: createdAt, last_operator: lastOperator } = vaultRow(database);
  if (lastOperator !== told.lastOperator)
    add(`the vault names ${lastOperator} as who used it last, the last act says ${told.lastOperator}`, differs('vault', 1));
  // the row is written a moment before its entry
  if (told.createdAt !== null && Math.abs(told.createdAt - createdAt) > 60_000)
    add('the vault was made at another time than it says', differs('vault', 1));
}

function* compareCertificates({ database }: VaultSession, told: ToldByChain, add: Add): Generator<void> {
  const certificates = new SameSet(told.issued, ['certificate', 'certificate'], add);
  for (const rows of windows<{ fingerprint: Buffer; status: string }>(database, 'fingerprint, status', 'certificate')) {
    for (const { rowid: id, ...row } of rows) {
      const fingerprint = row.fingerprint.toString('hex');
      certificates.found(fingerprint);
      const status = told.revoked.get(fingerprint);
      if (status !== undefined && row.status !== status) {
        add(
          `certificate ${id} was ${status === 'hold' ? 'put on hold' : 'revoked'}, the table says ${row.status}`,
          differs('certificate', id),
        );
      }
      if (row.status !== 'valid' && status === undefined)
        add(`certificate ${id} is marked ${row.status}, no act says so`, differs('certificate', id));
    }
    yield;
  }
  yield* certificates.missing();
  const tests = new SameSet(told.tests, ['test certificate', 'test_certificate'], add);
  const named = database.prepare<[], string>(
    `SELECT lower(hex(c.fingerprint)) || ' ' || d.project_id || ':' || d.name FROM test_certificate t
     JOIN certificate c ON c.id = t.certificate_id JOIN device d ON d.id = t.device_id`,
  );
  all(tests, named.pluck().all());
  const crls = new SameSet(told.crls, ['revocation list', 'crl'], add);
  for (const rows of windows<{ name: string }>(database, "authority_id || ':' || number AS name", 'crl')) {
    for (const { name } of rows) crls.found(name);
    yield;
  }
  yield* crls.missing();
  const listed = database.prepare<[number], number>('SELECT count(*) FROM listed_revocation WHERE authority_id = ?');
  for (const [authority, count] of told.listed) {
    const found = listed.pluck().get(authority) ?? 0;
    if (found !== count)
      add(
        `authority ${authority} came with ${count} revocations, the table has ${found}`,
        differs('listed_revocation', authority),
      );
    yield;
  }
}

function compareProjects(session: VaultSession, told: ToldByChain, add: Add): void {
  const { database } = session;
  const names = database.prepare<[], string>("SELECT id || ':' || name FROM project").pluck().all();
  const known = new Set([...told.projects].map(([id, { name }]) => `${id}:${name}`));
  all(new SameSet(known, ['project', 'project'], add), names);
  for (const [projectId, { name, access, exceptions, broker, trust, settings, moves }] of told.projects) {
    const now = {
      access: accessText(session, projectId),
      exceptions: exceptionsText(session, projectId),
      broker: brokerText(session, projectId),
      trust: trustText(session, projectId),
      settings: settingsText(session, projectId),
      moves: movesText(session, projectId),
    };
    if (access !== undefined && access !== now.access)
      add(`the access rules of ${name} are not those of the last act`, differs('access', name));
    if ((exceptions ?? '[]') !== now.exceptions)
      add(`the access exceptions of ${name} are not those of the last act`, differs('access_exception', name));
    if (broker !== undefined && broker !== now.broker)
      add(`the broker settings of ${name} are not those of the last act`, differs('broker', name));
    if (trust !== undefined && trust !== now.trust)
      add(`whom ${name} trusts is not what the last act says`, differs('trust', name));
    if ((settings ?? '') !== now.settings)
      add(`the settings of ${name} are not those of the last act`, differs('project_setting', name));
    if ((moves ?? '') !== now.moves)
      add(`the replaced authorities of ${name} are not those of the last act`, differs('succession', name));
  }
}

function accessText(session: VaultSession, projectId: number): string {
  const rows = session.database
    .prepare<[number], { role: string; topics: string }>('SELECT role, topics FROM access WHERE project_id = ? ORDER BY id')
    .all(projectId);
  return JSON.stringify(rows.map(({ role, topics }) => ({ role, ...JSON.parse(topics) })));
}

/** The exceptions of single devices as JSON, by the device's id; the form in which acts log them. */
export function exceptionsText(session: VaultSession, projectId: number): string {
  const rows = session.database
    .prepare<[number], { device: string; topics: string }>(
      `SELECT d.name AS device, e.topics FROM access_exception e JOIN device d ON d.id = e.device_id WHERE e.project_id = ?`,
    )
    .all(projectId)
    // by code units, as plainExceptions sorts
    .sort((a, b) => (a.device < b.device ? -1 : a.device > b.device ? 1 : 0));
  return JSON.stringify(rows.map(({ device, topics }) => ({ device, ...JSON.parse(topics) })));
}

function brokerText(session: VaultSession, projectId: number): string {
  const select = 'SELECT settings FROM broker WHERE project_id = ? ORDER BY id LIMIT 1';
  return session.database.prepare<[number], string>(select).pluck().get(projectId) ?? '';
}

/** What a project has decided besides its plan; the form in which acts log it. */
export function settingsText(session: VaultSession, projectId: number): string {
  const select = 'SELECT settings FROM project_setting WHERE project_id = ?';
  return session.database.prepare<[number], string>(select).pluck().get(projectId) ?? '';
}

/** The replacing of authorities, `old>new` and a full stop when it is finished; the form in which acts log it. */
export function movesText(session: VaultSession, projectId: number): string {
  const rows = session.database
    .prepare<[number], { old: number; new: number; finished_at: number | null }>(
      `SELECT old_authority_id AS old, new_authority_id AS new, finished_at FROM succession WHERE project_id = ? ORDER BY id`,
    )
    .all(projectId);
  return rows.map((row) => `${row.old}>${row.new}${row.finished_at === null ? '' : '.'}`).join(' ');
}

/** A state put back, or a key that was taken out and put back with an old copy of its row. */
function compareAuthorities(session: VaultSession, told: ToldByChain, add: Add): void {
  const rows = session.database
    .prepare<[], { id: number; name: string; state: string; here: number }>(
      `SELECT a.id, a.name, a.state, k.sealed IS NOT NULL AS here FROM authority a JOIN private_key k ON k.id = a.key_id`,
    )
    .all();
  for (const { id, name, state, here } of rows) {
    const said = told.authorities.get(id) ?? 'active';
    if (said !== state) add(`authority ${name} is ${state}, the last act made it ${said}`, differs('authority', name));
    if (here && told.offline.has(id))
      add(`the key of ${name} was taken out of the vault and is in it again, no act says so`, differs('authority', name));
    if (!here && !told.offline.has(id)) add(`the key of ${name} is missing, no act took it out`, differs('authority', name));
  }
}

/** `broker` and `clients` with the fingerprints that are trusted for each; the form in which acts log it. */
export function trustText(session: VaultSession, projectId: number): string {
  const rows = session.database
    .prepare<[number], { purpose: string; fingerprint: string }>(
      `SELECT t.purpose, lower(hex(c.fingerprint)) AS fingerprint FROM trust t JOIN certificate c ON c.id = t.certificate_id
       WHERE t.project_id = ? ORDER BY t.purpose, t.id`,
    )
    .all(projectId);
  return rows.map(({ purpose, fingerprint }) => `${purpose} ${fingerprint}`).join(', ');
}

function* compareDevices({ database }: VaultSession, told: ToldByChain, add: Add): Generator<void> {
  const devices = new SameSet(told.roles, ['device', 'device'], add);
  for (const rows of windows<{ name: string; role: string }>(database, "project_id || ':' || name AS name, role", 'device')) {
    for (const { name, role } of rows) {
      devices.found(name);
      const last = told.roles.get(name);
      if (last !== undefined && last !== role)
        add(`device ${name} has the role ${role}, the last act gave it ${last}`, differs('device', name));
    }
    yield;
  }
  yield* devices.missing();
}

/** A deleted row would hide what is on a lost stick: every export that the chain tells of is there with all its bundles. */
function* compareExports({ database }: VaultSession, told: ToldByChain, add: Add): Generator<void> {
  const known = new Set([...told.exports.keys()].map(String));
  const exports = new SameSet(known, ['export', 'export'], add);
  const bundles = '(SELECT count(*) FROM export_item i WHERE i.export_id = t.id) AS bundles';
  // one at a time: each may have put all devices on a stick
  for (const rows of windows<{ bundles: number }>(database, bundles, 'export', 1)) {
    for (const { rowid: id, bundles } of rows) {
      exports.found(String(id));
      const was = told.exports.get(id);
      if (was !== undefined && was !== bundles)
        add(`export ${id} had ${was} bundles, the table has ${bundles}`, differs('export', id));
    }
    yield;
  }
  yield* exports.missing();
  const outcomes = database.prepare<[], string>("SELECT export_id || ':' || state FROM export_outcome").pluck().all();
  const said = new Set([...told.outcomes].map(([id, state]) => `${id}:${state}`));
  all(new SameSet(said, ['outcome of export', 'export_outcome'], add), outcomes);
}

/** The few rows of a small table, in one go. */
function all(set: SameSet, rows: readonly string[]): void {
  for (const row of rows) set.found(row);
  for (const _ of set.missing());
}

/** A proof that is missing would be a failure that somebody hid. */
function compareProofs(session: VaultSession, told: ToldByChain, add: Add): void {
  const rows = session.database.prepare<[], string>("SELECT id || ':' || outcome FROM proof").pluck().all();
  all(new SameSet(told.proofs, ['proof', 'proof'], add), rows);
}

/** An earlier report put back would say that a connection is sound which was not. */
function* compareDiagnoses({ database }: VaultSession, told: ToldByChain, add: Add): Generator<void> {
  const diagnoses = new SameSet(
    new Set([...told.diagnoses].map(([id, hash]) => `${id}:${hash}`)),
    ['diagnosis', 'diagnosis'],
    add,
  );
  for (const rows of windows<{ id: number; report: string }>(database, 'id, report', 'diagnosis')) {
    for (const { id, report } of rows) diagnoses.found(`${id}:${createHash('sha256').update(report).digest('hex')}`);
    yield;
  }
  yield* diagnoses.missing();
}

/** An old text put back would be sent to devices in place of the one that somebody wrote. */
function comparePayloads({ database }: VaultSession, told: ToldByChain, add: Add): void {
  const rows = database.prepare<[], { id: number; template: string }>('SELECT id, template FROM saved_payload').all();
  const said = new Set([...told.payloads].map(([id, hash]) => `${id}:${hash}`));
  all(
    new SameSet(said, ['saved payload', 'saved_payload'], add),
    rows.map(({ id, template }) => `${id}:${createHash('sha256').update(template).digest('hex')}`),
  );
}

/** An old check put back would be sent in place of the one that somebody wrote; an old result would hide a failure. */
function compareChecks({ database }: VaultSession, told: ToldByChain, add: Add): void {
  const hashed = (rows: readonly { id: number; text: string }[]) =>
    rows.map(({ id, text }) => `${id}:${createHash('sha256').update(text).digest('hex')}`);
  const said = (known: ReadonlyMap<number, string>) => new Set([...known].map(([id, hash]) => `${id}:${hash}`));
  const rows = (select: string) => hashed(database.prepare<[], { id: number; text: string }>(select).all());
  const checks = new SameSet(said(told.checks), ['check', 'message_check'], add);
  all(checks, rows('SELECT id, definition AS text FROM message_check'));
  const runs = new SameSet(said(told.checkRuns), ['result of checks', 'check_run'], add);
  all(runs, rows('SELECT id, report AS text FROM check_run'));
}

/** A password that was ended and is accepted again, or one that nobody made; and whose certificate a device uses. */
function* compareCredentials({ database }: VaultSession, told: ToldByChain, add: Add): Generator<void> {
  const known = new Map([...told.credentials].map(([id, state]) => [`${id}:${state}`, state]));
  const credentials = new SameSet(known, ['password', 'credential'], add);
  for (const rows of windows<{ name: string }>(database, "id || ':' || state AS name", 'credential')) {
    for (const { name } of rows) credentials.found(name);
    yield;
  }
  yield* credentials.missing();
  const shared = database
    .prepare<[], string>(
      `SELECT s.project_id || ':' || d.name || ' as ' || h.name FROM shared_certificate s
       JOIN device d ON d.id = s.device_id JOIN device h ON h.id = s.holder_id`,
    )
    .pluck()
    .all();
  const said = new Set([...told.shared].map(([device, holder]) => `${device} as ${holder}`));
  all(new SameSet(said, ['shared certificate', 'shared_certificate'], add), shared);
}

/** A connection put back to what it was would send a password to a broker that is no longer meant. */
function compareConnections({ database }: VaultSession, told: ToldByChain, add: Add): void {
  const known = new Set([...told.connections].map(([id, digest]) => `${id}:${digest}`));
  const stored = database
    .prepare<[], { id: number; settings: string; sealed: Buffer | null }>('SELECT id, settings, sealed FROM own_connection')
    .all();
  all(
    new SameSet(known, ['connection', 'own_connection'], add),
    stored.map((row) => `${row.id}:${connectionDigest(row)}`),
  );
}

/** An old row put back would let shares open the vault that were replaced, perhaps because one was lost. */
function compareRecovery(session: VaultSession, told: ToldByChain, add: Add): void {
  const set = session.database.prepare<[], string>('SELECT lower(hex(set_id)) FROM recovery').pluck().get() ?? '';
  if (set === told.shares) return;
  const finding = `the recovery shares are of set ${set || 'none'}, the last act made ${told.shares || 'none'}`;
  add(finding, differs('recovery', set.slice(0, 8)));
}

/** A slot put back would open the vault on a computer that was excluded, perhaps because it was lost. */
function* compareKeychains({ database }: VaultSession, told: ToldByChain, add: Add): Generator<void> {
  const slots = new SameSet(told.keychains, ['keychain slot', 'keychain'], add);
  for (const slot of slotIds(database)) slots.found(slot);
  yield* slots.missing();
}
