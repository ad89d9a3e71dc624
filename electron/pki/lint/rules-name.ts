import { elementOf, sameBytes, tag } from './der-reader.ts';
import type { Expectation } from './expectations.ts';
import type { Report } from './finding.ts';
import type { LintIssuer } from './issuer.ts';
import { type Attribute, ascii, attributeText, readName } from './name.ts';
import type { CertificateStructure } from './structure.ts';

const commonNameType = '2.5.4.3';
const countryType = '2.5.4.6';

/** The attributes we write, in our order, and their upper bounds in characters (RFC 5280 appendix A.1). */
const known: Readonly<Record<string, { readonly name: string; readonly rank: number; readonly maximum: number }>> = {
  [countryType]: { name: 'C', rank: 0, maximum: 2 },
  '2.5.4.8': { name: 'ST', rank: 1, maximum: 128 },
  '2.5.4.7': { name: 'L', rank: 2, maximum: 128 },
  '2.5.4.10': { name: 'O', rank: 3, maximum: 64 },
  '2.5.4.11': { name: 'OU', rank: 4, maximum: 64 },
  [commonNameType]: { name: 'CN', rank: 5, maximum: 64 },
};

/** The issuer field: not empty, and the very bytes of the issuer's subject (RFC 5280 §7.1 lets them differ; devices do not). */
export function checkIssuerName(certificate: CertificateStructure, issuer: LintIssuer | undefined, report: Report): void {
  const { bytes } = certificate;
  if (certificate.issuer.content === certificate.issuer.end) report.add('dn-empty', { field: 'issuer' });
  else if (issuer !== undefined && !sameBytes(elementOf(bytes, certificate.issuer), issuer.subject)) report.add('issuer-name');
}

/** The subject; gives its common name for other rules. */
export function checkSubject(certificate: CertificateStructure, expected: Expectation, report: Report): string | undefined {
  const attributes = readName(certificate.bytes, certificate.subject);
  if (attributes.length === 0) report.add('dn-empty', { field: 'subject' });
  const seen = new Set<string>();
  let lastRank = -1;
  let lastRdn = -1;
  let commonName: string | undefined;
  for (const attribute of attributes) {
    const rule = known[attribute.oid];
    if (rule === undefined || attribute.rdn === lastRdn) {
      report.add('dn-attribute', { attribute: attribute.oid });
      continue;
    }
    lastRdn = attribute.rdn;
    if (seen.has(attribute.oid)) report.add('dn-duplicate', { attribute: rule.name });
    else if (rule.rank < lastRank) report.add('dn-order', { attribute: rule.name });
    seen.add(attribute.oid);
    lastRank = rule.rank;
    const text = checkAttribute(attribute, rule.name, rule.maximum, report);
    if (attribute.oid === commonNameType) commonName = text;
  }
  if (expected.ca && commonName === undefined && !seen.has(commonNameType)) report.add('common-name');
  // above 64 characters dn-length has spoken already
  const name = commonName ?? '';
  if (expected.commonName === 'device-id' && name.length <= 64 && !/^[A-Za-z0-9._-]{1,63}$/.test(name))
    report.add('common-name', { value: name });
  return commonName;
}

/** Type, characters and length of one attribute. Gives its text, if it is text. */
function checkAttribute(attribute: Attribute, name: string, maximum: number, report: Report): string | undefined {
  const country = attribute.oid === countryType;
  if (attribute.stringTag !== (country ? tag.printableString : tag.utf8String) && attribute.stringTag !== tag.printableString) {
    report.add('dn-string-type', { attribute: name });
    return undefined;
  }
  if (attribute.stringTag === tag.printableString) {
    const text = ascii(attribute.content);
    // X.680 §41.4 table 10: neither @ nor & nor * nor _
    if (!/^[A-Za-z0-9 '()+,\-./:=?]*$/.test(text)) report.add('dn-printable-characters', { attribute: name });
    else if (country && !/^[A-Z]{2}$/.test(text)) report.add('dn-country');
    else if (!country) report.add('dn-string-type', { attribute: name });
    return text;
  }
  const text = attributeText(attribute);
  if (text === undefined || /[\p{Cc}\u2028\u2029]/u.test(text) || text !== text.trim())
    report.add('dn-characters', { attribute: name });
  const length = text === undefined ? attribute.content.length : [...text].length;
  if (length < 1 || length > maximum) report.add('dn-length', { attribute: name, maximum, length });
  return text;
}
