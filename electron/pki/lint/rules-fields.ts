import { contentOf, elementOf, sameBytes, tag } from './der-reader.ts';
import type { Report } from './finding.ts';
import type { AlgorithmIdentifier, CertificateStructure } from './structure.ts';

/** Rules about the plain fields of a certificate: version, serial, algorithms. */

export function checkVersion(certificate: CertificateStructure, report: Report): void {
  if (certificate.version !== 2) report.add('version-3', { version: certificate.version + 1 });
  if (certificate.hasUniqueIds) report.add('unique-ids-absent');
}

/** RFC 5280 §4.1.2.2: positive, not zero, at most 20 octets; and long enough to hold 64 random bits. */
export function checkSerial(certificate: CertificateStructure, report: Report): void {
  const octets = contentOf(certificate.bytes, certificate.serial);
  const first = octets[0] ?? 0;
  const padded = octets.length > 1 && first === 0;
  if (first >= 0x80 || (octets.length === 1 && first === 0)) report.add('serial-positive');
  else if (octets.length > 20) report.add('serial-length', { octets: octets.length });
  else if (octets.length - (padded ? 1 : 0) < 8) report.add('serial-entropy', { octets: octets.length });
}

interface SignatureRule {
  readonly keyType: string;
  readonly hash: string;
  readonly parametersNull: boolean;
}

/** What each signature algorithm goes with; SHA-256 for P-256 and RSA, SHA-384 for P-384. */
export const signatureRules: Readonly<Record<string, SignatureRule>> = {
  '1.2.840.10045.4.3.2': { keyType: 'p256', hash: 'sha256', parametersNull: false },
  '1.2.840.10045.4.3.3': { keyType: 'p384', hash: 'sha384', parametersNull: false },
  '1.2.840.113549.1.1.11': { keyType: 'rsa', hash: 'sha256', parametersNull: true },
};

interface Signed {
  readonly bytes: Uint8Array;
  readonly innerAlgorithm: AlgorithmIdentifier;
  readonly outerAlgorithm: AlgorithmIdentifier;
}

/**
 * Both algorithm fields alike (RFC 5280 §4.1.1.2, §5.1.1.2), the algorithm one that we make with the issuer's key, and
 * its parameters absent for ECDSA, NULL for RSA. Certificates and CRLs alike; `keyType` is undefined when unknown.
 */
export function checkAlgorithms(signed: Signed, keyType: string | undefined, report: Report): void {
  const { bytes, innerAlgorithm: inner, outerAlgorithm: outer } = signed;
  if (!sameBytes(elementOf(bytes, inner.tlv), elementOf(bytes, outer.tlv))) {
    report.add('signature-algorithm-match', { inner: inner.oid, outer: outer.oid });
  }
  const rule = signatureRules[inner.oid];
  if (rule === undefined || (keyType !== undefined && rule.keyType !== keyType)) {
    report.add('signature-algorithm-allowed', { algorithm: inner.oid });
    return;
  }
  const { parameters } = inner;
  const right = rule.parametersNull ? parameters?.tag === tag.null : parameters === undefined;
  if (!right) report.add('signature-algorithm-parameters', { algorithm: inner.oid });
}
