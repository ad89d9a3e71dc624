import { createHash } from 'node:crypto';
import { FieldkeyError } from '../../shared/errors.ts';
import type { KeyAlgorithm } from '../../shared/model/key.ts';
import { octetsToIp } from './ip.ts';
import { keyAlgorithmOf } from './keys.ts';
import { contentOf, DerError, elementOf, type Tlv } from './lint/der-reader.ts';
import { readTime } from './lint/der-time.ts';
import { hexOf, integerOctets, wholeOctets } from './lint/der-values.ts';
import * as extensionValues from './lint/extensions.ts';
import { ascii, attributeText, readName } from './lint/name.ts';
import { readPublicKey } from './lint/spki.ts';
import { type CertificateStructure, readCertificateStructure } from './lint/structure.ts';
import { type NameConstraints, readNameConstraints } from './name-constraints.ts';
import { oids } from './oids.ts';

/** One attribute of a name as text; `type` is the short name people know, or the OID. */
export interface NamePart {
  readonly type: string;
  readonly value: string;
}

export interface CertificateInfo {
  readonly der: Buffer;
  /** Lower-case hexadecimal of the INTEGER's octets, without the leading zero that marks it as positive. */
  readonly serial: string;
  readonly subjectDer: Buffer;
  readonly issuerDer: Buffer;
  readonly subject: readonly NamePart[];
  readonly issuer: readonly NamePart[];
  /** The last CN of the subject; empty when there is none. */
  readonly commonName: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly spki: Buffer;
  /** `other` for keys that are not of ours, which foreign certificates may have. */
  readonly keyAlgorithm: KeyAlgorithm | 'other';
  readonly subjectKeyIdentifier: Buffer | undefined;
  readonly authorityKeyIdentifier: Buffer | undefined;
  readonly basicConstraints: { readonly ca: boolean; readonly pathLength: number | undefined } | undefined;
  /** Undefined when the extension is absent, which allows everything (RFC 5280 §4.2.1.3). */
  readonly keyUsage: readonly extensionValues.KeyUsage[] | undefined;
  /** OIDs; undefined when the extension is absent. */
  readonly extendedKeyUsage: readonly string[] | undefined;
  readonly alternativeNames: { readonly dns: readonly string[]; readonly ip: readonly string[]; readonly uri: readonly string[] };
  /** The names that it allows below it; undefined = all (RFC 5280 §4.2.1.10). */
  readonly nameConstraints: NameConstraints | undefined;
  /** Issuer and subject are the same name; says nothing about the signature. */
  readonly selfIssued: boolean;
  /** SHA-256 of the DER, lower-case hexadecimal. */
  readonly fingerprint: string;
}

/** Certificates with many names reach some kilobytes; nothing honest comes near this. */
export const certificateSizeLimit = 64 * 1024;

/**
 * Reads one certificate, ours or foreign. Strict about the encoding (DER, RFC 5280 §4.1), lenient about content: what
 * a certificate should be like is the linter's business. The signature is not checked.
 * Throws FILE_MALFORMED, or FILE_TOO_LARGE above 64 KiB; nothing else, whatever the bytes.
 */
export function readCertificate(bytes: Uint8Array): CertificateInfo {
  if (bytes.length > certificateSizeLimit)
    throw new FieldkeyError('FILE_TOO_LARGE', { file: 'certificate', limit: certificateSizeLimit });
  // a copy: the caller's buffer may be wiped or reused
  const der = Buffer.from(bytes);
  try {
    return infoOf(der, readCertificateStructure(der));
  } catch (error) {
    if (error instanceof DerError)
      throw new FieldkeyError('FILE_MALFORMED', { what: 'certificate', reason: error.message }, error);
    throw error;
  }
}

