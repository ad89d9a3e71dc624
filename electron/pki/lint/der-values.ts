import { contentOf, DerError, DerReader, type Tlv, tag } from './der-reader.ts';

/** What the single types must look like in DER, and their values in JavaScript. All throw DerError. */

/** Content octets of an INTEGER or ENUMERATED in two's complement, checked to be minimal (X.690 §8.3.2). */
export function integerOctets(bytes: Uint8Array, tlv: Tlv): Uint8Array {
  const content = contentOf(bytes, tlv);
  const first = content[0];
  const second = content[1];
  if (first === undefined) throw new DerError('integer without content');
  if (second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))) {
    throw new DerError('integer not minimal');
  }
  return content;
}

/** A small non-negative number: version, path length, reason, iteration count. */
export function smallInteger(bytes: Uint8Array, tlv: Tlv): number {
  const content = integerOctets(bytes, tlv);
  if (content.length > 6 || (content[0] ?? 0) >= 0x80) throw new DerError('number out of range');
  let value = 0;
  for (const part of content) value = value * 256 + part;
  return value;
}

/** An integer of any size and sign. */
export function bigInteger(bytes: Uint8Array, tlv: Tlv): bigint {
  const content = integerOctets(bytes, tlv);
  const value = unsigned(content);
  return (content[0] ?? 0) >= 0x80 ? value - (1n << BigInt(content.length * 8)) : value;
}

/** Octets as a non-negative number, most significant first. */
export function unsigned(content: Uint8Array): bigint {
  const digits = hexOf(content);
  return digits === '' ? 0n : BigInt(`0x${digits}`);
}

export function hexOf(content: Uint8Array): string {
  return Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('hex');
}

/** BOOLEAN is 00 or FF (X.690 §11.1). */
export function booleanValue(bytes: Uint8Array, tlv: Tlv): boolean {
  const value = bytes[tlv.content];
  if (tlv.end - tlv.content !== 1 || (value !== 0 && value !== 0xff)) throw new DerError('boolean neither 00 nor FF');
  return value === 0xff;
}

/** Dotted text of an OBJECT IDENTIFIER (X.690 §8.19). */
export function oidText(bytes: Uint8Array, tlv: Tlv): string {
  if (tlv.end - tlv.content > 64) throw new DerError('object identifier too long');
  let text = '';
  let arc = 0;
  let begun = false;
  for (let i = tlv.content; i < tlv.end; i += 1) {
    const part = bytes[i] ?? 0;
    if (!begun && part === 0x80) throw new DerError('object identifier not minimal');
    begun = true;
    arc = arc * 128 + (part & 0x7f);
    if (arc > Number.MAX_SAFE_INTEGER) throw new DerError('object identifier arc too large');
    if (part < 0x80) {
      if (text === '') {
        const root = arc < 80 ? Math.floor(arc / 40) : 2;
        text = `${root}.${arc - root * 40}`;
      } else text += `.${arc}`;
      arc = 0;
      begun = false;
    }
  }
  if (begun || text === '') throw new DerError('object identifier incomplete');
  return text;
}

export interface Bits {
  /** Zero bits at the end of the last octet that do not belong to the value: 0 to 7. */
  readonly unused: number;
  readonly octets: Uint8Array;
}

/** BIT STRING with its padding bits zero (X.690 §11.2.1). */
export function bitStringValue(bytes: Uint8Array, tlv: Tlv): Bits {
  const unused = bytes[tlv.content];
  if (tlv.content >= tlv.end || unused === undefined || unused > 7) throw new DerError('bit string without a valid bit count');
  const octets = bytes.subarray(tlv.content + 1, tlv.end);
  const last = octets[octets.length - 1];
  if (last === undefined ? unused !== 0 : (last & ((1 << unused) - 1)) !== 0) throw new DerError('bit string padding not zero');
  return { unused, octets };
}

/** A BIT STRING of whole octets: keys and signatures. */
export function wholeOctets(bytes: Uint8Array, tlv: Tlv): Uint8Array {
  const bits = bitStringValue(bytes, tlv);
  if (bits.unused !== 0) throw new DerError('bit string of a broken octet');
  return bits.octets;
}

const deepest = 24;

/**
 * Checks every element of a tree, also inside values that no rule looks at. OCTET STRINGs are opaque.
 * Throws DerError; a depth of more than 24 is refused rather than followed.
 */
export function checkTree(bytes: Uint8Array, start: number, end: number, depth = 0): void {
  if (depth > deepest) throw new DerError('nested too deeply');
  const reader = new DerReader(bytes, start, end);
  while (!reader.done) checkElement(bytes, reader.next(), depth);
}

function checkElement(bytes: Uint8Array, tlv: Tlv, depth: number): void {
  const universal = tlv.tag < 0x40;
  const constructed = (tlv.tag & 0x20) !== 0;
  if (universal && constructed !== (tlv.tag === tag.sequence || tlv.tag === tag.set))
    throw new DerError('constructed string or primitive set');
  if (constructed) {
    checkTree(bytes, tlv.content, tlv.end, depth + 1);
    return;
  }
  if (!universal) return;
  switch (tlv.tag) {
    case 0:
      throw new DerError('tag zero');
    case tag.boolean:
      booleanValue(bytes, tlv);
      break;
    case tag.integer:
    case tag.enumerated:
      integerOctets(bytes, tlv);
      break;
    case tag.bitString:
      bitStringValue(bytes, tlv);
      break;
    case tag.null:
      if (tlv.end !== tlv.content) throw new DerError('null with content');
      break;
    case tag.oid:
      oidText(bytes, tlv);
      break;
    default:
  }
}
