import { contentOf, sameBytes } from './der-reader.ts';
import { readAuthorityKeyIdentifier, readSubjectKeyIdentifier } from './extensions.ts';
import type { Report } from './finding.ts';
import type { LintIssuer } from './issuer.ts';
import type { Extension } from './structure.ts';

/** subjectKeyIdentifier on everything, not critical (RFC 5280 §4.2.1.2). */
export function checkSubjectKeyIdentifier(bytes: Uint8Array, extension: Extension | undefined, report: Report): void {
  if (extension === undefined) {
    report.add('subject-key-identifier-present');
    return;
  }
  if (extension.critical) report.add('key-identifier-critical', { extension: 'subjectKeyIdentifier' });
  report.attempt('subjectKeyIdentifier', () => {
    readSubjectKeyIdentifier(contentOf(bytes, extension.value));
  });
}

/**
 * authorityKeyIdentifier (RFC 5280 §4.2.1.1): on everything but a root, which would only name itself; not critical;
 * keyIdentifier alone, equal to the issuer's SKI. With issuer and serial a re-issued root no longer fits its leaves.
 */
export function checkAuthorityKeyIdentifier(
  bytes: Uint8Array,
  extension: Extension | undefined,
  issuer: LintIssuer | undefined,
  selfSigned: boolean,
  report: Report,
): void {
  if (extension === undefined) {
    if (!selfSigned) report.add('authority-key-identifier-present');
    return;
  }
  if (extension.critical) report.add('key-identifier-critical', { extension: 'authorityKeyIdentifier' });
  report.attempt('authorityKeyIdentifier', () => {
    const { keyIdentifier, hasIssuer, hasSerial } = readAuthorityKeyIdentifier(contentOf(bytes, extension.value));
    if (selfSigned || keyIdentifier === undefined || keyIdentifier.length === 0 || hasIssuer || hasSerial) {
      report.add('authority-key-identifier-form');
    }
    // an imported issuer may have no SKI; then any value fits (RFC 5280 §4.2.1.1)
    if (keyIdentifier !== undefined && issuer?.keyIdentifier !== undefined && !sameBytes(keyIdentifier, issuer.keyIdentifier)) {
      report.add('authority-key-identifier-match');
    }
  });
}
