import type { RevocationReason } from '../../shared/model/certificate.ts';
import type { CertificateRow } from '../vault/rows.ts';
import type { Log, VaultSession } from '../vault/session.ts';

/**
 * Marks a certificate as revoked, with its audit entry; one that was on hold becomes revoked for good. Only inside
 * `session.write`. Brokers learn of it by the next revocation list.
 */
export function revokeCertificate(session: VaultSession, log: Log, row: CertificateRow, reason: RevocationReason): void {
  session.tables.certificate.update({ ...row, status: 'revoked', revoked_at: session.now(), revocation_reason: reason });
  log('certificate.revoke', {
    projectId: row.project_id,
    subject: row.common_name,
    detail: { kind: row.kind, serial: row.serial.toString('hex'), fingerprint: row.fingerprint.toString('hex'), reason },
  });
}
