import type { VaultSession } from './session.ts';

/** The result of a complete check. `findings` are technical, one line each; empty = sound. */
export interface Verification {
  readonly sound: boolean;
  readonly entries: number;
  readonly head: string;
  readonly findings: readonly string[];
}

const findingsMaximum = 100;

/**
 * Checks the whole vault: the audit chain from its first entry to the authenticated head, the MAC of every row, and
 * the rows against the chain. The last finds what MACs cannot: a row put back to an older state (a revoked
 * certificate made valid again) or deleted.
 *
 * Gives control back between slices, so that a big vault does not hold up whoever shares the thread.
 */
export async function verifyVault(session: VaultSession): Promise<Verification> {
  const findings: string[] = [];
  const add = (finding: string) => {
    if (findings.length < findingsMaximum) findings.push(finding);
  };
  const issued = new Set<string>();
  const revoked = new Set<string>();
  /** Exports by id with the number of bundles that the log says they left in their folder. */
  const exported = new Map<number, number>();
  let entries = 0;
  let broken = false;
  for (const { entry, sound } of session.audit.entries()) {
    entries++;
    if (!sound && !broken) {
      broken = true;
      add(`audit entry ${entry.seq} is not what was written, or one before it is missing`);
    }
    const fingerprint = String(entry.detail['fingerprint'] ?? '');
    if (entry.action === 'certificate.issue') issued.add(fingerprint);
    if (entry.action === 'certificate.revoke') revoked.add(fingerprint);
    const { export: exportId, bundles } = entry.detail;
    // exports of programs before migration 2 have no row
    if (entry.action === 'export.write' && typeof exportId === 'number') exported.set(exportId, Number(bundles));
  }
  const { count, mac } = session.audit.head;
  if (entries !== count) add(`the audit log has ${entries} entries, its head says ${count}`);
  for (const table of Object.values(session.tables)) {
    for (const id of table.damaged()) add(`${table.name} ${id} was changed outside the program`);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  compareWithChain(session, issued, revoked, add);
  compareExports(session, exported, add);
  for (const problem of session.database.pragma('foreign_key_check') as { table: string; rowid: number }[]) {
    add(`${problem.table} ${problem.rowid} refers to a row that is missing`);
  }
  return { sound: findings.length === 0, entries, head: mac, findings };
}

/** Which certificates there are and which are revoked must be what the chain tells. */
function compareWithChain(
  session: VaultSession,
  issued: Set<string>,
  revoked: Set<string>,
  add: (finding: string) => void,
): void {
  const rows = session.database
    .prepare<[], { id: number; fingerprint: Buffer; status: string; kind: string }>(
      'SELECT id, fingerprint, status, kind FROM certificate',
    )
    .iterate();
  for (const row of rows) {
    const fingerprint = row.fingerprint.toString('hex');
    if (row.kind !== 'foreign' && !issued.delete(fingerprint))
      add(`certificate ${row.id} was never issued by an act in the audit log`);
    if (row.status === 'valid' && revoked.has(fingerprint)) add(`certificate ${row.id} was revoked, the table says valid`);
    if (row.status !== 'valid' && !revoked.has(fingerprint)) add(`certificate ${row.id} is marked ${row.status}, no act says so`);
  }
  for (const fingerprint of issued) add(`certificate with fingerprint ${fingerprint} was issued and is missing`);
}

/** A deleted row would hide what is on a lost stick: every export that the chain tells of is there with all its bundles. */
function compareExports(session: VaultSession, exported: Map<number, number>, add: (finding: string) => void): void {
  const rows = session.database
    .prepare<[], { id: number; bundles: number }>(
      'SELECT e.id, (SELECT count(*) FROM export_item i WHERE i.export_id = e.id) AS bundles FROM export e',
    )
    .all();
  for (const { id, bundles } of rows) {
    const told = exported.get(id);
    exported.delete(id);
    if (told === undefined) add(`export ${id} was never made by an act in the audit log`);
    else if (told !== bundles) add(`export ${id} had ${told} bundles, the table has ${bundles}`);
  }
  for (const id of exported.keys()) add(`export ${id} is in the audit log and missing in its table`);
}
