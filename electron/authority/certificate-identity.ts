import { FieldkeyError } from '../../shared/errors.ts';
import { usesPasswords } from '../../shared/rules/password.ts';
import { keyPem } from '../pki/key-pem.ts';
import { certificatePem } from '../pki/pem.ts';
import type { CertificateRow } from '../vault/rows.ts';
import type { VaultSession } from '../vault/session.ts';
import { currentLogin, type Login } from './credentials.ts';
import { brokerOf, chainOf, lastAuthorityCertificate, trustOf } from './lookup.ts';
import type { OpenedIdentity } from './test-identity.ts';

/**
 * A certificate with its key, ready for a connection. Notes nothing: whoever uses it does. `deviceId`: who uses it, where several
 * devices share it. @throws KEY_UNAVAILABLE
 */
export function identityOf(
  session: VaultSession,
  projectId: number,
  certificate: CertificateRow,
  deviceId = certificate.device_id,
): OpenedIdentity {
  if (certificate.key_id === null) throw new FieldkeyError('KEY_UNAVAILABLE', { key: certificate.common_name });
  const key = session.openKey(certificate.key_id);
  try {
    return {
      id: certificate.common_name,
      certificateChain: [certificate, ...issuersOf(session, certificate)].map((row) => certificatePem(row.der)).join(''),
      key: new TextEncoder().encode(keyPem(key.pkcs8)),
      ca: trustedBrokers(session, projectId),
      login: loginOf(session, projectId, certificate, deviceId),
    };
  } finally {
    key.pkcs8.fill(0);
  }
}

/** User name and password of whom uses the certificate, where the broker asks for them; the canary has none. */
function loginOf(session: VaultSession, projectId: number, { kind }: CertificateRow, deviceId: number | null): Login | undefined {
  const kit = brokerOf(session, projectId)?.parsed.kit;
  if (!kit || !usesPasswords(kit) || (kind !== 'observer' && deviceId === null)) return undefined;
  return currentLogin(session, projectId, deviceId);
}

/** PEM: whom the broker's certificate is checked against. */
export function trustedBrokers(session: VaultSession, projectId: number): string {
  return trustOf(session, projectId, 'broker')
    .map((row) => certificatePem(row.der))
    .join('');
}

/** The certificates between leaf and root, which the broker may not have; also of authorities out of use, whose leaves are to be refused. */
function issuersOf(session: VaultSession, certificate: CertificateRow): CertificateRow[] {
  if (certificate.issuer_id === null) return [];
  return chainOf(session, certificate.issuer_id)
    .filter((authority) => authority.parent_id !== null)
    .map((authority) => lastAuthorityCertificate(session, authority.id));
}
