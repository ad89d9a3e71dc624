import { createPublicKey } from 'node:crypto';
import { type DerNode, encoded } from './der.ts';
import { authorityKeyIdentifierExtension } from './extensions.ts';
import { subjectKeyIdentifier } from './keys.ts';
import type { NameConstraints } from './name-constraints.ts';
import { type CertificateInfo, readCertificate } from './read.ts';
import { refuse } from './refusal.ts';
import { algorithmIdentifiers, type Signer } from './signer.ts';

/** A CA made ready to issue: read once, used for thousands of certificates and for its CRLs. */
export interface Issuer {
  readonly certificate: CertificateInfo;
  readonly signer: Signer;
  /** What goes into everything it signs, verbatim: its own subject and key identifier. */
  readonly name: DerNode;
  readonly authorityKeyIdentifier: DerNode;
  readonly algorithmIdentifier: DerNode;
  /** The name constraints of itself and of everybody above it: whoever checks applies them to what it signs (RFC 5280 §6.1.4). */
  readonly nameConstraints: readonly NameConstraints[];
}

/**
 * Takes a CA certificate (ours or an imported one) and the signer for its key.
 *
 * Imported CAs often have no keyUsage and sometimes no SKI: both are tolerated, as validators do. Throws FILE_MALFORMED
 * for bytes that are no certificate; PROFILE_REFUSED when the key is another one (key-mismatch), or when the
 * certificate is not a CA (issuer-not-ca): what it issued could never be validated. `above`: the authorities over it.
 */
export function prepareIssuer(certificateDer: Uint8Array, signer: Signer, above: readonly CertificateInfo[] = []): Issuer {
  const certificate = readCertificate(certificateDer);
  if (certificate.basicConstraints?.ca !== true) refuse('issuer-not-ca');
  if (!sameKey(certificate.spki, signer.spki)) refuse('key-mismatch');
  const identifier = certificate.subjectKeyIdentifier ?? subjectKeyIdentifier(certificate.spki);
  return {
    certificate,
    signer,
    name: encoded(certificate.subjectDer),
    authorityKeyIdentifier: authorityKeyIdentifierExtension(identifier),
    algorithmIdentifier: encoded(algorithmIdentifiers[signer.algorithm]),
    nameConstraints: [certificate, ...above].flatMap((each) => each.nameConstraints ?? []),
  };
}

/** Equal bytes, or bytes that the crypto library reads as the same key (a compressed point, for example). */
function sameKey(a: Buffer, b: Uint8Array): boolean {
  if (a.equals(b)) return true;
  const normal = (der: Uint8Array) =>
    createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' }).export({ format: 'der', type: 'spki' });
  try {
    return normal(a).equals(normal(b));
  } catch {
    return false;
  }
}

/**
 * Throws PROFILE_REFUSED unless the issuer may sign such a certificate: keyCertSign, or no keyUsage at all, which allows
 * everything (RFC 5280 §4.2.1.3), and a path length that leaves room for another CA (§4.2.1.9).
 */
export function requireMayIssue(issuer: Issuer, subordinateIsCa: boolean): void {
  const { keyUsage, basicConstraints } = issuer.certificate;
  if (keyUsage !== undefined && !keyUsage.includes('keyCertSign')) refuse('issuer-may-not-sign-certificates');
  if (subordinateIsCa && basicConstraints?.pathLength === 0) refuse('issuer-path-length');
}
