import type { VaultSession } from '../vault/session.ts';

/** Devices that use the certificate of another one, because somebody insists on one certificate for several (product S1.4). */

/** SQL: the device whose certificates one works with, itself unless it shares another's. `device` is the id's expression. */
export function holderSql(device: 'd.id'): string {
  return `coalesce((SELECT holder_id FROM shared_certificate s WHERE s.device_id = ${device}), ${device})`;
}

/** Id of the device whose certificate a device works with: its own, unless it shares another's. */
export function holderOf(session: VaultSession, deviceId: number): number {
  return session.tables.sharedCertificate.where('device_id = ?', deviceId)[0]?.holder_id ?? deviceId;
}

/** The ids of devices that work with the certificate of this one, itself left out. */
export function sharersOf(session: VaultSession, deviceId: number): number[] {
  return session.tables.sharedCertificate.where('holder_id = ? ORDER BY device_id', deviceId).map(({ device_id }) => device_id);
}

/** Device → name of the one whose certificate it works with. */
export function sharedHolders(session: VaultSession, projectId: number): Map<number, string> {
  const rows = session.tables.sharedCertificate.where('project_id = ?', projectId);
  return new Map(rows.map((row) => [row.device_id, session.tables.device.get(row.holder_id)?.name ?? '']));
}
