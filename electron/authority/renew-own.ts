import { FieldkeyError } from '../../shared/errors.ts';
import type { RenewalMode } from '../../shared/model/authority.ts';
import { renewFrom } from '../../shared/rules/certificate-state.ts';
import type { IssuedCertificate } from '../pki/certificate.ts';
import { generateKey } from '../pki/keys.ts';
import { issueLinted } from '../pki/linted.ts';
import type { Span } from '../pki/profiles.ts';
import { readCertificate } from '../pki/read.ts';
import { trustText } from '../vault/compare-tables.ts';
import type { AuthorityRow, CertificateRow } from '../vault/rows.ts';
import type { VaultSession } from '../vault/session.ts';
import { knownKeyOf } from './broker-certificate.ts';
import { type HandedKey, openIssuer, openSigner } from './issuer.ts';
import {
  authorityById,
  issuingAuthority,
  keyTypeOf,
  lastAuthorityCertificate,
  lastObserverCertificate,
  observerCertificate,
  projectById,
  subjectOf,
  warnDaysOf,
} from './lookup.ts';
import { storeCertificate, storeKey } from './store-certificate.ts';

/** Certificates that the program itself uses: those of its authorities, and the observer's. */

/**
 * Gives the observer another certificate, with its key or a new one. Its key never leaves the vault, so nobody has to be
 * visited: any broker that trusts the authority takes it. `handed` is the key of who issues, when it is not in the vault. Gives the certificate's id.
 * @throws PROJECT_NOT_FOUND, AUTHORITY_OFFLINE, ISSUER_EXPIRED, PROFILE_REFUSED, LINT_FAILED
 */
export function renewObserver(session: VaultSession, projectId: number, mode: RenewalMode, handed?: HandedKey): Promise<number> {
  return session.inTurn(async () => {
    const authority = issuingAuthority(session, projectId);
    const present = lastObserverCertificate(session, projectId);
    // of one that was revoked the key may be in other hands
    const known = mode === 'renew' && present?.status === 'valid' ? knownKeyOf(session, present) : undefined;
    const key = known ?? (await generateKey(keyTypeOf(session, projectId)));
    const commonName = present?.common_name ?? 'observer';
    const issued = await issueLinted({
      kind: 'observer',
      subject: { ...subjectOf(projectById(session, projectId)), commonName },
      spki: key.spki,
      issuer: openIssuer(session, authority.id, handed),
      now: new Date(session.now()),
    });
    return session.write((log) =>
      storeCertificate(session, log, issued, {
        projectId,
        kind: 'observer',
        commonName,
        issuerId: authority.id,
        keyId: 'keyId' in key ? key.keyId : storeKey(session, key),
        ...(present ? { predecessorId: present.id } : {}),
      }),
    );
  });
}

/**
 * Renews the observer's certificate when it is due, or when its authority is out of use, so that nobody is reminded of something
 * that the program can do by itself. One that a person revoked or put on hold stays so. Gives whether it did; nothing happens while
 * the authority's key is kept elsewhere. @throws as `renewObserver`
 */
export async function keepObserver(session: VaultSession, projectId: number): Promise<boolean> {
  const present = observerCertificate(session, projectId);
  const stranded = !present && lastObserverCertificate(session, projectId)?.status === 'valid';
  const due =
    present !== undefined && session.now() >= renewFrom(present.not_before, present.not_after, warnDaysOf(session, projectId));
  if (!stranded && !due) return false;
  try {
    await renewObserver(session, projectId, stranded ? 'rekey' : 'renew');
    return true;
  } catch (error) {
    if (error instanceof FieldkeyError && ['AUTHORITY_OFFLINE', 'ISSUER_EXPIRED'].includes(error.code)) return false;
    throw error;
  }
}

/**
 * Gives an authority another certificate with the same name, key and key identifier: what it has signed so far is valid
 * below the new one as it was below the old one. Where the old one is trusted, the new one takes its place; devices that
 * know the old one go on with it until it ends. Gives the certificate's id.
 *
 * `handed` is the key of whoever signs, when it is not in the vault: the root's.
 * @throws AUTHORITY_NOT_FOUND, AUTHORITY_NOT_ACTIVE, AUTHORITY_OFFLINE, AUTHORITY_KEY_OTHER, ISSUER_EXPIRED, PROFILE_REFUSED
 */
export function renewAuthority(
  session: VaultSession,
  authorityId: number,
  options: { readonly validity?: Span; readonly handed?: HandedKey } = {},
): Promise<number> {
  return session.inTurn(async () => {
    const authority = authorityById(session, authorityId);
    if (authority.state !== 'active') {
      throw new FieldkeyError('AUTHORITY_NOT_ACTIVE', { authority: authority.name, state: authority.state });
    }
    const present = lastAuthorityCertificate(session, authorityId);
    const issued = await signAgain(session, authority, present, options);
    return session.write((log) => {
      const { project_id: projectId } = authority;
      const id = storeCertificate(session, log, issued, {
        projectId,
        kind: authority.parent_id === null ? 'root' : 'site',
        commonName: authority.name,
        issuerId: authority.parent_id ?? authority.id,
        authorityId,
        keyId: authority.key_id,
        predecessorId: present.id,
      });
      const trusted = session.tables.trust.where('certificate_id = ?', present.id);
      for (const row of trusted) session.tables.trust.update({ ...row, certificate_id: id });
      if (trusted.length > 0) {
        const subject = projectById(session, projectId).name;
        log('project.change', { projectId, subject, detail: { trust: trustText(session, projectId) } });
      }
      return id;
    });
  });
}

async function signAgain(
  session: VaultSession,
  authority: AuthorityRow,
  present: CertificateRow,
  { validity, handed }: { readonly validity?: Span; readonly handed?: HandedKey },
): Promise<IssuedCertificate> {
  const before = readCertificate(present.der);
  const issued = await issueLinted({
    kind: authority.parent_id === null ? 'root' : 'site',
    subject: { ...subjectOf(projectById(session, authority.project_id)), commonName: authority.name },
    spki: before.spki,
    issuer:
      authority.parent_id === null
        ? { selfSigned: openSigner(session, authority, handed) }
        : openIssuer(session, authority.parent_id, handed),
    validity: validity ?? spanOf(present),
    now: new Date(session.now()),
  });
  // an authority that somebody else made may write its name in another way; then what it signed would lose its issuer
  const same =
    issued.subjectDer.equals(before.subjectDer) && before.subjectKeyIdentifier?.equals(issued.subjectKeyIdentifier) === true;
  if (!same) throw new FieldkeyError('AUTHORITY_NOT_ACTIVE', { authority: authority.name, state: 'imported' });
  return issued;
}

/** As long as the present one, in whole years. */
function spanOf({ not_before: from, not_after: to }: CertificateRow): Span {
  return { years: Math.max(1, Math.round((to - from) / (365.2425 * 86_400_000))) };
}
