import type { VaultSession } from '../vault/session.ts';

/**
 * The devices that cannot be shown as they stand in a damaged vault: their own entry or one of their certificates does not carry
 * this vault's seal, or carries it and is not what the audit log says (put back to an older state, gone, never made).
 */
export function untrustedDevices(session: VaultSession): Set<number> {
  const untrusted = new Set(session.tables.device.damaged());
  const { database } = session;
  const owner = database.prepare<[number], number | null>('SELECT device_id FROM certificate WHERE id = ?').pluck();
  for (const id of session.tables.certificate.damaged()) untrusted.add(owner.get(id) ?? -1);
  const gone = new Set<string>();
  const byFingerprint = database
    .prepare<[Buffer], number | null>('SELECT device_id FROM certificate WHERE fingerprint = ?')
    .pluck();
  const byName = database.prepare<[number, string], number>('SELECT id FROM device WHERE project_id = ? AND name = ?').pluck();
  for (const suspect of session.suspects) {
    const [table = '', row = ''] = suspect.split(/ (.*)/s);
    if (table === 'device') untrusted.add(namedDevice(row, byName) ?? Number(row));
    else if (/^\d+$/.test(row) && row.length < 16) untrusted.add(owner.get(Number(row)) ?? -1);
    else {
      const device = byFingerprint.get(Buffer.from(row, 'hex'));
      // in the log and not in the table: what is shown of its device is an earlier certificate, or none
      if (device === undefined) gone.add(row);
      else untrusted.add(device ?? -1);
    }
  }
  if (gone.size > 0) for (const name of subjectsOf(session, gone)) untrusted.add(namedDevice(name, byName) ?? -1);
  return untrusted;
}

/** By `project:name`, as the log knows a device. */
function namedDevice(name: string, byName: { get(project: number, name: string): number | undefined }): number | undefined {
  const [project = '', device] = name.split(/:(.*)/s);
  return device === undefined ? undefined : byName.get(Number(project), device);
}

/** `project:subject` of the certificates with these fingerprints, out of the log. */
function* subjectsOf({ database }: VaultSession, fingerprints: ReadonlySet<string>): Generator<string> {
  const entries = database
    .prepare<[], { project: number | null; subject: string; fingerprint: unknown }>(
      `SELECT project_id AS project, subject, json_extract(detail, '$.fingerprint') AS fingerprint FROM audit
       WHERE action IN ('certificate.issue', 'certificate.import') AND json_valid(detail)`,
    )
    .iterate();
  for (const { project, subject, fingerprint } of entries)
    if (fingerprints.has(String(fingerprint))) yield `${project}:${subject}`;
}
