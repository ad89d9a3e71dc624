import type { VaultSession } from './session.ts';
import type { ToldByChain } from './told-by-chain.ts';
import type { AddFinding as Add } from './verify.ts';

/**
 * Holds the tables against what the chain tells. It finds what MACs cannot: a row put back to an older state, whose MAC
 * is right, and a row that was deleted.
 */
export function compareTables(session: VaultSession, told: ToldByChain, add: Add): void {
  compareCertificates(session, told, add);
  compareProjects(session, told, add);
  compareAuthorities(session, told, add);
  compareDevices(session, told, add);
  compareExports(session, told, add);
  compareRecovery(session, told, add);
}

/** The set must be the same on both sides; what is left of `told` afterwards is missing in the table. */
function sameSet(found: Iterable<string>, told: ReadonlySet<string>, [what, table]: readonly [string, string], add: Add): void {
  const missing = new Set(told);
  for (const row of found) {
    if (!missing.delete(row)) add(`${what} ${row} was never made by an act in the audit log`, { kind: 'unknown', table, row });
  }
  for (const row of missing) add(`${what} ${row} is in the audit log and missing in its table`, { kind: 'missing', table, row });
}

function differs(table: string, row: string | number) {
  return { kind: 'differs', table, row: String(row) } as const;
}

function compareCertificates(session: VaultSession, told: ToldByChain, add: Add): void {
  const fingerprints: string[] = [];
  const rows = session.database
    .prepare<[], { id: number; fingerprint: Buffer; status: string }>('SELECT id, fingerprint, status FROM certificate')
    .iterate();
  for (const row of rows) {
    const fingerprint = row.fingerprint.toString('hex');
    fingerprints.push(fingerprint);
    const status = told.revoked.get(fingerprint);
    if (status !== undefined && row.status !== status) {
      add(
        `certificate ${row.id} was ${status === 'hold' ? 'put on hold' : 'revoked'}, the table says ${row.status}`,
        differs('certificate', row.id),
      );
    }
    if (row.status !== 'valid' && status === undefined)
      add(`certificate ${row.id} is marked ${row.status}, no act says so`, differs('certificate', row.id));
  }
  sameSet(fingerprints, told.issued, ['certificate', 'certificate'], add);
  const crls = session.database.prepare<[], string>("SELECT authority_id || ':' || number FROM crl").pluck().all();
  sameSet(crls, told.crls, ['revocation list', 'crl'], add);
  const listed = session.database.prepare<[number], number>('SELECT count(*) FROM listed_revocation WHERE authority_id = ?');
  for (const [authority, count] of told.listed) {
    const found = listed.pluck().get(authority) ?? 0;
    if (found !== count)
      add(
        `authority ${authority} came with ${count} revocations, the table has ${found}`,
        differs('listed_revocation', authority),
      );
  }
}

function compareProjects(session: VaultSession, told: ToldByChain, add: Add): void {
  const { database } = session;
  const names = database.prepare<[], string>("SELECT id || ':' || name FROM project").pluck().all();
  sameSet(names, new Set([...told.projects].map(([id, { name }]) => `${id}:${name}`)), ['project', 'project'], add);
  for (const [projectId, { name, access, broker, trust, settings, moves }] of told.projects) {
    const now = {
      access: accessText(session, projectId),
      broker: brokerText(session, projectId),
      trust: trustText(session, projectId),
      settings: settingsText(session, projectId),
      moves: movesText(session, projectId),
    };
    if (access !== undefined && access !== now.access)
      add(`the access rules of ${name} are not those of the last act`, differs('access', name));
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

function compareDevices(session: VaultSession, told: ToldByChain, add: Add): void {
  const rows = session.database
    .prepare<[], { id: string; role: string }>("SELECT project_id || ':' || name AS id, role FROM device")
    .all();
  sameSet(
    rows.map((row) => row.id),
    new Set(told.roles.keys()),
    ['device', 'device'],
    add,
  );
  for (const { id, role } of rows) {
    const last = told.roles.get(id);
    if (last !== undefined && last !== role)
      add(`device ${id} has the role ${role}, the last act gave it ${last}`, differs('device', id));
  }
}

/** A deleted row would hide what is on a lost stick: every export that the chain tells of is there with all its bundles. */
function compareExports(session: VaultSession, told: ToldByChain, add: Add): void {
  const rows = session.database
    .prepare<[], { id: number; bundles: number }>(
      'SELECT e.id, (SELECT count(*) FROM export_item i WHERE i.export_id = e.id) AS bundles FROM export e',
    )
    .all();
  sameSet(
    rows.map(({ id }) => String(id)),
    new Set([...told.exports.keys()].map(String)),
    ['export', 'export'],
    add,
  );
  for (const { id, bundles } of rows) {
    const was = told.exports.get(id);
    if (was !== undefined && was !== bundles)
      add(`export ${id} had ${was} bundles, the table has ${bundles}`, differs('export', id));
  }
  const outcomes = session.database.prepare<[], string>("SELECT export_id || ':' || state FROM export_outcome").pluck().all();
  sameSet(
    outcomes,
    new Set([...told.outcomes].map(([id, state]) => `${id}:${state}`)),
    ['outcome of export', 'export_outcome'],
    add,
  );
}

/** An old row put back would let shares open the vault that were replaced, perhaps because one was lost. */
function compareRecovery(session: VaultSession, told: ToldByChain, add: Add): void {
  const set = session.database.prepare<[], string>('SELECT lower(hex(set_id)) FROM recovery').pluck().get() ?? '';
  if (set === told.shares) return;
  const finding = `the recovery shares are of set ${set || 'none'}, the last act made ${told.shares || 'none'}`;
  add(finding, differs('recovery', set.slice(0, 8)));
}
