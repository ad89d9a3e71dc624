import { createPublicKey, verify } from 'node:crypto';
import { contentOf, DerError, DerReader, elementOf, inside, tag } from './der-reader.ts';
import { checkTree, wholeOctets } from './der-values.ts';
import { readBasicConstraints, readExtendedKeyUsage, readGeneralNames, readKeyUsage } from './extensions.ts';
import { type Finding, Report } from './finding.ts';
import { readName } from './name.ts';
import { checkPublicKey } from './rules-key.ts';
import { curveName, type PublicKey, readPublicKey } from './spki.ts';
import { type Extension, type RequestStructure, readExtensions, readRequestStructure } from './structure.ts';

const known = {
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  extendedKeyUsage: '2.5.29.37',
};
const extensionRequests = ['1.2.840.113549.1.9.14', '1.3.6.1.4.1.311.2.1.14'];
const challengePassword = '1.2.840.113549.1.9.7';
const serverAuth = '1.3.6.1.5.5.7.3.1';
const sizeLimit = 64 * 1024;

/** Hashes of the signatures that prove possession, and those that prove nothing any more (RFC 6151, RFC 6194). */
const hashes: Readonly<Record<string, string>> = {
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
};
const weakAlgorithms = [
  '1.2.840.113549.1.1.4',
  '1.2.840.113549.1.1.5',
  '1.2.840.10045.4.1',
  '1.2.840.113549.1.1.14',
  '1.2.840.113549.1.1.2',
];

/**
 * Judges a certificate signing request (RFC 2986), ours or of anybody: its form, its key, the proof of possession, and
 * what it asks for. Never throws for what is in the bytes.
 */
export function lintRequest(der: Uint8Array): Finding[] {
  const report = new Report();
  if (der.length > sizeLimit) report.add('size', { octets: der.length });
  else report.attempt('request', () => lint(readRequestStructure(der), report));
  return report.findings;
}

function lint(request: RequestStructure, report: Report): void {
  const { bytes } = request;
  report.attempt('request', () => checkTree(bytes, 0, bytes.length));
  if (request.version !== 0) report.add('request-version', { version: request.version + 1 });
  if (!request.hasAttributes) report.add('request-attributes');
  if (request.attributes.some(({ oid }) => oid === challengePassword)) report.add('request-challenge-password');
  report.attempt('subject', () => {
    readName(bytes, request.subject);
  });
  report.attempt('subjectPublicKeyInfo', () => checkPublicKey(readPublicKey(bytes, request.spki), report), 'key-algorithm');
  report.attempt('extensionRequest', () => checkWishes(request, report), 'request-extension-unreadable');
  checkPossession(request, report);
}

function checkWishes(request: RequestStructure, report: Report): void {
  const { bytes } = request;
  const wished = new Map<string, Extension>();
  for (const { values } of request.attributes.filter(({ oid }) => extensionRequests.includes(oid))) {
    const [list] = values;
    if (list === undefined || list.tag !== tag.sequence) throw new DerError('not a list of extensions');
    if (inside(bytes, list).done) continue;
    for (const extension of readExtensions(new DerReader(bytes, list.start, list.end))) {
      if (wished.has(extension.oid)) report.add('extension-duplicate', { oid: extension.oid });
      wished.set(extension.oid, extension);
    }
  }
  const value = <T>(oid: string, read: (der: Uint8Array) => T): T | undefined => {
    const extension = wished.get(oid);
    let result: T | undefined;
    if (extension !== undefined)
      report.attempt(oid, () => (result = read(contentOf(bytes, extension.value))), 'request-extension-unreadable');
    return result;
  };
  value(known.keyUsage, readKeyUsage);
  if (value(known.basicConstraints, readBasicConstraints)?.ca === true) report.add('request-ca');
  const names = value(known.subjectAltName, readGeneralNames);
  const isServer = value(known.extendedKeyUsage, readExtendedKeyUsage)?.includes(serverAuth) === true;
  if (isServer && names === undefined) report.add('request-san-missing');
}

/** The signature under the key inside (RFC 2986 §3). */
function checkPossession({ bytes, tbs, spki, outerAlgorithm, signature }: RequestStructure, report: Report): void {
  if (weakAlgorithms.includes(outerAlgorithm.oid)) {
    report.add('foreign-signature-weak', { algorithm: outerAlgorithm.oid });
    return;
  }
  const hash = hashes[outerAlgorithm.oid];
  report.attempt('signature', () => {
    const octets = wholeOctets(bytes, signature);
    if (hash === undefined) report.add('foreign-signature-unknown', { algorithm: outerAlgorithm.oid });
    // where the key is none of ours, that is said already, and the crypto libraries differ in whether they know it
    else if (isOurs(readPublicKey(bytes, spki)) && !verifies(hash, elementOf(bytes, tbs), elementOf(bytes, spki), octets))
      report.add('request-possession');
  });
}

function isOurs(key: PublicKey): boolean {
  return key.type === 'rsa' || (key.type === 'ec' && curveName(key.curve) !== undefined);
}

function verifies(hash: string, tbs: Uint8Array, spki: Uint8Array, signature: Uint8Array): boolean {
  try {
    return verify(hash, tbs, createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' }), signature);
  } catch {
    // a key that the crypto library does not know, or a signature it does not even read
    return false;
  }
}
