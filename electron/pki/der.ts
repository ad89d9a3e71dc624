import type { asn1 as Asn1Types } from 'node-forge';
import asn1 from 'node-forge/lib/asn1.js';

/**
 * Building DER: thin helpers over forge's ASN.1 tree, Buffers at both ends.
 *
 * forge works on binary strings and knows no "bytes that are encoded already". We make such a node from its own
 * parts (see `encoded`), so issuer names, keys and fixed extensions go in verbatim. Measured: a whole device TBS takes
 * 0.02 ms this way next to 0.08 ms for key generation and signature, so hand-written TLV would win nothing worth it.
 */
export type DerNode = Asn1Types.Asn1;

const { UNIVERSAL, CONTEXT_SPECIFIC } = asn1.Class;
const constructedBit = 0x20;

function binary(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

function primitive(type: number, value: string): DerNode {
  return asn1.create(UNIVERSAL, type, false, value);
}

export function sequence(...children: DerNode[]): DerNode {
  return asn1.create(UNIVERSAL, asn1.Type.SEQUENCE, true, children);
}

/** A SET with one member. DER sorts larger SETs (X.690 §10.3), which nothing here needs. */
export function setOfOne(child: DerNode): DerNode {
  return asn1.create(UNIVERSAL, asn1.Type.SET, true, [child]);
}

/** `[tag] EXPLICIT` around one or more nodes. */
export function explicit(tag: number, ...children: DerNode[]): DerNode {
  return asn1.create(CONTEXT_SPECIFIC, tag, true, children);
}

/** `[tag] IMPLICIT` primitive with these content octets. */
export function implicit(tag: number, content: Uint8Array): DerNode {
  return asn1.create(CONTEXT_SPECIFIC, tag, false, binary(content));
}

/** A non-negative INTEGER, in as few octets as DER asks for (X.690 §8.3.2). */
export function integer(value: number | bigint | Uint8Array): DerNode {
  let bytes: Uint8Array;
  if (value instanceof Uint8Array) bytes = value;
  else {
    const hex = value.toString(16);
    bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  }
  let first = 0;
  while (first < bytes.length - 1 && bytes[first] === 0) first += 1;
  const magnitude = binary(bytes.subarray(first));
  // a leading 1 bit would make the number negative
  return primitive(asn1.Type.INTEGER, magnitude.charCodeAt(0) > 0x7f ? `\0${magnitude}` : magnitude);
}

export function enumerated(value: number): DerNode {
  return primitive(asn1.Type.ENUMERATED, String.fromCharCode(value));
}

/** BOOLEAN TRUE. FALSE is the default of every field here, and DER omits defaults (X.690 §11.5). */
export function booleanTrue(): DerNode {
  return primitive(asn1.Type.BOOLEAN, '\xff');
}

export function nullValue(): DerNode {
  return primitive(asn1.Type.NULL, '');
}

export function oid(dotted: string): DerNode {
  return primitive(asn1.Type.OID, asn1.oidToDer(dotted).getBytes());
}

export function octetString(content: Uint8Array): DerNode {
  return primitive(asn1.Type.OCTETSTRING, binary(content));
}

/** BIT STRING of whole octets, or with `unused` zero bits at the end of the last one. */
export function bitString(content: Uint8Array, unused = 0): DerNode {
  return primitive(asn1.Type.BITSTRING, String.fromCharCode(unused) + binary(content));
}

export function utf8String(text: string): DerNode {
  return primitive(asn1.Type.UTF8, binary(Buffer.from(text, 'utf8')));
}

export function printableString(text: string): DerNode {
  return primitive(asn1.Type.PRINTABLESTRING, text);
}

/**
 * UTCTime through 2049, GeneralizedTime from 2050, `Z`, whole seconds (RFC 5280 §4.1.2.5).
 * Takes a date from 1950 to 9999; milliseconds are cut off.
 */
export function time(date: Date): DerNode {
  const digits = date.toISOString().replace(/[-:T]/g, '').slice(0, 14);
  const year = date.getUTCFullYear();
  if (year >= 1950 && year < 2050) return primitive(asn1.Type.UTCTIME, `${digits.slice(2)}Z`);
  return primitive(asn1.Type.GENERALIZEDTIME, `${digits}Z`);
}

/** Takes one complete DER element with a low tag number; gives a node that is written out byte for byte the same. */
export function encoded(der: Uint8Array): DerNode {
  const identifier = der[0];
  const length = der[1];
  if (identifier === undefined || length === undefined) throw new RangeError('not a DER element');
  const header = length < 0x80 ? 2 : 2 + (length & 0x7f);
  // "primitive" tells forge to write the value as it stands, and the constructed bit travels inside the type. The
  // types that forge treats in a special way (INTEGER, BMPSTRING) are primitive and so never carry that bit.
  if ((identifier & constructedBit) === 0) throw new RangeError('not a constructed DER element');
  return asn1.create(identifier & 0xc0, identifier & 0x3f, false, binary(der.subarray(header)));
}

/** Takes a tree, gives its DER. */
export function toDer(node: DerNode): Buffer {
  return Buffer.from(asn1.toDer(node).getBytes(), 'latin1');
}
