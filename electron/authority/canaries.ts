import { isErrorReport } from '../../shared/errors.ts';
import type { KeyAlgorithm } from '../../shared/model/key.ts';
import type { ProjectSubject } from '../../shared/model/subject.ts';
import type { IssuedCertificate } from '../pki/certificate.ts';
import type { Issuer } from '../pki/issuer.ts';
import { generateKey, type KeyPair } from '../pki/keys.ts';
import { issueLinted } from '../pki/linted.ts';
import type { AuthorityRow, CertificateRow } from '../vault/rows.ts';
import type { Log, VaultSession } from '../vault/session.ts';
import { authoritiesTold } from './broker-trust.ts';
import { openIssuer } from './issuer.ts';
import { authorityCertificate, hasKey, issuingAuthority, keyTypeOf, newKeyType, projectById, subjectOf } from './lookup.ts';
import { storeCertificate, storeKey } from './store-certificate.ts';

/** A certificate that is made only to be refused, before it is stored. */
export interface Canary {
  readonly key: KeyPair;
  readonly issued: IssuedCertificate;
}

/** It must stay refusable for being revoked, not for being old, as long as the authority lives. @throws PROFILE_REFUSED, LINT_FAILED */
export async function makeCanary(issuer: Issuer, subject: ProjectSubject, algorithm: KeyAlgorithm, now: Date): Promise<Canary> {
  const key = await generateKey(algorithm);
  const issued = await issueLinted({
    kind: 'canary',
    subject: { ...subject, commonName: 'canary' },
    spki: key.spki,
    issuer,
    now,
    validity: { years: 10 },
  });
  return { key, issued };
}

/**
 * A canary for an authority in use that has none which is still refused for being revoked; with its next list the broker shows by it
 * whether it has that list. Undefined when there is one, or none can be made.
 */
export async function missingCanary(session: VaultSession, authority: AuthorityRow, issuer: Issuer): Promise<Canary | undefined> {
  if (authority.state !== 'active' || canaryOf(session, authority.id)) return undefined;
  const { project_id: projectId } = authority;
  try {
    const algorithm = newKeyType(session.tables.privateKey.get(authority.key_id)?.algorithm ?? '');
    return await makeCanary(issuer, subjectOf(projectById(session, projectId)), algorithm, new Date(session.now()));
  } catch (error) {
    // its list is what counts: an imported authority whose form our profiles refuse goes on without
    if (isErrorReport(error) && ['PROFILE_REFUSED', 'LINT_FAILED'].includes(error.code)) return undefined;
    throw error;
  }
}

/** Stores it, revoked from its first moment. Only inside `session.write`. */
export function storeCanary(session: VaultSession, log: Log, projectId: number, issuerId: number, canary: Canary): void {
  storeCertificate(session, log, canary.issued, {
    projectId,
    kind: 'canary',
    commonName: 'canary',
    issuerId,
    keyId: storeKey(session, canary.key),
    revokedAtOnce: true,
  });
}

/** The certificate of an authority that is revoked since it was made and has not ended; undefined when its key is not here. */
function canaryOf(session: VaultSession, authorityId: number): CertificateRow | undefined {
  return session.tables.certificate.where(
    `issuer_id = ? AND kind = 'canary' AND status = 'revoked' AND key_id IS NOT NULL AND not_after > ? ORDER BY id DESC LIMIT 1`,
    authorityId,
    session.now(),
  )[0];
}

/** The canaries of all authorities whose lists the broker has: each list shows by its own that it is there. */
export function revokedCanaries(session: VaultSession, projectId: number): CertificateRow[] {
  return authoritiesTold(session, projectId).flatMap(({ id }) => canaryOf(session, id) ?? []);
}

/**
 * A certificate of the authority that issues for devices, not revoked, that has ended: made when it is first asked for, with the
 * day before the authority was made as its life. Undefined when the authority's key is not here, or has itself begun too lately.
 */
export function expiredCanary(session: VaultSession, projectId: number): Promise<CertificateRow | undefined> {
  return session.inTurn(async () => {
    const authority = issuingAuthority(session, projectId);
    const [there] = session.tables.certificate.where(
      "project_id = ? AND issuer_id = ? AND kind = 'canary' AND status = 'valid' AND not_after < ? ORDER BY id DESC LIMIT 1",
      projectId,
      authority.id,
      session.now(),
    );
    if (there) return there;
    const begin = authorityCertificate(session, authority.id).not_before;
    // certificates are backdated by a day, so this has ended even for an authority of today
    if (!hasKey(session, authority) || begin + day > session.now()) return undefined;
    try {
      const issuer = openIssuer(session, authority.id);
      const key = await generateKey(keyTypeOf(session, projectId));
      const issued = await issueLinted({
        kind: 'canary',
        subject: { ...subjectOf(projectById(session, projectId)), commonName: 'canary' },
        spki: key.spki,
        issuer,
        now: new Date(begin),
        validity: { days: 1 },
      });
      const id = session.write((log) =>
        storeCertificate(session, log, issued, {
          projectId,
          kind: 'canary',
          commonName: 'canary',
          issuerId: authority.id,
          keyId: storeKey(session, key),
        }),
      );
      return session.tables.certificate.get(id);
    } catch (error) {
      // an imported authority whose form our profiles refuse, or one that has ended: then there is none
      if (isErrorReport(error) && ['PROFILE_REFUSED', 'LINT_FAILED', 'ISSUER_EXPIRED'].includes(error.code)) return undefined;
      throw error;
    }
  });
}

const day = 86_400_000;
