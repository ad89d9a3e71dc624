import type { AuditDetail } from '../../shared/model/audit.ts';
import type { IssuedCertificate } from '../pki/certificate.ts';
import type { KeyPair } from '../pki/keys.ts';
import type { CertificateRow } from '../vault/rows.ts';
import type { Log, VaultSession } from '../vault/session.ts';

/** Whom a new certificate belongs to. */
export interface Belongs {
  readonly projectId: number;
  readonly kind: Exclude<CertificateRow['kind'], 'foreign'> | 'test';
  readonly commonName: string;
  /** The issuing authority; a root names itself. */
  readonly issuerId: number;
  readonly authorityId?: number;
  readonly deviceId?: number;
  readonly brokerId?: number;
  readonly keyId: number;
  readonly predecessorId?: number;
  /** The device that a test certificate (kind `test`) is for; it is not that device's. */
  readonly testOf?: number;
  /** What the audit entry says besides. */
  readonly detail?: AuditDetail;
  /** Issued only to be refused: revoked from its first moment. */
  readonly revokedAtOnce?: boolean;
}

/** Stores a linted certificate with its audit entry; gives its id. Only inside `session.write`. */
export function storeCertificate(session: VaultSession, log: Log, issued: IssuedCertificate, belongs: Belongs): number {
  const now = session.now();
  const revoked = belongs.revokedAtOnce === true;
  const id = session.tables.certificate.insert({
    project_id: belongs.projectId,
    kind: belongs.kind === 'test' ? 'device' : belongs.kind,
    issuer_id: belongs.issuerId,
    authority_id: belongs.authorityId ?? null,
    device_id: belongs.deviceId ?? null,
    broker_id: belongs.brokerId ?? null,
    key_id: belongs.keyId,
    serial: Buffer.from(issued.serial, 'hex'),
    common_name: belongs.commonName,
    not_before: issued.notBefore.getTime(),
    not_after: issued.notAfter.getTime(),
    fingerprint: Buffer.from(issued.fingerprint, 'hex'),
    der: issued.der,
    status: revoked ? 'revoked' : 'valid',
    revoked_at: revoked ? now : null,
    revocation_reason: revoked ? 'cessationOfOperation' : null,
    predecessor_id: belongs.predecessorId ?? null,
    created_at: now,
  });
  if (belongs.testOf !== undefined) session.tables.testCertificate.insert({ certificate_id: id, device_id: belongs.testOf });
  const detail = { kind: belongs.kind, serial: issued.serial, fingerprint: issued.fingerprint };
  log('certificate.issue', {
    projectId: belongs.projectId,
    subject: belongs.commonName,
    detail: { ...detail, notAfter: issued.notAfter.toISOString(), ...belongs.detail },
  });
  if (revoked) {
    log('certificate.revoke', {
      projectId: belongs.projectId,
      subject: belongs.commonName,
      detail: { ...detail, reason: 'cessationOfOperation' },
    });
  }
  return id;
}

/** Stores a new key pair and wipes the private half in memory; gives the key's id. Only inside `session.write`. */
export function storeKey(session: VaultSession, key: KeyPair): number {
  const id = session.addKey(key);
  key.pkcs8.fill(0);
  return id;
}
