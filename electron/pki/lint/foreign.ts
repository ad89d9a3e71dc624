import { type KeyDescription, keyText, tryDescribeKey } from '../key-description.ts';
import { purposeNames } from '../object-names.ts';
import type { CertificateInfo } from '../read.ts';
import type { CrlInfo } from '../read-crl.ts';
import { signatureScheme } from '../signature-scheme.ts';
import { DerError } from './der-reader.ts';
import { type Finding, Report } from './finding.ts';
import { readCertificateStructure, readCrlStructure } from './structure.ts';

const day = 86_400_000;
const tenYears = 3653 * day;
const thirtyYears = 10_958 * day;
const soon = 30 * day;

/** Whether a certificate of anybody is an authority: it says so, or (v1, or without the extension) it signed itself. */
export function isAuthority(certificate: CertificateInfo): boolean {
  return certificate.basicConstraints?.ca === true || (certificate.basicConstraints === undefined && certificate.selfIssued);
}

/**
 * Judges a certificate that somebody else issued. Not against our profile, which would condemn most of the world, but
 * for what makes it unsafe or refused in practice: weak keys and hashes, version 1, endless validity, a server named by
 * its CN alone, an authority that does not say that it is one. `now` in milliseconds.
 */
export function lintForeignCertificate(certificate: CertificateInfo, now: number): Finding[] {
  const report = new Report();
  report.attempt('certificate', () => {
    const structure = readCertificateStructure(certificate.der);
    if (structure.version === 0 || certificate.basicConstraints === undefined) {
      if (structure.version !== 2 || structure.extensions.length === 0)
        report.add('foreign-version-1', { version: structure.version + 1 });
    }
    const scheme = signatureScheme(structure.outerAlgorithm);
    // nobody verifies the signature of a root, so its hash does not matter
    if (scheme.weak && !certificate.selfIssued) report.add('foreign-signature-weak', { algorithm: scheme.name });
    else if (scheme.hash === undefined && scheme.padding === 'none' && !scheme.weak)
      report.add('foreign-signature-unknown', { algorithm: scheme.name });
  });
  checkKey(tryDescribeKey(certificate.spki), report);
  checkTimes(certificate, now, report);
  if (isAuthority(certificate)) checkAuthority(certificate, report);
  else checkLeaf(certificate, report);
  if (certificate.authorityKeyIdentifier === undefined && !certificate.selfIssued) report.add('foreign-authority-key-identifier');
  if (certificate.serial.length < 16) report.add('foreign-serial-weak', { octets: certificate.serial.length / 2 });
  return report.findings;
}

function checkKey(key: KeyDescription | undefined, report: Report): void {
  if (key === undefined) report.add('foreign-key-unusual', { key: 'unreadable' });
  else if (key.type === 'rsa' && (key.bits < 2048 || key.sound !== 'yes')) report.add('foreign-key-weak', { key: keyText(key) });
  else if (key.type === 'ec' && ['P-192', 'P-224'].includes(key.curve)) report.add('foreign-key-weak', { key: keyText(key) });
  else if (key.type === 'other' || (key.type === 'ec' && !key.sound)) report.add('foreign-key-unusual', { key: keyText(key) });
  else if (key.type === 'rsa' && key.bits > 4096) report.add('foreign-key-unusual', { key: keyText(key) });
}

function checkTimes({ notBefore, notAfter, ...certificate }: CertificateInfo, now: number, report: Report): void {
  const length = notAfter.getTime() - notBefore.getTime();
  if (length > (isAuthority({ notBefore, notAfter, ...certificate }) ? thirtyYears : tenYears))
    report.add('foreign-validity-long', { days: Math.round(length / day) });
  if (notAfter.getTime() < now) report.add('foreign-expired', { notAfter: notAfter.getTime() });
  else if (notAfter.getTime() < now + soon) report.add('foreign-expires-soon', { notAfter: notAfter.getTime() });
  if (notBefore.getTime() > now) report.add('foreign-not-yet-valid', { notBefore: notBefore.getTime() });
}

function checkAuthority(certificate: CertificateInfo, report: Report): void {
  if (certificate.basicConstraints === undefined) report.add('foreign-ca-constraints');
  else if (!isCritical(certificate, '2.5.29.19')) report.add('foreign-ca-constraints-not-critical');
  if (certificate.keyUsage?.includes('keyCertSign') !== true) report.add('foreign-ca-key-usage');
  if (certificate.subjectKeyIdentifier === undefined) report.add('foreign-ca-key-identifier');
}

function isCritical(certificate: CertificateInfo, oid: string): boolean {
  return readCertificateStructure(certificate.der).extensions.some((extension) => extension.oid === oid && extension.critical);
}

function checkLeaf(certificate: CertificateInfo, report: Report): void {
  const { alternativeNames, extendedKeyUsage, keyUsage, commonName } = certificate;
  if (keyUsage?.includes('keyCertSign')) report.add('foreign-leaf-signs');
  if (certificate.selfIssued) report.add('foreign-self-signed');
  // without purposes it may serve as well; a name with dots then is a host's
  const serves = extendedKeyUsage?.some((oid) => ['serverAuth', 'anyExtendedKeyUsage'].includes(purposeNames[oid] ?? ''));
  const looksLikeHost = extendedKeyUsage === undefined && /^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/.test(commonName);
  if ((serves === true || looksLikeHost) && alternativeNames.dns.length + alternativeNames.ip.length === 0)
    report.add('foreign-san-missing', { commonName });
}

/** Judges a revocation list of somebody else. `now` in milliseconds. */
export function lintForeignCrl(crl: CrlInfo, now: number): Finding[] {
  const report = new Report();
  try {
    const scheme = signatureScheme(readCrlStructure(crl.der).outerAlgorithm);
    if (scheme.weak) report.add('foreign-signature-weak', { algorithm: scheme.name });
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
  }
  if (crl.thisUpdate.getTime() > now) report.add('crl-begun');
  if (crl.nextUpdate === undefined) report.add('crl-next-update');
  else if (crl.nextUpdate.getTime() < now) report.add('foreign-crl-expired', { nextUpdate: crl.nextUpdate.getTime() });
  if (crl.number === undefined) report.add('foreign-crl-number');
  return report.findings;
}
