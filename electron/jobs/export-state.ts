import type { CallOutput } from '../../shared/contract.ts';
import type { ExportRecord } from '../../shared/model/export.ts';
import { usesPasswords } from '../../shared/rules/password.ts';
import { brokerCertificate, brokerOf, projectById } from '../authority/lookup.ts';
import { holderSql } from '../authority/shared-certificate.ts';
import type { ExportRow } from '../vault/rows.ts';
import type { VaultSession } from '../vault/session.ts';
import { changedFiles, type KitHashes } from './kit-difference.ts';
import { kitNow } from './kit-now.ts';
import { bundleBasis, contextOf, type ProjectContext } from './project-files.ts';

/** What was exported, and what differs since then. `changedKitFiles` is the whole kit if it never was exported. */
export function exportState(session: VaultSession, projectId: number): CallOutput<'export.state'> {
  projectById(session, projectId);
  const records = session.tables.export.where('project_id = ? ORDER BY id DESC', projectId);
  const broker = brokerOf(session, projectId);
  const brokerKey = (broker && brokerCertificate(session, broker.id)?.key_id) ?? null;
  const states = statesOf(session, records);
  const exports = records
    .filter((row) => states.get(row.id) === 'finished' || !coveredByLater(session, row))
    .map((row) => recordOf(session, row, states.get(row.id) ?? 'finished', brokerKey));
  const last = lastWithKit(session, projectId);
  const context = contextOf(session, projectId);
  const kit = kitNow(session, projectId);
  return {
    last: exports.find((entry) => entry.exportId === last?.id) ?? null,
    changedKitFiles: changedFiles(last ? kitOf(last) : {}, kit),
    devicesToExport: devicesToExport(session, projectId),
    bundlesOutdated: bundlesOutdated(session, context),
    exports,
  };
}

/** SQL: the export of this id came to its end. One without an outcome is of an earlier version, or had nothing to write. */
export function finished(id: 'export.id' | 'i.export_id' | 'export_item.export_id'): string {
  return `NOT EXISTS (SELECT 1 FROM export_outcome o WHERE o.export_id = ${id} AND o.state <> 'finished')`;
}

function statesOf(session: VaultSession, records: readonly ExportRow[]): Map<number, ExportRecord['state']> {
  const states = new Map(records.map(({ id }) => [id, 'finished' as ExportRecord['state']]));
  for (const { export_id, state } of session.tables.exportOutcome.where('1 = 1'))
    if (states.has(export_id)) states.set(export_id, state);
  return states;
}

/**
 * An export that did not end is of no more interest once a later one to the same stick (recognised, not just the same
 * folder) has written all of its keys: whoever asks for that stick finds them there.
 */
function coveredByLater(session: VaultSession, row: ExportRow): boolean {
  if (row.volume_id === '') return false;
  const later = session.database
    .prepare<[number, number, string, string, number | null, number], number>(
      `SELECT 1 FROM export l WHERE l.project_id = ? AND l.id > ? AND l.volume_id = ? AND l.directory = ?
         AND coalesce(?, l.broker_key_id, 0) = coalesce(l.broker_key_id, 0)
         AND NOT EXISTS (SELECT 1 FROM export_item i WHERE i.export_id = ? AND NOT EXISTS
           (SELECT 1 FROM export_item k WHERE k.export_id = l.id AND k.device_id = i.device_id AND k.key_id IS i.key_id))`,
    )
    .pluck();
  return later.get(row.project_id, row.id, row.volume_id, row.directory, row.broker_key_id, row.id) === 1;
}

/** The newest finished export that wrote the broker's kit. */
export function lastWithKit(session: VaultSession, projectId: number): ExportRow | undefined {
  return session.tables.export.where(
    `project_id = ? AND with_broker = 1 AND ${finished('export.id')} ORDER BY id DESC LIMIT 1`,
    projectId,
  )[0];
}

export function kitOf(row: ExportRow): KitHashes {
  return JSON.parse(row.kit_files) as KitHashes;
}

