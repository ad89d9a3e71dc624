import type { VerbatimSubject } from './certificate.ts';
import { ipToOctets } from './ip.ts';
import type { CertificateInfo } from './read.ts';
import type { AlternativeNames } from './san.ts';

/** What a successor keeps of a certificate. */
export interface Kept {
  readonly subject: VerbatimSubject;
  readonly alternativeNames: AlternativeNames;
}

/**
 * Renewing is the same name and the same key with a new serial and a new validity; re-keying is the same name with a new
 * key. Takes the predecessor, gives the parts of a CertificateRequest that both keep; the name is kept byte for byte.
 * For renewing add `spki: predecessor.spki`.
 */
export function keptFrom(predecessor: CertificateInfo): Kept {
  const { dns, ip, uri } = predecessor.alternativeNames;
  // an address among the host names was written for old mbedTLS (see AlternativeNames.ipAsDns)
  const isAddress = (name: string) => ipToOctets(name) !== undefined;
  return {
    subject: { der: predecessor.subjectDer, commonName: predecessor.commonName === '' ? undefined : predecessor.commonName },
    alternativeNames: { dns: dns.filter((name) => !isAddress(name)), ip, uri, ipAsDns: dns.some(isAddress) },
  };
}

/**
 * The parts of a request for a cross certificate (RFC 5280 §3.2): name and key of `newRoot`, to be issued by the old
 * root as kind `cross`. Whoever trusts only the old root can then validate what the new one issues; its SKI is the same
 * as the new root's, because both come from the key.
 */
export function crossOf(newRoot: CertificateInfo): Pick<Kept, 'subject'> & { readonly kind: 'cross'; readonly spki: Buffer } {
  return { kind: 'cross', subject: keptFrom(newRoot).subject, spki: newRoot.spki };
}
