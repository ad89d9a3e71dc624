import { contentOf, contextTag, DerError, type DerReader, inside, readWhole, type Tlv, tag } from './der-reader.ts';
import { bitStringValue, booleanValue, oidText, smallInteger } from './der-values.ts';

/** Values of the extensions we know (RFC 5280 §4.2.1). Each takes the bytes of the extnValue alone; all throw DerError. */

export interface BasicConstraints {
  readonly ca: boolean;
  /** cA FALSE was written out although it is the default. */
  readonly falseWritten: boolean;
  readonly pathLength: number | undefined;
}

export function readBasicConstraints(bytes: Uint8Array): BasicConstraints {
  const fields = inside(bytes, readWhole(bytes, tag.sequence));
  const flag = fields.optional(tag.boolean);
  const ca = flag !== undefined && booleanValue(bytes, flag);
  const length = fields.optional(tag.integer);
  fields.finish();
  return {
    ca,
    falseWritten: flag !== undefined && !ca,
    pathLength: length === undefined ? undefined : smallInteger(bytes, length),
  };
}

/** In the order of their bits, RFC 5280 §4.2.1.3. */
export const keyUsageNames = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;
export type KeyUsage = (typeof keyUsageNames)[number];

export function readKeyUsage(bytes: Uint8Array): KeyUsage[] {
  const { unused, octets } = bitStringValue(bytes, readWhole(bytes, tag.bitString));
  const last = octets[octets.length - 1];
  // X.690 §11.2.2: a named-bit list carries no zero bits at its end
  if (last !== undefined && ((last >> unused) & 1) === 0) throw new DerError('named bits with zeros at the end');
  if (octets.length > 2) throw new DerError('more key usage bits than exist');
  return keyUsageNames.filter((_, bit) => ((octets[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0);
}

export function readExtendedKeyUsage(bytes: Uint8Array): string[] {
  const list = inside(bytes, readWhole(bytes, tag.sequence));
  const purposes: string[] = [];
  while (!list.done) purposes.push(oidText(bytes, list.expect(tag.oid)));
  if (purposes.length === 0) throw new DerError('empty list of purposes');
  return purposes;
}

/** One GeneralName: the number of its context tag, and its content octets. */
export interface GeneralName {
  readonly type: number;
  readonly content: Uint8Array;
}

export const generalNameType = { dns: 2, uri: 6, ip: 7 } as const;

export function readGeneralNames(bytes: Uint8Array): GeneralName[] {
  const list = inside(bytes, readWhole(bytes, tag.sequence));
  const names: GeneralName[] = [];
  while (!list.done) {
    const tlv = list.next();
    if ((tlv.tag & 0xc0) !== 0x80) throw new DerError('not a GeneralName');
    const type = tlv.tag & 0x1f;
    // otherName, x400Address, directoryName and ediPartyName are constructed, the others are not
    const constructed = type === 0 || type === 3 || type === 4 || type === 5;
    if (tlv.tag !== contextTag(type, constructed) || type > 8) throw new DerError('not a GeneralName');
    names.push({ type, content: contentOf(bytes, tlv) });
  }
  if (names.length === 0) throw new DerError('empty list of names');
  return names;
}

export function readSubjectKeyIdentifier(bytes: Uint8Array): Uint8Array {
  const content = contentOf(bytes, readWhole(bytes, tag.octetString));
  if (content.length === 0) throw new DerError('empty key identifier');
  return content;
}

export interface AuthorityKeyIdentifier {
  readonly keyIdentifier: Uint8Array | undefined;
  readonly hasIssuer: boolean;
  readonly hasSerial: boolean;
}

export function readAuthorityKeyIdentifier(bytes: Uint8Array): AuthorityKeyIdentifier {
  const fields: DerReader = inside(bytes, readWhole(bytes, tag.sequence));
  const key: Tlv | undefined = fields.optional(contextTag(0, false));
  const issuer = fields.optional(contextTag(1, true));
  const serial = fields.optional(contextTag(2, false));
  fields.finish();
  return {
    keyIdentifier: key === undefined ? undefined : contentOf(bytes, key),
    hasIssuer: issuer !== undefined,
    hasSerial: serial !== undefined,
  };
}

/** The one INTEGER in `bytes`: CRLNumber. */
export function readIntegerExtension(bytes: Uint8Array): Tlv {
  return readWhole(bytes, tag.integer);
}

/** The one ENUMERATED in `bytes`: reasonCode. */
export function readReasonCode(bytes: Uint8Array): number {
  return smallInteger(bytes, readWhole(bytes, tag.enumerated));
}
