import { FieldkeyError } from '../../shared/errors.ts';
import type { RevokeSkipReason } from '../../shared/model/authority.ts';
import type { RevocationReason } from '../../shared/model/certificate.ts';
import type { JobControl } from '../../shared/model/job.ts';
import { problem } from '../../shared/problems.ts';
import type { HandedKey } from '../authority/issuer.ts';
import { authoritiesOf } from '../authority/lookup.ts';
import { completeCrls } from '../authority/publish-crl.ts';
import { releaseCertificate, revokeCertificate, revokedWith } from '../authority/revoke.ts';
import { holderOf } from '../authority/shared-certificate.ts';
import { deviceOf } from '../authority/succeed-devices.ts';
import { testCertificatesOf, testedDevice } from '../authority/test-certificate.ts';
import type { CertificateRow } from '../vault/rows.ts';
import type { VaultSession } from '../vault/session.ts';
import { crlState, type ListInForce } from './revoke.ts';

/** Certificates in one transaction at most. */
const chunkSize = 200;

export interface ManyRequest {
  /** Of these devices every certificate that is not revoked for good. */
  readonly deviceIds: readonly number[];
  /** And exactly these certificates. */
  readonly certificateIds: readonly number[];
  /** The key of an authority, when it is not in the vault: with it the list is signed in this act, without it it waits. */
  readonly handed?: HandedKey | undefined;
}

export type ManyAct =
  | { readonly act: 'revoke'; readonly reason: RevocationReason; readonly at?: number | undefined }
  | { readonly act: 'release' };

export interface ManyReport {
  readonly certificates: readonly { id: number; deviceId: number | null; commonName: string; serial: string }[];
  readonly skipped: readonly { deviceId: number | null; id: string; why: RevokeSkipReason }[];
  readonly crls: readonly ListInForce[];
}

/** Handed in again when an interrupted run goes on: what was to be done when it began, and what was done. */
export interface ManyMemory {
  plan?: { readonly ids: readonly number[]; readonly skipped: ManyReport['skipped'] };
  done?: CertificateRow[];
}

/**
 * Revokes, holds or releases many certificates of devices, and publishes once at the end. Whoever cancels keeps what was
 * done, and the list that says so is published all the same. With keyCompromise every other certificate with one of the
 * keys goes too.
 * @throws DEVICE_NOT_FOUND, CERTIFICATE_NOT_FOUND, also for what belongs to another project or to no device;
 * INPUT_INVALID for a date in the future; JOB_CANCELLED
 */
export async function changeMany(
  session: VaultSession,
  projectId: number,
  request: ManyRequest & ManyAct,
  control: JobControl = {},
  memory: ManyMemory = {},
): Promise<ManyReport> {
  const at = request.act === 'revoke' ? (request.at ?? session.now()) : 0;
  if (at > session.now()) {
    const latest = new Date(session.now()).toISOString().slice(0, 10);
    throw new FieldkeyError('INPUT_INVALID', { problems: [problem('date-range', { earliest: '1970-01-01', latest }, 'at')] });
  }
  memory.plan ??= planOf(session, projectId, request);
  memory.done ??= [];
  const { ids, skipped } = memory.plan;
  try {
    for (
      let from = memory.done.length === 0 ? 0 : ids.findIndex((id) => isOpen(session, id, request));
      from >= 0 && from < ids.length;
    ) {
      if (control.signal?.aborted) throw new FieldkeyError('JOB_CANCELLED', { done: from, total: ids.length });
      const chunk = ids.slice(from, from + chunkSize);
      memory.done.push(...changeChunk(session, chunk, request, at));
      from += chunk.length;
      control.onProgress?.({ step: 'revoke', done: from, total: ids.length });
      await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    if (memory.done.length > 0) {
      control.onProgress?.({ step: 'publish', done: 0, total: 1 });
      await completeCrls(session, projectId, request.handed);
    }
  }
  const issuers = new Set(memory.done.map((row) => row.issuer_id));
  return {
    certificates: memory.done.map((row) => ({
      id: row.id,
      deviceId: row.device_id ?? testedDevice(session, row.id) ?? null,
      commonName: row.common_name,
      serial: row.serial.toString('hex'),
    })),
    skipped,
    crls: authoritiesOf(session, projectId)
      .filter(({ id }) => issuers.has(id))
      .map((authority) => crlState(session, authority)),
  };
}

function planOf(session: VaultSession, projectId: number, request: ManyRequest & ManyAct): NonNullable<ManyMemory['plan']> {
  const ids = new Set<number>();
  const skipped: { deviceId: number | null; id: string; why: RevokeSkipReason }[] = [];
  for (const deviceId of new Set(request.deviceIds)) {
    const { name } = deviceOf(session, projectId, deviceId);
    // whoever revokes a device means everything that speaks in its name
    const rows = [
      ...testCertificatesOf(session, deviceId).filter(({ not_after: ends }) => ends > session.now()),
      ...session.tables.certificate.where('device_id = ? ORDER BY id', deviceId),
    ];
    const open = rows.filter((row) => skipReason(row, request) === null);
    for (const row of open) ids.add(row.id);
    const last = rows.at(-1);
    if (open.length > 0) continue;
    // what it works with is another's, and revoking that stops all who use it: it has to be said of that one
    const shared = holderOf(session, deviceId) !== deviceId;
    skipped.push({ deviceId, id: name, why: shared ? 'shared' : ((last && skipReason(last, request)) ?? 'no-certificate') });
  }
  for (const certificateId of new Set(request.certificateIds)) {
    const row = session.tables.certificate.get(certificateId);
    const deviceId = row && (row.device_id ?? testedDevice(session, row.id));
    if (row?.project_id !== projectId || deviceId === undefined) {
      throw new FieldkeyError('CERTIFICATE_NOT_FOUND', { certificate: String(certificateId) });
    }
    const why = skipReason(row, request);
    if (why === null) ids.add(row.id);
    else skipped.push({ deviceId, id: row.common_name, why });
  }
  return { ids: [...ids], skipped };
}

function skipReason({ status }: CertificateRow, request: ManyAct): RevokeSkipReason | null {
  if (request.act === 'release') return status === 'hold' ? null : 'not-held';
  if (status === 'revoked') return 'revoked';
  return status === 'hold' && request.reason === 'certificateHold' ? 'hold' : null;
}

function isOpen(session: VaultSession, certificateId: number, request: ManyAct): boolean {
  const row = session.tables.certificate.get(certificateId);
  return row !== undefined && skipReason(row, request) === null;
}

function changeChunk(session: VaultSession, ids: readonly number[], request: ManyAct, at: number): CertificateRow[] {
  return session.write((log) => {
    const changed: CertificateRow[] = [];
    for (const id of ids) {
      // looked at again: one before it may have taken it along, another act may have been quicker
      const row = session.tables.certificate.get(id);
      if (!row || skipReason(row, request) !== null) continue;
      if (request.act === 'release') {
        releaseCertificate(session, log, row);
        changed.push(row);
        continue;
      }
      for (const each of [row, ...revokedWith(session, row, request.reason)]) {
        revokeCertificate(session, log, each, request.reason, Math.max(at, each.not_before));
        changed.push(each);
      }
    }
    return changed;
  });
}
