import { FieldkeyError } from '../../shared/errors.ts';
import { type RevocationReason, revocationReasons } from '../../shared/model/certificate.ts';
import { problem } from '../../shared/problems.ts';
import type { HandedKey } from '../authority/issuer.ts';
import { authoritiesOf, authorityById, latestCrl } from '../authority/lookup.ts';
import { completeCrls, pendingOf } from '../authority/publish-crl.ts';
import { retireAuthority } from '../authority/retire-authority.ts';
import { releaseCertificate, requireRevocable, revokeCertificate, revokedWith } from '../authority/revoke.ts';
import type { AuthorityRow, CertificateRow } from '../vault/rows.ts';
import type { Log, VaultSession } from '../vault/session.ts';

export interface RevokeRequest {
  readonly reason: RevocationReason;
  /** Since when it is not to be trusted (ms); now unless told. */
  readonly at?: number | undefined;
  /** Publish the new list in the same act; true unless told. */
  readonly publish?: boolean | undefined;
  readonly handed?: HandedKey | undefined;
}

export interface RevokeReport {
  /** What is revoked or on hold now: the one that was asked for first, then those with the same compromised key. */
  readonly certificates: readonly RevokedCertificate[];
  /** The lists in force, and how many certificates each does not tell the truth about yet. */
  readonly crls: readonly ListInForce[];
}

/** Until `nextUpdate` (ms) brokers go by it; null = there is none. */
export interface ListInForce {
  readonly authority: string;
  readonly number: number;
  readonly nextUpdate: number | null;
  readonly pending: number;
}

interface RevokedCertificate {
  readonly id: number;
  readonly kind: string;
  readonly commonName: string;
  readonly serial: string;
}

/**
 * Revokes a certificate, or puts it on hold with the reason certificateHold, and publishes the list of its authority. With
 * keyCompromise every other certificate with that key goes too. An issuing authority whose last certificate is revoked is
 * out of use from then on.
 * @throws CERTIFICATE_NOT_FOUND, CERTIFICATE_REVOKED, AUTHORITY_IS_ROOT, INPUT_INVALID for the date
 */
export async function revokeAndPublish(
  session: VaultSession,
  certificateId: number,
  request: RevokeRequest,
): Promise<RevokeReport> {
  const at = request.at ?? session.now();
  const revoked = session.write((log) => {
    const row = requireRevocable(session, certificateId, at);
    if (row.status === 'hold' && request.reason === 'certificateHold') {
      throw new FieldkeyError('CERTIFICATE_REVOKED', { serial: row.serial.toString('hex') });
    }
    // its certificate on hold would leave the authority without one, and brokers look up leaves only
    if (row.kind === 'site' && request.reason === 'certificateHold') {
      const choices = revocationReasons.filter((reason) => reason !== 'certificateHold').join(', ');
      throw new FieldkeyError('INPUT_INVALID', { problems: [problem('choice', { choices }, 'reason')] });
    }
    const all = [row, ...revokedWith(session, row, request.reason)];
    for (const each of all) {
      revokeCertificate(session, log, each, request.reason, Math.max(at, each.not_before));
      afterRevoking(session, log, each, request.reason);
    }
    return all;
  });
  return finish(session, revoked, request);
}

/** Takes a hold back and publishes the list without it. @throws CERTIFICATE_NOT_FOUND, CERTIFICATE_NOT_HELD */
export async function releaseAndPublish(
  session: VaultSession,
  certificateId: number,
  request: Pick<RevokeRequest, 'publish' | 'handed'> = {},
): Promise<RevokeReport> {
  const row = session.write((log) => {
    const held = session.tables.certificate.get(certificateId);
    if (!held) throw new FieldkeyError('CERTIFICATE_NOT_FOUND', { certificate: String(certificateId) });
    releaseCertificate(session, log, held);
    return held;
  });
  return finish(session, [row], request);
}

async function finish(
  session: VaultSession,
  rows: readonly CertificateRow[],
  { publish, handed }: Pick<RevokeRequest, 'publish' | 'handed'>,
): Promise<RevokeReport> {
  const projectId = rows[0]?.project_id ?? 0;
  if (publish !== false) await completeCrls(session, projectId, handed);
  const issuers = new Set(rows.map((row) => row.issuer_id));
  const crls = authoritiesOf(session, projectId).filter(({ id }) => issuers.has(id));
  return {
    certificates: rows.map(({ id, kind, common_name: commonName, serial }) => ({
      id,
      kind,
      commonName,
      serial: serial.toString('hex'),
    })),
    crls: crls.map((authority) => crlState(session, authority)),
  };
}

/** How an authority's list stands: its number and deadline, and how many certificates it does not tell the truth about. */
export function crlState(session: VaultSession, { id, name }: AuthorityRow): ListInForce {
  const crl = latestCrl(session, id);
  return { authority: name, number: crl?.number ?? 0, nextUpdate: crl?.next_update ?? null, pending: pendingOf(session, id) };
}

/** A site authority without a valid certificate issues nothing more. One on hold comes back, so it stays as it is. */
export function afterRevoking(session: VaultSession, log: Log, row: CertificateRow, reason: RevocationReason): void {
  if (row.authority_id === null || reason === 'certificateHold') return;
  const left = session.tables.certificate.where("authority_id = ? AND status = 'valid' LIMIT 1", row.authority_id);
  if (left.length > 0) return;
  const compromised = reason === 'keyCompromise' || reason === 'cACompromise';
  retireAuthority(session, log, authorityById(session, row.authority_id), compromised ? 'compromised' : 'retired');
}
