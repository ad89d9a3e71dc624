import { isErrorReport } from '../../shared/errors.ts';
import type { PublishedAfterRestore } from '../../shared/model/backup.ts';
import { authoritiesOf, authorityCertificate, outsideOf } from '../authority/lookup.ts';
import { publishCrl } from '../authority/publish-crl.ts';
import { pemToDer } from '../pki/pem.ts';
import { readCertificate } from '../pki/read.ts';
import { type CrlInfo, readCrl } from '../pki/read-crl.ts';
import { removeAllKeychains } from '../vault/keychain.ts';
import type { VaultSession } from '../vault/session.ts';

/** Revocation lists as a broker has them: one in DER, or all of a PEM file. @throws FILE_MALFORMED */
export function readDeployedCrls(bytes: Buffer): CrlInfo[] {
  if (!bytes.includes('-----BEGIN')) return [readCrl(bytes)];
  return pemToDer(bytes.toString('latin1')).map(({ der }) => readCrl(der));
}

/**
 * After a restore: new revocation lists whose numbers are above those of the backup and of the lists that are deployed
 * (RFC 5280 §5.2.3: the number only grows). Where none can be made, it is said why; nothing else stops for it. And no
 * keychain opens a vault of former times: the slots that ended since the backup would be good again.
 */
export async function publishAfterRestore(session: VaultSession, deployed: readonly CrlInfo[]): Promise<PublishedAfterRestore> {
  removeAllKeychains(session);
  const published: PublishedAfterRestore['published'] = [];
  const withheld: PublishedAfterRestore['withheld'] = [];
  for (const { id: projectId } of session.tables.project.where('1 = 1 ORDER BY id')) {
    const outside = outsideOf(session, projectId);
    for (const { id, name, state } of authoritiesOf(session, projectId)) {
      if (state !== 'active' || outside.has(id)) continue;
      const { subjectDer } = readCertificate(authorityCertificate(session, id).der);
      const known = deployed.filter((crl) => crl.issuerDer.equals(subjectDer)).map((crl) => Number(crl.number ?? 0));
      try {
        const { number } = await publishCrl(session, id, known.length > 0 ? { above: Math.max(...known) } : {});
        published.push({ authority: name, number });
      } catch (error) {
        if (!isErrorReport(error) || !['AUTHORITY_OFFLINE', 'ISSUER_EXPIRED', 'CLOCK_WRONG'].includes(error.code)) throw error;
        withheld.push({ authority: name, code: error.code });
      }
    }
  }
  return { published, withheld };
}
