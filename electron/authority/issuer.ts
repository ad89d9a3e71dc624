import { FieldkeyError } from '../../shared/errors.ts';
import { type Issuer, prepareIssuer } from '../pki/issuer.ts';
import { softwareSigner } from '../pki/signer.ts';
import type { VaultSession } from '../vault/session.ts';
import { authorityCertificate } from './lookup.ts';

/**
 * Opens an authority's key and makes it ready to sign. Hold the result for one act only: it is the decrypted key.
 * @throws AUTHORITY_NOT_FOUND, KEY_UNAVAILABLE, ISSUER_EXPIRED, VAULT_LOCKED, VAULT_TAMPERED
 */
export function openIssuer(session: VaultSession, authorityId: number): Issuer {
  const authority = session.tables.authority.get(authorityId);
  if (!authority) throw new FieldkeyError('AUTHORITY_NOT_FOUND', { authority: String(authorityId) });
  const certificate = authorityCertificate(session, authorityId);
  if (certificate.not_after <= session.now()) {
    throw new FieldkeyError('ISSUER_EXPIRED', { authority: authority.name, notAfter: certificate.not_after });
  }
  const key = session.openKey(authority.key_id);
  try {
    return prepareIssuer(certificate.der, softwareSigner(key.pkcs8));
  } finally {
    key.pkcs8.fill(0);
  }
}
