import { isSignedBy } from '../pki/lint/chain.ts';
import { readCertificate } from '../pki/read.ts';
import type { CertificateRow } from '../vault/rows.ts';
import type { VaultSession } from '../vault/session.ts';
import { chainOf, lastAuthorityCertificate } from './lookup.ts';

/** Chains are shorter; a circle of cross-certificates must end. */
const longest = 8;

/** Whether another authority issued it: then it lies among certificates of others, which no authority of ours stands for. */
export function isForeign(certificate: Pick<CertificateRow, 'issuer_id'>): boolean {
  return certificate.issuer_id === null;
}

/**
 * The certificates between a broker's certificate and its root, without both: what a broker sends along. Of another
 * authority those that came with the certificate.
 */
export function issuersBelowRoot(session: VaultSession, certificate: CertificateRow): CertificateRow[] {
  if (certificate.issuer_id === null) return foreignIssuers(session, certificate);
  return chainOf(session, certificate.issuer_id)
    .filter((authority) => authority.parent_id !== null)
    .map((authority) => lastAuthorityCertificate(session, authority.id));
}

function foreignIssuers(session: VaultSession, leaf: CertificateRow): CertificateRow[] {
  const known = session.tables.certificate
    .where("project_id = ? AND kind = 'foreign' ORDER BY id DESC", leaf.project_id)
    .map((row) => ({ row, info: readCertificate(row.der) }));
  const chain: CertificateRow[] = [];
  for (let current = readCertificate(leaf.der); chain.length < longest; ) {
    const issuer = known.find(
      ({ row, info }) =>
        !chain.includes(row) && info.subjectDer.equals(current.issuerDer) && isSignedBy(current.der, info.spki) === true,
    );
    if (!issuer || issuer.info.selfIssued) break;
    chain.push(issuer.row);
    current = issuer.info;
  }
  return chain;
}
