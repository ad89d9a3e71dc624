import { contentOf, DerError } from './der-reader.ts';
import { checkTree } from './der-values.ts';
import { type Expectation, expectations, type LintedKind } from './expectations.ts';
import { type Finding, Report } from './finding.ts';
import { type LintIssuer, lintIssuerFrom } from './issuer.ts';
import { checkAlgorithms, checkSerial, checkVersion } from './rules-fields.ts';
import { checkAuthorityKeyIdentifier, checkSubjectKeyIdentifier } from './rules-identifier.ts';
import { checkPublicKey } from './rules-key.ts';
import { checkIssuerName, checkSubject } from './rules-name.ts';
import { checkAlternativeNames } from './rules-san.ts';
import { checkValidity } from './rules-time.ts';
import { checkBasicConstraints, checkExtendedKeyUsage, checkKeyUsage } from './rules-usage.ts';
import { checkSignature } from './signature.ts';
import { readPublicKey } from './spki.ts';
import { type CertificateStructure, type Extension, readCertificateStructure } from './structure.ts';

export interface CertificateLintContext {
  readonly kind: LintedKind;
  /** From prepareLintIssuer. A root is its own issuer and needs none; without it the rules that compare are left out. */
  readonly issuer?: LintIssuer | undefined;
  /** When given, the certificate must be valid at that time. */
  readonly now?: Date | undefined;
  /** Whether to verify the signature (0.07 ms for P-256, as much as everything else); true unless told. */
  readonly signature?: boolean | undefined;
}

const sizeLimit = 64 * 1024;

/**
 * Judges the exact bytes of one of our own certificates, before they are stored or exported.
 *
 * Independent validators each miss something: none of five notices a CN of 65 characters, a negative serial or a leaf
 * that outlives its CA. So every rule is here, each with its source in the catalogue. Never throws for what is in the
 * bytes; bytes that are no certificate give `der-encoding`.
 */
export function lintCertificate(der: Uint8Array, context: CertificateLintContext): Finding[] {
  const report = new Report();
  if (der.length > sizeLimit) report.add('size', { octets: der.length });
  else report.attempt('certificate', () => lint(readCertificateStructure(der), context, report));
  return report.findings;
}

const known = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
} as const;
const knownOids: ReadonlySet<string> = new Set(Object.values(known));

function lint(certificate: CertificateStructure, context: CertificateLintContext, report: Report): void {
  const { bytes } = certificate;
  const expected = expectations[context.kind];
  report.attempt('certificate', () => checkTree(bytes, 0, bytes.length));
  const issuer = expected.selfSigned ? selfIssuer(certificate) : context.issuer;

  checkVersion(certificate, report);
  checkSerial(certificate, report);
  checkAlgorithms(certificate, issuer?.keyType, report);
  checkValidity(certificate, expected, issuer, context.now?.getTime(), report);
  report.attempt('issuer', () => checkIssuerName(certificate, issuer, report));
  let commonName: string | undefined;
  report.attempt('subject', () => {
    commonName = checkSubject(certificate, expected, report);
  });
  let isRsa = false;
  report.attempt('subjectPublicKeyInfo', () => {
    const key = readPublicKey(bytes, certificate.spki);
    isRsa = key.type === 'rsa';
    checkPublicKey(key, report);
  });
  checkExtensions(certificate, expected, issuer, { commonName, isRsa }, report);
  if (context.signature !== false && issuer !== undefined) checkSignature(certificate, issuer, report);
}

/** A root whose own key or dates cannot be read gets its findings from the rules about those. */
function selfIssuer(certificate: CertificateStructure): LintIssuer | undefined {
  try {
    return lintIssuerFrom(certificate);
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}

function checkExtensions(
  { bytes, extensions }: CertificateStructure,
  expected: Expectation,
  issuer: LintIssuer | undefined,
  subject: { readonly commonName: string | undefined; readonly isRsa: boolean },
  report: Report,
): void {
  const byOid = new Map<string, Extension>();
  for (const extension of extensions) {
    const { oid, critical, falseWritten, value } = extension;
    // X.690 §11.5: DER leaves defaults out
    if (falseWritten) report.add('der-encoding', { where: oid, reason: 'default written out' });
    // RFC 5280 §4.2: readers disagree on which of two counts
    if (byOid.has(oid)) report.add('extension-duplicate', { oid });
    else byOid.set(oid, extension);
    if (oid === known.nameConstraints) report.add('name-constraints');
    else if (!knownOids.has(oid)) report.add(critical ? 'extension-unknown-critical' : 'extension-unexpected', { oid });
    else report.attempt(oid, () => checkTree(bytes, value.content, value.end));
    if (contentOf(bytes, value).length === 0) report.add('der-encoding', { where: oid, reason: 'empty value' });
  }
  checkBasicConstraints(bytes, byOid.get(known.basicConstraints), expected, report);
  checkKeyUsage(bytes, byOid.get(known.keyUsage), expected, subject.isRsa, report);
  checkExtendedKeyUsage(bytes, byOid.get(known.extendedKeyUsage), expected, report);
  checkSubjectKeyIdentifier(bytes, byOid.get(known.subjectKeyIdentifier), report);
  checkAuthorityKeyIdentifier(bytes, byOid.get(known.authorityKeyIdentifier), issuer, expected.selfSigned, report);
  checkAlternativeNames(bytes, byOid.get(known.subjectAltName), expected, subject.commonName, report);
}
