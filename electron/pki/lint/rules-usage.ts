import { contentOf } from './der-reader.ts';
import type { Expectation } from './expectations.ts';
import { readBasicConstraints, readExtendedKeyUsage, readKeyUsage } from './extensions.ts';
import type { Report } from './finding.ts';
import type { Extension } from './structure.ts';

/** basicConstraints, RFC 5280 §4.2.1.9: critical everywhere by profile, CA and path length by kind. */
export function checkBasicConstraints(
  bytes: Uint8Array,
  extension: Extension | undefined,
  expected: Expectation,
  report: Report,
): void {
  if (extension === undefined) {
    report.add('basic-constraints-present');
    return;
  }
  if (!extension.critical) report.add('basic-constraints-critical');
  report.attempt('basicConstraints', () => {
    const { ca, falseWritten, pathLength } = readBasicConstraints(contentOf(bytes, extension.value));
    if (falseWritten) report.add('der-encoding', { where: 'basicConstraints', reason: 'default written out' });
    if (ca !== expected.ca) report.add('basic-constraints-ca', { ca });
    else if (pathLength !== expected.pathLength)
      report.add('basic-constraints-path-length', { pathLength: pathLength ?? 'none' });
  });
}

/** keyUsage, RFC 5280 §4.2.1.3: present, critical, and exactly the bits of the kind. keyEncipherment only with RSA. */
export function checkKeyUsage(
  bytes: Uint8Array,
  extension: Extension | undefined,
  expected: Expectation,
  isRsa: boolean,
  report: Report,
): void {
  if (extension === undefined) {
    report.add('key-usage-present');
    return;
  }
  if (!extension.critical) report.add('key-usage-critical');
  report.attempt('keyUsage', () => {
    const found = readKeyUsage(contentOf(bytes, extension.value));
    const wanted = isRsa ? expected.keyUsageRsa : expected.keyUsage;
    if (found.join() !== wanted.join()) report.add('key-usage-bits', { found: found.join(' '), wanted: wanted.join(' ') });
  });
}

/** extKeyUsage, RFC 5280 §4.2.1.12: one purpose on leaves, none on CAs; not critical. */
export function checkExtendedKeyUsage(
  bytes: Uint8Array,
  extension: Extension | undefined,
  expected: Expectation,
  report: Report,
): void {
  if (extension?.critical === true) report.add('extended-key-usage-critical');
  report.attempt('extKeyUsage', () => {
    const found = extension === undefined ? [] : readExtendedKeyUsage(contentOf(bytes, extension.value));
    const wanted = expected.extendedKeyUsage === undefined ? [] : [expected.extendedKeyUsage];
    if (found.join() !== wanted.join()) report.add('extended-key-usage', { found: found.join(' '), wanted: wanted.join(' ') });
  });
}
