import type { CertificateSummary } from '../../shared/model/certificate.ts';
import { certificateState, type Judging, renewFrom } from '../../shared/rules/certificate-state.ts';
import type { CertificateRow } from '../vault/rows.ts';

/** What a list shows of a stored certificate, by the project's warning. Foreign ones are shown as what they are used for: roots. */
export function certificateSummary(row: CertificateRow, { now, warnDays }: Judging): CertificateSummary {
  return {
    id: row.id,
    kind: row.kind === 'foreign' ? 'root' : row.kind,
    state: certificateState({ status: row.status, notBefore: row.not_before, notAfter: row.not_after }, now, warnDays),
    serial: row.serial.toString('hex'),
    commonName: row.common_name,
    issuerId: row.issuer_id,
    issuedAt: row.created_at,
    notBefore: row.not_before,
    notAfter: row.not_after,
    renewFrom: renewFrom(row.not_before, row.not_after, warnDays),
    revokedAt: row.revoked_at,
    revocationReason: row.revocation_reason,
  };
}
