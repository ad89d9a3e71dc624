import type { CallOutput, ParsedInput } from '../../shared/contract.ts';
import { FieldkeyError } from '../../shared/errors.ts';
import type { CertificateState } from '../../shared/model/certificate.ts';
import type { DeviceRow } from '../../shared/model/device.ts';
import { deviceAccess } from '../../shared/rules/device-access.ts';
import { usesPasswords } from '../../shared/rules/password.ts';
import { fillTopic } from '../../shared/rules/topic.ts';
import type { VaultSession } from '../vault/session.ts';
import { certificateDetailOf, testDetailOf } from './certificate-view.ts';
import { credentialsOf, passwordState } from './credentials.ts';
import { deviceIndex, type Indexed, rowOf, rowOfDevice, stateOf } from './device-index.ts';
import { accessOf, brokerOf, exceptionsOf, judgingOf, projectById } from './lookup.ts';
import { holderOf, sharersOf } from './shared-certificate.ts';
import { testCertificatesOf } from './test-certificate.ts';
import { untrustedDevices } from './untrusted-devices.ts';

/** All devices of a project by id, in the order people count: meter-2 before meter-10. */
export function devicesOf(session: VaultSession, projectId: number, now: number): DeviceRow[] {
  const at = judgingOf(session, projectId, now);
  return deviceIndex(session, projectId).map(({ row, trusted }) => rowOf(row, at, trusted));
}

/** One page of a project's devices that match; `total` counts all that match. */
export function listDevices(session: VaultSession, query: ParsedInput<'device.list'>, now: number): CallOutput<'device.list'> {
  const at = judgingOf(session, query.projectId, now);
  const wanted = query.search.trim().toLowerCase();
  // people paste serials as tools print them: 4F:9A:1C
  const serial = wanted.replace(/[\s:]/g, '');
  const matching = deviceIndex(session, query.projectId).filter(
    (each) =>
      (query.state === undefined || (each.trusted && stateOf(each.row, at) === query.state)) &&
      endsWithin(each, query) &&
      (wanted === '' || each.folded.includes(wanted) || (serial.length >= 4 && each.serial.includes(serial))),
  );
  return {
    total: matching.length,
    rows: matching.slice(query.offset, query.offset + query.limit).map(({ row, trusted }) => rowOf(row, at, trusted)),
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
export function countByState(rows: readonly Pick<DeviceRow, 'state' | 'trusted'>[]): Record<CertificateState, number> {
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
  const certificates = session.tables.certificate.where('device_id = ? ORDER BY id DESC', holderOf(session, deviceId));
  const { write, read, deny } = deviceAccess(accessOf(session, stored.project_id), exceptionsOf(session, stored.project_id), {
    id: stored.name,
    role: stored.role,
  });
  const project = projectById(session, stored.project_id).name;
  const fill = (topics: readonly string[]) => topics.map((topic) => fillTopic(topic, { project, device: stored.name }));
  const trusted = !session.tables.device.salvaging || !untrustedDevices(session).has(deviceId);
  const at = judgingOf(session, stored.project_id, now);
  return {
    device: rowOf(rowOfDevice(session, stored.project_id, deviceId), at, trusted),
    certificates: [
      ...certificates.map((certificate) => certificateDetailOf(certificate, at)),
      ...testCertificatesOf(session, deviceId).map((certificate) => testDetailOf(certificate, at)),
    ].sort((a, b) => b.id - a.id),
    write: fill(write),
    read: fill(read),
    deny: fill(deny),
    password: passwordOf(session, stored.project_id, deviceId),
    shared: sharedOf(session, deviceId),
  };
}

function passwordOf(session: VaultSession, projectId: number, deviceId: number): CallOutput<'device.show'>['password'] {
  const kit = brokerOf(session, projectId)?.parsed.kit;
  if (!kit || !usesPasswords(kit)) return null;
  const rows = credentialsOf(session, projectId, deviceId);
  const current = rows.find(({ state }) => state === 'current');
  const leaving = rows.find(({ state }) => state === 'leaving');
  return {
    state: passwordState(rows),
    user: current?.user ?? null,
    before: leaving?.user ?? null,
    since: current?.created_at ?? null,
  };
}

function sharedOf(session: VaultSession, deviceId: number): CallOutput<'device.show'>['shared'] {
  const holderId = holderOf(session, deviceId);
  const all = [holderId, ...sharersOf(session, holderId)];
  if (all.length === 1) return null;
  const named = (id: number) => session.tables.device.get(id)?.name ?? '';
  return { holderId, holder: named(holderId), others: all.filter((id) => id !== deviceId).map(named) };
}
