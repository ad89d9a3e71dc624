import { contentOf, elementOf, sameBytes, type Tlv } from './der-reader.ts';
import { bigInteger, checkTree } from './der-values.ts';
import { readIntegerExtension, readReasonCode } from './extensions.ts';
import { type Finding, Report } from './finding.ts';
import type { LintIssuer } from './issuer.ts';
import { checkAlgorithms } from './rules-fields.ts';
import { checkAuthorityKeyIdentifier } from './rules-identifier.ts';
import { checkTime } from './rules-time.ts';
import { checkSignature } from './signature.ts';
import { type CrlEntryStructure, type CrlStructure, type Extension, readCrlStructure } from './structure.ts';

export interface CrlLintContext {
  /** From prepareLintIssuer. Without it the rules that compare, and the signature, are left out. */
  readonly issuer?: LintIssuer | undefined;
  /** When given, the CRL must be current at that time. */
  readonly now?: Date | undefined;
}

const known = { crlNumber: '2.5.29.20', reasonCode: '2.5.29.21', authorityKeyIdentifier: '2.5.29.35' } as const;

const sizeLimit = 16 * 1024 * 1024;

/**
 * Judges the exact bytes of one of our own CRLs (RFC 5280 §5) before they are stored or exported: a CRL with a flaw
 * locks every device out. Never throws for what is in the bytes.
 */
export function lintCrl(der: Uint8Array, context: CrlLintContext): Finding[] {
  const report = new Report();
  if (der.length > sizeLimit) report.add('size', { octets: der.length });
  else report.attempt('crl', () => lint(readCrlStructure(der), context, report));
  return report.findings;
}

function lint(crl: CrlStructure, { issuer, now }: CrlLintContext, report: Report): void {
  const { bytes } = crl;
  report.attempt('crl', () => checkTree(bytes, 0, bytes.length));
  if (crl.version !== 1) report.add('crl-version', { version: crl.version + 1 });
  checkAlgorithms(crl, issuer?.keyType, report);
  if (crl.issuer.content === crl.issuer.end) report.add('dn-empty', { field: 'issuer' });
  else if (issuer !== undefined && !sameBytes(elementOf(bytes, crl.issuer), issuer.subject)) report.add('issuer-name');
  const thisUpdate = checkUpdates(crl, now?.getTime(), report);
  if (crl.entries?.length === 0) report.add('crl-empty-list');
  checkEntries(bytes, crl.entries ?? [], thisUpdate, report);
  checkExtensions(crl, issuer, report);
  if (issuer !== undefined) checkSignature(crl, issuer, report);
}

/** Gives thisUpdate in milliseconds. */
function checkUpdates(crl: CrlStructure, now: number | undefined, report: Report): number | undefined {
  const begin = checkTime(crl.bytes, crl.thisUpdate, 'thisUpdate', report)?.ms;
  if (crl.nextUpdate === undefined) report.add('crl-next-update');
  const end = crl.nextUpdate === undefined ? undefined : checkTime(crl.bytes, crl.nextUpdate, 'nextUpdate', report)?.ms;
  if (begin !== undefined && end !== undefined && end <= begin) report.add('crl-update-order');
  if (now !== undefined && begin !== undefined && begin > now) report.add('crl-begun');
  if (now !== undefined && end !== undefined && end < now) report.add('crl-ended');
  return begin;
}

function checkEntries(
  bytes: Uint8Array,
  entries: readonly CrlEntryStructure[],
  thisUpdate: number | undefined,
  report: Report,
): void {
  let previous: Uint8Array | undefined;
  for (const { serial, revocationDate, extensions } of entries) {
    const octets = contentOf(bytes, serial);
    // an imported CA may have issued short serials, so only what RFC 5280 forbids is wrong here
    if ((octets[0] ?? 0) >= 0x80 || octets.length > 20 || (octets.length === 1 && octets[0] === 0))
      report.add('crl-entry-serial');
    if (previous !== undefined) {
      const order = compareIntegers(previous, octets);
      if (order === 0) report.add('crl-entry-duplicate');
      else if (order > 0) report.add('crl-entry-order');
    }
    previous = octets;
    const date = checkTime(bytes, revocationDate, 'revocationDate', report);
    if (date !== undefined && thisUpdate !== undefined && date.ms > thisUpdate) report.add('crl-entry-date');
    for (const extension of extensions) checkReason(bytes, extension, report);
  }
}

/** Positive integers in minimal octets: the longer one is the larger one. */
function compareIntegers(a: Uint8Array, b: Uint8Array): number {
  return a.length === b.length ? Buffer.compare(a, b) : a.length - b.length;
}

/** RFC 5280 §5.3.1: 0 is said by leaving the reason out, 7 does not exist, 8 is for delta CRLs, which we have not. */
function checkReason(bytes: Uint8Array, { oid, critical, falseWritten, value }: Extension, report: Report): void {
  if (falseWritten) report.add('der-encoding', { where: oid, reason: 'default written out' });
  if (oid !== known.reasonCode || critical) {
    report.add(critical ? 'extension-unknown-critical' : 'extension-unexpected', { oid });
    return;
  }
  report.attempt('reasonCode', () => {
    const code = readReasonCode(contentOf(bytes, value));
    if (code < 1 || code > 10 || code === 7 || code === 8) report.add('crl-entry-reason', { code });
  });
}

function checkExtensions({ bytes, extensions }: CrlStructure, issuer: LintIssuer | undefined, report: Report): void {
  const byOid = new Map<string, Extension>();
  for (const extension of extensions) {
    const { oid, critical, falseWritten } = extension;
    if (falseWritten) report.add('der-encoding', { where: oid, reason: 'default written out' });
    if (byOid.has(oid)) report.add('extension-duplicate', { oid });
    else byOid.set(oid, extension);
    const isKnown = oid === known.crlNumber || oid === known.authorityKeyIdentifier;
    // a critical issuingDistributionPoint or deltaCRLIndicator is refused here too
    if (!isKnown) report.add(critical ? 'extension-unknown-critical' : 'extension-unexpected', { oid });
  }
  checkAuthorityKeyIdentifier(bytes, byOid.get(known.authorityKeyIdentifier), issuer, false, report);
  checkNumber(bytes, byOid.get(known.crlNumber), report);
}

/** RFC 5280 §5.2.3: present, not critical, not negative, at most 20 octets. */
function checkNumber(bytes: Uint8Array, extension: Extension | undefined, report: Report): void {
  if (extension === undefined || extension.critical) {
    report.add('crl-number', { problem: extension === undefined ? 'missing' : 'critical' });
    return;
  }
  report.attempt('cRLNumber', () => {
    const value = contentOf(bytes, extension.value);
    const field: Tlv = readIntegerExtension(value);
    if (bigInteger(value, field) < 0n || field.end - field.content > 20) report.add('crl-number', { problem: 'range' });
  });
}
