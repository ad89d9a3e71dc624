import { contentOf, sameBytes } from './der-reader.ts';
import { hexOf } from './der-values.ts';
import type { Expectation } from './expectations.ts';
import { type GeneralName, generalNameType, readGeneralNames } from './extensions.ts';
import type { Report } from './finding.ts';
import { ascii } from './name.ts';
import type { Extension } from './structure.ts';

/**
 * subjectAltName (RFC 5280 §4.2.1.6): required for a broker, whose identity is nothing else (RFC 9525 §3); a URI at
 * most for clients; none for CAs. Not critical, because the subject is not empty.
 */
export function checkAlternativeNames(
  bytes: Uint8Array,
  extension: Extension | undefined,
  expected: Expectation,
  commonName: string | undefined,
  report: Report,
): void {
  if (extension === undefined) {
    if (expected.names === 'hosts') report.add('san-present');
    return;
  }
  if (extension.critical) report.add('san-critical');
  report.attempt('subjectAltName', () => {
    const names = readGeneralNames(contentOf(bytes, extension.value));
    const allowed: readonly number[] =
      expected.names === 'hosts' ? [generalNameType.dns, generalNameType.ip] : [generalNameType.uri];
    const seen = new Set<string>();
    for (const name of names) {
      if (expected.names === 'none' || !allowed.includes(name.type)) {
        report.add('san-unexpected', { type: name.type });
        continue;
      }
      const key = `${name.type} ${name.type === generalNameType.dns ? ascii(name.content).toLowerCase() : hexOf(name.content)}`;
      if (seen.has(key)) report.add('san-duplicate', { value: key });
      seen.add(key);
      checkName(name, names, report);
    }
    // RFC 9525 §6.4: what the CN promises must be in the SAN, because only that counts
    if (expected.commonName === 'host' && commonName !== undefined && !names.some((name) => isNamed(name, commonName))) {
      report.add('common-name', { value: commonName });
    }
  });
}

function checkName(name: GeneralName, all: readonly GeneralName[], report: Report): void {
  const { type, content } = name;
  if (type === generalNameType.ip) {
    if (content.length !== 4 && content.length !== 16) report.add('san-ip-length', { octets: content.length });
    return;
  }
  const text = ascii(content);
  if (type === generalNameType.uri) {
    if (!/^[A-Za-z][A-Za-z0-9+.-]*:[!-~]+$/.test(text)) report.add('san-uri-syntax', { value: text });
    return;
  }
  const address = dottedOctets(text);
  if (address !== undefined) {
    // an address in the place of a name is for old mbedTLS, and only beside the real iPAddress
    const beside = all.some((other) => other.type === generalNameType.ip && sameBytes(other.content, address));
    report.add(beside ? 'san-address-as-dns' : 'san-dns-syntax', { value: text });
    return;
  }
  if (text.startsWith('*.')) report.add('san-wildcard', { value: text });
  if (!isDnsName(text)) report.add('san-dns-syntax', { value: text });
}

/** LDH labels of 1 to 63, 253 in all, the last not a number; `*` only as the whole left-most of three or more labels. */
function isDnsName(text: string): boolean {
  const labels = text.split('.');
  const plain = labels[0] === '*' ? labels.slice(1) : labels;
  if (text.length > 253 || (plain.length < labels.length && plain.length < 2)) return false;
  if (/^[0-9]*$/.test(plain.at(-1) ?? '')) return false;
  return plain.every((label) => /^[A-Za-z0-9-]{1,63}$/.test(label) && !label.startsWith('-') && !label.endsWith('-'));
}

function dottedOctets(text: string): Uint8Array | undefined {
  if (!/^[0-9]{1,3}(\.[0-9]{1,3}){3}$/.test(text)) return undefined;
  const parts = text.split('.').map(Number);
  return parts.some((part) => part > 255) ? undefined : Uint8Array.from(parts);
}

function isNamed(name: GeneralName, commonName: string): boolean {
  if (name.type === generalNameType.dns) return ascii(name.content).toLowerCase() === commonName.toLowerCase();
  if (name.content.length === 4) return name.content.join('.') === commonName;
  return name.content.length === 16 && addressText(commonName) === hexOf(name.content);
}

/** The 32 hexadecimal digits of an IPv6 address, by way of the URL parser: a second opinion beside our own. */
function addressText(text: string): string | undefined {
  if (!text.includes(':') || !/^[0-9A-Fa-f:.]{2,45}$/.test(text) || !URL.canParse(`http://[${text}]/`)) return undefined;
  const canonical = new URL(`http://[${text}]/`).hostname.slice(1, -1);
  const [head = '', tail = ''] = canonical.split('::');
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':').map((group) => group.padStart(4, '0')));
  const left = groups(head);
  const right = groups(tail);
  return [...left, ...new Array<string>(8 - left.length - right.length).fill('0000'), ...right].join('');
}
