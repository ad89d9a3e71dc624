import { FieldkeyError } from '../../shared/errors.ts';
import type { RevocationReason } from '../../shared/model/certificate.ts';
import { problem } from '../../shared/problems.ts';
import type { CertificateRow } from '../vault/rows.ts';
import type { Log, VaultSession } from '../vault/session.ts';
import { authorityById, isOutside } from './lookup.ts';

/** UTC, for people. */
const dayText = (time: number) => new Date(time).toISOString().slice(0, 10);

/**
 * Marks a certificate as revoked, with its audit entry; one that was on hold becomes revoked for good. With the reason
 * certificateHold it is put on hold. Only inside `session.write`. Brokers learn of it by the next revocation list.
 */
export function revokeCertificate(
  session: VaultSession,
  log: Log,
  row: CertificateRow,
  reason: RevocationReason,
  at = session.now(),
): void {
  const hold = reason === 'certificateHold';
  session.tables.certificate.update({
    ...row,
    status: hold ? 'hold' : 'revoked',
    revoked_at: at,
    revocation_reason: reason,
  });
  log(hold ? 'certificate.hold' : 'certificate.revoke', {
    projectId: row.project_id,
    subject: row.common_name,
    detail: { ...named(row), reason, at: new Date(at).toISOString() },
  });
}

/**
 * Takes a hold back: the certificate is valid again and vanishes from the next list (RFC 5280 §5.3.1: removeFromCRL is for
 * delta lists only). Only inside `session.write`. @throws CERTIFICATE_NOT_HELD
 */
export function releaseCertificate(session: VaultSession, log: Log, row: CertificateRow): void {
  if (row.status !== 'hold') throw new FieldkeyError('CERTIFICATE_NOT_HELD', { serial: row.serial.toString('hex') });
  session.tables.certificate.update({ ...row, status: 'valid', revoked_at: null, revocation_reason: null });
  log('certificate.release', { projectId: row.project_id, subject: row.common_name, detail: named(row) });
}

function named(row: CertificateRow) {
  return { kind: row.kind, serial: row.serial.toString('hex'), fingerprint: row.fingerprint.toString('hex') };
}

/**
 * Whether a certificate may be revoked with this date (ms): not in the future, not before the certificate began; a root
 * never, since nobody looks for it on its own list.
 * @throws CERTIFICATE_NOT_FOUND, AUTHORITY_OUTSIDE, CERTIFICATE_REVOKED, AUTHORITY_IS_ROOT, INPUT_INVALID
 */
export function requireRevocable(session: VaultSession, certificateId: number, at: number): CertificateRow {
  const row = session.tables.certificate.get(certificateId);
  // what somebody else signed is on somebody else's list
  if (!row || row.issuer_id === null) throw new FieldkeyError('CERTIFICATE_NOT_FOUND', { certificate: String(certificateId) });
  const issuer = authorityById(session, row.issuer_id);
  if (isOutside(session, issuer)) throw new FieldkeyError('AUTHORITY_OUTSIDE', { authority: issuer.name });
  if (row.status === 'revoked') throw new FieldkeyError('CERTIFICATE_REVOKED', { serial: row.serial.toString('hex') });
  if (row.kind === 'root') {
    throw new FieldkeyError('AUTHORITY_IS_ROOT', { authority: issuer.name });
  }
  const now = session.now();
  if (at > now || at < row.not_before) {
    const params = { earliest: dayText(row.not_before), latest: dayText(now) };
    throw new FieldkeyError('INPUT_INVALID', { problems: [problem('date-range', params, 'at')] });
  }
  return row;
}

/**
 * What goes with a certificate that is revoked: when its key is known to somebody, every other certificate with that key.
 */
export function revokedWith(session: VaultSession, row: CertificateRow, reason: RevocationReason): CertificateRow[] {
  if (reason !== 'keyCompromise' || row.key_id === null) return [];
  return session.tables.certificate.where(
    "key_id = ? AND id <> ? AND status <> 'revoked' AND kind <> 'root' ORDER BY id",
    row.key_id,
    row.id,
  );
}

/** A certificate by serial (hexadecimal, in any of the usual spellings) within a project. @throws CERTIFICATE_NOT_FOUND */
export function certificateBySerial(session: VaultSession, projectId: number, serial: string): CertificateRow {
  const hex = serial.toLowerCase().replace(/^0x/, '').replace(/[\s:]/g, '');
  const whole = /^(?:[0-9a-f]{2}){1,20}$/.test(hex) ? Buffer.from(hex, 'hex') : Buffer.alloc(0);
  const row = session.tables.certificate.where('project_id = ? AND serial = ?', projectId, whole)[0];
  if (!row) throw new FieldkeyError('CERTIFICATE_NOT_FOUND', { certificate: serial });
  return row;
}
