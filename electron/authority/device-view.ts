import type { CallOutput, ParsedInput } from '../../shared/contract.ts';
import { FieldkeyError } from '../../shared/errors.ts';
import type { Role } from '../../shared/model/access.ts';
import type { CertificateState, CertificateStatus } from '../../shared/model/certificate.ts';
import type { DeviceRow } from '../../shared/model/device.ts';
import { certificateState, renewFrom } from '../../shared/rules/certificate-state.ts';
import { fillTopic } from '../../shared/rules/topic.ts';
import type { VaultSession } from '../vault/session.ts';
import { certificateDetailOf } from './certificate-view.ts';
import { accessOf, projectById } from './lookup.ts';

type Joined = {
  deviceId: number;
  id: string;
  role: string;
  certificateId: number | null;
  serial: Buffer | null;
  not_before: number | null;
  not_after: number | null;
  status: CertificateStatus | null;
  revoked_at: number | null;
};

/** The certificate that each device works with: the newest valid one, or else the newest. The MACs are not checked for lists; every act checks what it uses. */
const joined = `
  SELECT d.id AS deviceId, d.name AS id, d.role, c.id AS certificateId, c.serial, c.not_before, c.not_after, c.status, c.revoked_at
  FROM device d LEFT JOIN certificate c ON c.id =
    (SELECT id FROM certificate WHERE device_id = d.id ORDER BY status = 'valid' DESC, id DESC LIMIT 1)
  WHERE d.project_id = ?`;

function rowOf(row: Joined, now: number, trusted = true): DeviceRow {
  const { not_before: notBefore, not_after: notAfter, status } = row;
  const known = notBefore !== null && notAfter !== null && status !== null;
  return {
    deviceId: row.deviceId,
    id: row.id,
    role: row.role as Role,
    state: known ? certificateState({ status, notBefore, notAfter }, now) : 'awaiting',
    certificateId: row.certificateId,
    serial: row.serial?.toString('hex') ?? null,
    notBefore,
    notAfter,
    renewFrom: known ? renewFrom(notBefore, notAfter) : null,
    revokedAt: row.revoked_at,
    trusted,
  };
}

/** A row with what a search looks at. */
interface Indexed {
  readonly row: Joined;
  readonly folded: string;
  readonly serial: string;
  readonly trusted: boolean;
}

interface Index {
  readonly acts: number;
  /** Made while the vault was known to be damaged: entries with a wrong seal are marked. */
  readonly salvaged: boolean;
  readonly rows: readonly Indexed[];
}

/** The sorted rows of each project, for as long as no act was written: sorting 100,000 names takes half a second. */
const indexes = new WeakMap<VaultSession, Map<number, Index>>();

function indexOf(session: VaultSession, projectId: number): readonly Indexed[] {
  session.assertOpen();
  const acts = session.audit.head.count;
  const salvaged = session.tables.device.salvaging;
  const ofSession: Map<number, Index> = indexes.get(session) ?? new Map();
  indexes.set(session, ofSession);
  const known = ofSession.get(projectId);
  if (known?.acts === acts && known.salvaged === salvaged) return known.rows;
  const edited = salvaged ? editedDevices(session) : new Set<number>();
  const order = new Intl.Collator('en', { numeric: true });
  const rows = session.database
    .prepare<[number], Joined>(joined)
    .all(projectId)
    .map((row) => ({
      row,
      folded: row.id.toLowerCase(),
      serial: row.serial?.toString('hex') ?? '',
      trusted: !edited.has(row.deviceId),
    }))
    .sort((a, b) => order.compare(a.row.id, b.row.id));
  ofSession.set(projectId, { acts, salvaged, rows });
  return rows;
}

/** Devices whose own entry, or one of whose certificates, does not carry this vault's seal. */
function editedDevices(session: VaultSession): Set<number> {
  const edited = new Set(session.tables.device.damaged());
  const owner = session.database.prepare<[number], number | null>('SELECT device_id FROM certificate WHERE id = ?').pluck();
  for (const id of session.tables.certificate.damaged()) edited.add(owner.get(id) ?? -1);
  return edited;
}

/** All devices of a project by id, in the order people count: meter-2 before meter-10. */
export function devicesOf(session: VaultSession, projectId: number, now: number): DeviceRow[] {
  return indexOf(session, projectId).map(({ row, trusted }) => rowOf(row, now, trusted));
}

/** One page of a project's devices that match; `total` counts all that match. */
export function listDevices(session: VaultSession, query: ParsedInput<'device.list'>, now: number): CallOutput<'device.list'> {
  const wanted = query.search.trim().toLowerCase();
  // people paste serials as tools print them: 4F:9A:1C
  const serial = wanted.replace(/[\s:]/g, '');
  const matching = indexOf(session, query.projectId).filter(
    (each) =>
      (query.state === undefined || (each.trusted && rowOf(each.row, now).state === query.state)) &&
      endsWithin(each, query) &&
      (wanted === '' || each.folded.includes(wanted) || (serial.length >= 4 && each.serial.includes(serial))),
  );
  return {
    total: matching.length,
    rows: matching.slice(query.offset, query.offset + query.limit).map(({ row, trusted }) => rowOf(row, now, trusted)),
  };
}

/** An ended certificate is within a span that is open at its beginning: it is what is due first. */
function endsWithin(
  { row: { status, not_after: ends }, trusted }: Indexed,
  query: Pick<ParsedInput<'device.list'>, 'endsFrom' | 'endsBefore'>,
): boolean {
  if (query.endsFrom === undefined && query.endsBefore === undefined) return true;
  return (
    trusted &&
    status === 'valid' &&
    ends !== null &&
    ends >= (query.endsFrom ?? 0) &&
    ends < (query.endsBefore ?? Number.POSITIVE_INFINITY)
  );
}

/** What cannot be trusted counts for no state. */
export function countByState(rows: readonly DeviceRow[]): Record<CertificateState, number> {
  const counts = { valid: 0, due: 0, expired: 0, hold: 0, revoked: 0, awaiting: 0 };
  for (const row of rows) if (row.trusted) counts[row.state]++;
  return counts;
}

/** Everything about one device. @throws DEVICE_NOT_FOUND, VAULT_TAMPERED */
export function deviceDetail(session: VaultSession, deviceId: number, now: number): CallOutput<'device.show'> {
  const stored = session.tables.device.get(deviceId);
  if (!stored) {
    // left out in a damaged vault, and still in the list: there it says why
    const there = session.database.prepare('SELECT 1 FROM device WHERE id = ?').get(deviceId) !== undefined;
    if (there) throw new FieldkeyError('VAULT_TAMPERED', { table: 'device', row: deviceId });
    throw new FieldkeyError('DEVICE_NOT_FOUND', { device: String(deviceId) });
  }
  const row = session.database
    .prepare<[number, number], Joined>(`${joined} AND d.id = ?`)
    .get(stored.project_id, deviceId) as Joined;
  const certificates = session.tables.certificate.where('device_id = ? ORDER BY id DESC', deviceId);
  const rule = accessOf(session, stored.project_id).find((r) => r.role === stored.role);
  const project = projectById(session, stored.project_id).name;
  const fill = (topics: readonly string[] = []) => topics.map((topic) => fillTopic(topic, { project, device: stored.name }));
  const trusted = !session.tables.device.salvaging || !editedDevices(session).has(deviceId);
  return {
    device: rowOf(row, now, trusted),
    certificates: certificates.map((certificate) => certificateDetailOf(certificate, now)),
    write: fill(rule?.write),
    read: fill(rule?.read),
  };
}
