import { FieldkeyError, isErrorReport } from '../../shared/errors.ts';
import { type Issuer, prepareIssuer } from '../pki/issuer.ts';
import { readCertificate } from '../pki/read.ts';
import { type Signer, softwareSigner } from '../pki/signer.ts';
import type { AuthorityRow } from '../vault/rows.ts';
import type { VaultSession } from '../vault/session.ts';
import { authorityById, authorityCertificate, chainOf, isOutside, lastAuthorityCertificate } from './lookup.ts';

/**
 * A private key (PKCS#8) that is brought for one act because it is not in the vault: used, not stored. Whoever brings it
 * wipes it afterwards.
 */
export interface HandedKey {
  readonly authorityId: number;
  readonly pkcs8: Buffer;
}

/**
 * Opens an authority's key and makes it ready to sign. Hold the result for one act only: it is the decrypted key.
 * @throws CLOCK_WRONG, AUTHORITY_NOT_FOUND, AUTHORITY_OFFLINE, AUTHORITY_OUTSIDE, AUTHORITY_KEY_OTHER, ISSUER_EXPIRED, VAULT_LOCKED, VAULT_TAMPERED
 */
export function openIssuer(session: VaultSession, authorityId: number, handed?: HandedKey): Issuer {
  session.assertMayIssue();
  const authority = authorityById(session, authorityId);
  const certificate = authorityCertificate(session, authorityId);
  // a clock before the authority itself: whatever the log knows, nothing can be dated before its issuer
  if (certificate.not_before > session.now())
    throw new FieldkeyError('CLOCK_WRONG', { clock: session.now(), known: certificate.not_before });
  if (certificate.not_after <= session.now()) {
    throw new FieldkeyError('ISSUER_EXPIRED', { authority: authority.name, notAfter: certificate.not_after });
  }
  const above = chainOf(session, authorityId).slice(1);
  const infos = above.map(({ id }) => readCertificate(lastAuthorityCertificate(session, id).der));
  return prepareIssuer(certificate.der, openSigner(session, authority, handed), infos);
}

/** The signer alone: a root that has ended can still sign itself anew. @throws as `openIssuer`, without ISSUER_EXPIRED */
export function openSigner(session: VaultSession, authority: AuthorityRow, handed?: HandedKey): Signer {
  session.assertMayIssue();
  if (handed?.authorityId === authority.id) return handedSigner(session, authority, handed.pkcs8);
  const row = session.tables.privateKey.get(authority.key_id);
  if (isOutside(session, authority)) throw new FieldkeyError('AUTHORITY_OUTSIDE', { authority: authority.name });
  if (row && row.sealed === null) throw new FieldkeyError('AUTHORITY_OFFLINE', { authority: authority.name });
  const key = session.openKey(authority.key_id);
  try {
    return softwareSigner(key.pkcs8);
  } finally {
    key.pkcs8.fill(0);
  }
}

function handedSigner(session: VaultSession, authority: AuthorityRow, pkcs8: Buffer): Signer {
  const other = () => new FieldkeyError('AUTHORITY_KEY_OTHER', { authority: authority.name });
  let signer: Signer;
  try {
    signer = softwareSigner(pkcs8);
  } catch (error) {
    throw isErrorReport(error) && error.code === 'PROFILE_REFUSED' ? other() : error;
  }
  const row = session.tables.privateKey.get(authority.key_id);
  if (!row || Buffer.compare(row.spki, signer.spki) !== 0) throw other();
  return signer;
}
