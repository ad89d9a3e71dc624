import { isErrorReport } from '../../shared/errors.ts';
import { generateKey } from '../pki/keys.ts';
import { issueLinted } from '../pki/linted.ts';
import type { CertificateRow } from '../vault/rows.ts';
import type { VaultSession } from '../vault/session.ts';
import { openIssuer } from './issuer.ts';
import { authorityCertificate, hasKey, issuingAuthority, keyTypeOf, projectById, subjectOf } from './lookup.ts';
import { storeCertificate, storeKey } from './store-certificate.ts';

/** The certificate that is revoked since it was made; undefined when its key is not here. */
export function revokedCanary(session: VaultSession, projectId: number): CertificateRow | undefined {
  return session.tables.certificate.where(
    "project_id = ? AND kind = 'canary' AND status = 'revoked' AND key_id IS NOT NULL ORDER BY id DESC LIMIT 1",
    projectId,
  )[0];
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
