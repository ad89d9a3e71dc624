import { FieldkeyError } from '../../shared/errors.ts';
import type { RevocationReason } from '../../shared/model/certificate.ts';
import type { JobControl } from '../../shared/model/job.ts';
import { reissueBroker } from '../authority/broker-certificate.ts';
import type { HandedKey } from '../authority/issuer.ts';
import { brokerCertificate, brokerOf, keyTypeOf } from '../authority/lookup.ts';
import { completeCrls, listInForce } from '../authority/publish-crl.ts';
import type { ExportRow } from '../vault/rows.ts';
import type { VaultSession } from '../vault/session.ts';
import { outliveBroker } from './change-project.ts';
import { devicesAtRisk, passwordsAtRisk } from './export-state.ts';
import { replacePasswords } from './passwords.ts';
import { type ReplaceMemory, replaceAndPublish, waitingLists } from './replace.ts';

export interface RekeyMemory extends ReplaceMemory {
  brokerReissued?: boolean;
}

/**
 * A medium with an export is lost: new keys for every device whose present key is on it and, when the broker's present
 * key is on it, for the broker; the old certificates are revoked and stand on one new revocation list. The broker comes
 * first, because with its key somebody can pose as the broker to every device.
 * `handed`: the key of an authority that is kept elsewhere.
 * @throws INTERNAL for an unknown export, JOB_CANCELLED, whatever issuing throws
 */
export async function rekeyExport(
  session: VaultSession,
  exportId: number,
  reason: RevocationReason,
  control: JobControl = {},
  memory: RekeyMemory = {},
  handed?: HandedKey,
): Promise<{ replaced: number; brokerReissued: boolean; crlNumber: number; crlNextUpdate: number; waiting: string[] }> {
  const row = exportById(session, exportId);
  const projectId = row.project_id;
  memory.brokerReissued = (await rekeyBroker(session, row, reason, handed)) || memory.brokerReissued === true;
  const deviceIds = devicesAtRisk(session, exportId);
  const done = await replaceAndPublish(session, projectId, { deviceIds, reason, handed }, control, memory);
  // of devices whose key is not on it, the password alone
  await replacePasswords(session, projectId, passwordsAtRisk(session, exportId));
  if (memory.brokerReissued) await outliveBroker(session, projectId);
  await completeCrls(session, projectId, handed);
  const list = listInForce(session, projectId);
  return { ...done, brokerReissued: memory.brokerReissued, ...list, waiting: waitingLists(session, projectId) };
}

export function exportById(session: VaultSession, exportId: number): ExportRow {
  const row = session.tables.export.get(exportId);
  if (!row) throw new FieldkeyError('INTERNAL', { detail: `there is no export ${exportId}` });
  return row;
}

async function rekeyBroker(
  session: VaultSession,
  row: ExportRow,
  reason: RevocationReason,
  handed?: HandedKey,
): Promise<boolean> {
  const broker = brokerOf(session, row.project_id);
  if (!broker || row.broker_key_id === null) return false;
  if (brokerCertificate(session, broker.id)?.key_id !== row.broker_key_id) return false;
  await reissueBroker(session, row.project_id, broker.parsed, keyTypeOf(session, row.project_id), {
    revoke: reason,
    handed,
  });
  return true;
}