function infoOf(der: Buffer, certificate: CertificateStructure): CertificateInfo {
  const extension = <T>(oid: string, read: (value: Uint8Array) => T): T | undefined => {
    const found = certificate.extensions.filter((candidate) => candidate.oid === oid);
    // RFC 5280 §4.2: a reader that takes the first of two differs from one that takes the last
    if (found.length > 1) throw new DerError('extension twice');
    return found[0] === undefined ? undefined : read(contentOf(der, found[0].value));
  };
  const slice = (tlv: Tlv): Buffer => Buffer.from(elementOf(der, tlv));
  const subject = nameParts(der, certificate.subject);
  const subjectDer = slice(certificate.subject);
  const issuerDer = slice(certificate.issuer);
  const spki = slice(certificate.spki);
  wholeOctets(der, certificate.signature);
  const authority = extension(oids.authorityKeyIdentifier, extensionValues.readAuthorityKeyIdentifier);
  const names = extension(oids.subjectAltName, extensionValues.readGeneralNames) ?? [];
  const { dns, ip, uri } = extensionValues.generalNameType;
  const contents = (type: number): Uint8Array[] => names.filter((name) => name.type === type).map((name) => name.content);
  return {
    der,
    serial: serialHex(der, certificate.serial),
    subjectDer,
    issuerDer,
    subject,
    issuer: nameParts(der, certificate.issuer),
    commonName: subject.findLast((part) => part.type === 'CN')?.value ?? '',
    notBefore: new Date(readTime(der, certificate.notBefore).ms),
    notAfter: new Date(readTime(der, certificate.notAfter).ms),
    spki,
    keyAlgorithm: readKeyAlgorithm(der, certificate),
    subjectKeyIdentifier: copy(extension(oids.subjectKeyIdentifier, extensionValues.readSubjectKeyIdentifier)),
    authorityKeyIdentifier: copy(authority?.keyIdentifier),
    basicConstraints: extension(oids.basicConstraints, extensionValues.readBasicConstraints),
    keyUsage: extension(oids.keyUsage, extensionValues.readKeyUsage),
    extendedKeyUsage: extension(oids.extendedKeyUsage, extensionValues.readExtendedKeyUsage),
    alternativeNames: {
      dns: contents(dns).map(ascii),
      ip: contents(ip).map((octets) => octetsToIp(octets) ?? hexOf(octets)),
      uri: contents(uri).map(ascii),
    },
    nameConstraints: extension(oids.nameConstraints, readNameConstraints),
    selfIssued: subjectDer.equals(issuerDer),
    fingerprint: createHash('sha256').update(der).digest('hex'),
  };
}

function copy(view: Uint8Array | undefined): Buffer | undefined {
  return view === undefined ? undefined : Buffer.from(view);
}

/** A foreign key may be of a kind, or a form, that we do not know; that does not make the certificate unreadable. */
function readKeyAlgorithm(der: Buffer, certificate: CertificateStructure): KeyAlgorithm | 'other' {
  try {
    return readPublicKey(der, certificate.spki).type === 'other'
      ? 'other'
      : (keyAlgorithmOf(elementOf(der, certificate.spki)) ?? 'other');
  } catch {
    return 'other';
  }
}

/** Serial as hexadecimal; negative ones, which old CAs made, as they stand. */
export function serialHex(bytes: Uint8Array, serial: Tlv): string {
  const octets = integerOctets(bytes, serial);
  return hexOf(octets.length > 1 && octets[0] === 0 ? octets.subarray(1) : octets);
}

export const shortNames: Readonly<Record<string, string>> = {
  [oids.commonName]: 'CN',
  [oids.country]: 'C',
  [oids.locality]: 'L',
  [oids.state]: 'ST',
  [oids.organisation]: 'O',
  [oids.organisationalUnit]: 'OU',
};

/** Text of a name for people. What is no text in its declared type is shown as hexadecimal, never guessed. */
export function nameParts(bytes: Uint8Array, name: Tlv): NamePart[] {
  return readName(bytes, name).map((attribute) => ({
    type: shortNames[attribute.oid] ?? attribute.oid,
    value: attributeText(attribute) ?? hexOf(attribute.content),
  }));
}

/** `CN=meter-001, O=Lab`: for display, most specific first (the order of RFC 4514 §2.1), with its escapes. */
export function nameText(parts: readonly NamePart[]): string {
  return parts
    .toReversed()
    .map(({ type, value }) => `${type}=${value.replace(/[,+"\\<>;]/g, '\\$&')}`)
    .join(', ');
}