function recordOf(
  session: VaultSession,
  row: ExportRow,
  state: ExportRecord['state'],
  brokerKey: number | null,
): CallOutput<'export.state'>['exports'][number] {
  return {
    exportId: row.id,
    state,
    at: row.at,
    mediumLabel: row.medium_label,
    volumeId: row.volume_id,
    directory: row.directory,
    operator: row.operator,
    devices: count(session, 'SELECT count(*) FROM export_item WHERE export_id = ?', row.id),
    keysEncrypted: row.keys_encrypted === 1,
    withBroker: row.with_broker === 1,
    devicesStillAtRisk: new Set([...devicesAtRisk(session, row.id), ...passwordsAtRisk(session, row.id)]).size,
    brokerAtRisk: row.broker_key_id !== null && row.broker_key_id === brokerKey,
  };
}

/**
 * Ids of devices whose key in an export is still good: a certificate with it is neither revoked nor expired.
 * The MACs are not checked here; whoever acts on it reads the devices through their tables.
 */
export function devicesAtRisk(session: VaultSession, exportId: number): number[] {
  return session.database
    .prepare<[number, number], number>(
      // of a shared key, the device whose certificate it is
      `SELECT DISTINCT c.device_id FROM export_item i JOIN certificate c ON c.key_id = i.key_id
       WHERE i.export_id = ? AND c.device_id IS NOT NULL AND c.status = 'valid' AND c.not_after > ?`,
    )
    .pluck()
    .all(exportId, session.now());
}

/**
 * Ids of devices that still have a password of those days: it may lie on that medium, in words. Nobody where the broker asks
 * for none.
 */
export function passwordsAtRisk(session: VaultSession, exportId: number): number[] {
  const row = session.tables.export.get(exportId);
  const kit = row && brokerOf(session, row.project_id)?.parsed.kit;
  if (!kit || !usesPasswords(kit)) return [];
  return session.database
    .prepare<[number, number], number>(
      `SELECT DISTINCT i.device_id FROM export_item i JOIN credential p ON p.device_id = i.device_id
       WHERE i.export_id = ? AND p.state <> 'ended' AND p.created_at <= ?`,
    )
    .pluck()
    .all(exportId, row.at);
}

/** Devices whose present certificate is in no finished export. */
function devicesToExport(session: VaultSession, projectId: number): number {
  return count(
    session,
    `SELECT count(*) FROM device d JOIN certificate c ON c.id =
       (SELECT max(id) FROM certificate WHERE device_id = ${holderSql('d.id')} AND status = 'valid' AND not_after > ?)
     WHERE d.project_id = ? AND d.retired_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM export_item i WHERE i.device_id = d.id AND i.certificate_id = c.id AND ${finished('i.export_id')})`,
    session.now(),
    projectId,
  );
}

/**
 * Devices whose present certificate was exported, but with other words around it: another address of the broker, other
 * topics, another role, another authority to trust. The bundle written last counts; of one whose words are not known
 * (kept from an earlier export) nothing is said. The MACs are not checked: it is a number for people.
 */
function bundlesOutdated(session: VaultSession, context: ProjectContext): number {
  const exported = session.database
    .prepare<[number, number], { id: number; name: string; role: string; der: Buffer; issuer_id: number | null; basis: Buffer }>(
      `SELECT d.id, d.name, d.role, c.der, c.issuer_id, i.basis FROM device d
       JOIN certificate c ON c.id =
         (SELECT max(id) FROM certificate WHERE device_id = ${holderSql('d.id')} AND status = 'valid' AND not_after > ?)
       JOIN export_item i ON i.id =
         (SELECT max(id) FROM export_item WHERE device_id = d.id AND certificate_id = c.id AND basis IS NOT NULL)
       WHERE d.project_id = ? AND d.retired_at IS NULL`,
    )
    .iterate(session.now(), context.projectId);
  let outdated = 0;
  for (const { id, name, role, der, issuer_id, basis } of exported) {
    if (!bundleBasis(context, { device: { id, name, role }, certificate: { der, issuer_id } }).equals(basis)) outdated += 1;
  }
  return outdated;
}

function count(session: VaultSession, sql: string, ...parameters: number[]): number {
  return Number(
    session.database
      .prepare(sql)
      .pluck()
      .get(...parameters),
  );
}
