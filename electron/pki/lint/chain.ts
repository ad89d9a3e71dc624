import { createPublicKey, verify } from 'node:crypto';
import type { CertificateInfo } from '../read.ts';
import { signatureScheme } from '../signature-scheme.ts';
import { DerError, elementOf } from './der-reader.ts';
import { wholeOctets } from './der-values.ts';
import { type Finding, Report } from './finding.ts';
import { type CertificateStructure, type CrlStructure, readCertificateStructure, readCrlStructure } from './structure.ts';

/**
 * Judges one step of a chain, of anybody: names, key identifiers, the issuer's right to issue, nested validity, and the
 * signature (RFC 5280 §6.1.3, §6.1.4). `below` counts the CAs that follow below `issuer` before the leaf.
 */
export function lintLink(certificate: CertificateInfo, issuer: CertificateInfo, below: number): Finding[] {
  const report = new Report();
  if (!certificate.issuerDer.equals(issuer.subjectDer)) report.add('issuer-name');
  const { authorityKeyIdentifier } = certificate;
  const { subjectKeyIdentifier, basicConstraints, keyUsage } = issuer;
  if (
    authorityKeyIdentifier !== undefined &&
    subjectKeyIdentifier !== undefined &&
    !authorityKeyIdentifier.equals(subjectKeyIdentifier)
  )
    report.add('authority-key-identifier-match');
  if (basicConstraints?.ca !== true) report.add('chain-issuer-not-ca');
  if (keyUsage !== undefined && !keyUsage.includes('keyCertSign')) report.add('chain-key-usage');
  if (basicConstraints?.pathLength !== undefined && below > basicConstraints.pathLength)
    report.add('chain-path-length', { allowed: basicConstraints.pathLength, found: below });
  if (certificate.notAfter > issuer.notAfter || certificate.notBefore < issuer.notBefore) report.add('validity-within-issuer');
  if (isSignedBy(certificate.der, issuer.spki) === false) report.add('signature-verifies');
  return report.findings;
}

/** Whether the signature verifies under this key; undefined for algorithms that we do not verify (SHA-1, PSS, Ed25519). */
export function isSignedBy(certificate: Uint8Array, issuerSpki: Buffer): boolean | undefined {
  return verifies(() => readCertificateStructure(certificate), issuerSpki);
}

/** The same for a revocation list (RFC 5280 §6.3.3 (g)). */
export function isCrlSignedBy(crl: Uint8Array, issuerSpki: Buffer): boolean | undefined {
  return verifies(() => readCrlStructure(crl), issuerSpki);
}

function verifies(read: () => CertificateStructure | CrlStructure, issuerSpki: Buffer): boolean | undefined {
  try {
    const { bytes, tbs, outerAlgorithm, signature } = read();
    const { hash } = signatureScheme(outerAlgorithm);
    if (hash === undefined) return undefined;
    const key = createPublicKey({ key: issuerSpki, format: 'der', type: 'spki' });
    return verify(hash, elementOf(bytes, tbs), key, wholeOctets(bytes, signature));
  } catch (error) {
    if (error instanceof DerError) return false;
    // a key that this crypto library does not know
    return undefined;
  }
}

/**
 * Judges the chains among some certificates of one file or folder. Gives, for each certificate in order, what is wrong
 * with the step above it; a certificate whose issuer is not among them has `chain-incomplete`.
 */
export function lintChains(certificates: readonly CertificateInfo[]): Finding[][] {
  const steps = lintChainsStepwise(certificates);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** The same for thousands of them: gives a turn after each signature that was verified. */
export function* lintChainsStepwise(certificates: readonly CertificateInfo[]): Generator<void, Finding[][], void> {
  const bySubject = new Map<string, CertificateInfo[]>();
  for (const certificate of certificates) {
    const name = certificate.subjectDer.toString('latin1');
    bySubject.set(name, [...(bySubject.get(name) ?? []), certificate]);
  }
  const issuerOf = (certificate: CertificateInfo): CertificateInfo | undefined => {
    const candidates = bySubject.get(certificate.issuerDer.toString('latin1')) ?? [];
    // a new root has the old one's name: the key identifier tells them apart, then the signature
    const { authorityKeyIdentifier: wanted } = certificate;
    const named = candidates.filter((issuer) => wanted === undefined || issuer.subjectKeyIdentifier?.equals(wanted) !== false);
    return named.find((issuer) => isSignedBy(certificate.der, issuer.spki) === true) ?? named[0] ?? candidates[0];
  };
  const issuers = new Map<CertificateInfo, CertificateInfo | undefined>();
  for (const certificate of certificates) {
    issuers.set(certificate, issuerOf(certificate));
    yield;
  }
  const below = depths(certificates, issuers);
  const found: Finding[][] = [];
  for (const certificate of certificates) {
    found.push(lintStep(certificate, issuers.get(certificate), below));
    yield;
  }
  return found;
}

function lintStep(
  certificate: CertificateInfo,
  issuer: CertificateInfo | undefined,
  below: ReadonlyMap<CertificateInfo, number>,
): Finding[] {
  if (certificate.selfIssued && certificate.basicConstraints?.ca !== false) return [];
  if (issuer !== undefined) {
    const isCa = certificate.basicConstraints?.ca === true;
    return lintLink(certificate, issuer, isCa ? Math.max(1, (below.get(issuer) ?? 0) - 1) : 0);
  }
  const report = new Report();
  report.add('chain-incomplete');
  return report.findings;
}

/** For each certificate how many levels lie below it, at most 8. */
function depths(
  certificates: readonly CertificateInfo[],
  issuers: ReadonlyMap<CertificateInfo, CertificateInfo | undefined>,
): Map<CertificateInfo, number> {
  const below = new Map<CertificateInfo, number>();
  for (const start of certificates) {
    let current = issuers.get(start);
    for (let level = 1; current !== undefined && current !== start && level <= 8; level += 1) {
      below.set(current, Math.max(below.get(current) ?? 0, level));
      const next = issuers.get(current);
      if (next === current) break;
      current = next;
    }
  }
  return below;
}
