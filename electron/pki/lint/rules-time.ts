import type { Tlv } from './der-reader.ts';
import { type DerTime, formFitsYear, readTime } from './der-time.ts';
import type { Expectation } from './expectations.ts';
import type { Report } from './finding.ts';
import type { LintIssuer } from './issuer.ts';
import type { CertificateStructure } from './structure.ts';

const second = 1000;
const day = 86_400 * second;

/** Reads a time and judges its form; undefined when it is no time at all. */
export function checkTime(bytes: Uint8Array, tlv: Tlv, field: string, report: Report): DerTime | undefined {
  let time: DerTime | undefined;
  report.attempt(
    field,
    () => {
      time = readTime(bytes, tlv);
      if (!formFitsYear(time)) report.add('time-encoding', { where: field, reason: `${time.form} in ${time.year}` });
    },
    'time-encoding',
  );
  return time;
}

/** Forms of the times, their order, the profile's bounds, and the issuer's end. `now` in milliseconds, if it matters. */
export function checkValidity(
  certificate: CertificateStructure,
  expected: Expectation,
  issuer: LintIssuer | undefined,
  now: number | undefined,
  report: Report,
): void {
  const begin = checkTime(certificate.bytes, certificate.notBefore, 'notBefore', report)?.ms;
  const end = checkTime(certificate.bytes, certificate.notAfter, 'notAfter', report)?.ms;
  if (begin === undefined || end === undefined) return;
  if (end <= begin) {
    report.add('validity-order');
    return;
  }
  if (now !== undefined && begin > now) report.add('validity-begun');
  if (now !== undefined && end < now) report.add('validity-ended');

  // both ends belong to the period
  const length = end + second - begin;
  if (end + second > latestEnd(begin, expected)) report.add('validity-bounds', { days: Math.ceil(length / day) });
  const cut = issuer !== undefined && end === issuer.notAfter;
  if (length < expected.shortestDays * day && !cut) report.add('validity-bounds', { days: Math.floor(length / day) });

  if (issuer !== undefined && !expected.selfSigned && (end > issuer.notAfter || begin < issuer.notBefore)) {
    report.add('validity-within-issuer');
  }
}

function latestEnd(begin: number, expected: Expectation): number {
  if ('days' in expected.longest) return begin + expected.longest.days * day;
  const date = new Date(begin);
  date.setUTCFullYear(date.getUTCFullYear() + expected.longest.years);
  return date.getTime();
}
