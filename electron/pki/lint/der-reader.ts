/**
 * A strict DER reader (X.690 §8–11), independent of the builder and of forge: what one gets wrong the other must see.
 * Refuses what DER refuses: indefinite and over-long lengths, padded integers, trailing data, loose booleans.
 * Whatever the input, it either answers or throws DerError, in time linear to the input.
 */
export class DerError extends Error {
  override readonly name = 'DerError';
}

/** One element: its identifier octet, and where it starts, its content starts, and it ends (exclusive). */
export interface Tlv {
  readonly tag: number;
  readonly start: number;
  readonly content: number;
  readonly end: number;
}

/** Identifier octets, constructed bit included. */
export const tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** `[n]` of the context class. */
export function contextTag(number: number, constructed: boolean): number {
  return 0x80 | number | (constructed ? 0x20 : 0);
}

function octet(bytes: Uint8Array, index: number, end: number): number {
  const value = index < end ? bytes[index] : undefined;
  if (value === undefined) throw new DerError('ends too early');
  return value;
}

/** Reads the element at `start`; it may not reach beyond `limit`. */
export function readTlv(bytes: Uint8Array, start: number, limit: number): Tlv {
  const identifier = octet(bytes, start, limit);
  // nothing in X.509 has a tag number above 30
  if ((identifier & 0x1f) === 0x1f) throw new DerError('high tag number');
  const first = octet(bytes, start + 1, limit);
  let content = start + 2;
  let length = first;
  if (first === 0x80) throw new DerError('indefinite length');
  if (first > 0x80) {
    const count = first & 0x7f;
    if (count > 4) throw new DerError('length of more than four octets');
    length = 0;
    for (let i = 0; i < count; i += 1) length = length * 256 + octet(bytes, content + i, limit);
    if (length < 0x80 || length < 256 ** (count - 1)) throw new DerError('length not minimal');
    content += count;
  }
  const end = content + length;
  if (end > limit) throw new DerError('ends too early');
  return { tag: identifier, start, content, end };
}

/** Walks the elements inside one constructed element. */
export class DerReader {
  readonly bytes: Uint8Array;
  readonly #end: number;
  #offset: number;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.bytes = bytes;
    this.#offset = start;
    this.#end = end;
  }

  get done(): boolean {
    return this.#offset >= this.#end;
  }

  next(): Tlv {
    const tlv = readTlv(this.bytes, this.#offset, this.#end);
    this.#offset = tlv.end;
    return tlv;
  }

  /** The next element, which must have this identifier. */
  expect(identifier: number): Tlv {
    const tlv = this.next();
    if (tlv.tag !== identifier) throw new DerError(`tag ${hex(tlv.tag)} where ${hex(identifier)} belongs`);
    return tlv;
  }

  /** The next element if it has this identifier. */
  optional(identifier: number): Tlv | undefined {
    if (this.done || this.bytes[this.#offset] !== identifier) return undefined;
    return this.next();
  }

  /** A reader over the children of the next element. */
  enter(identifier: number): DerReader {
    const tlv = this.expect(identifier);
    return new DerReader(this.bytes, tlv.content, tlv.end);
  }

  /** Nothing may be left over. */
  finish(): void {
    if (!this.done) throw new DerError('trailing data');
  }
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(2, '0')}`;
}

/** The only element in `bytes`, with nothing behind it. */
export function readWhole(bytes: Uint8Array, identifier: number): Tlv {
  const reader = new DerReader(bytes);
  const tlv = reader.expect(identifier);
  reader.finish();
  return tlv;
}

/** A reader over the children of an element. */
export function inside(bytes: Uint8Array, tlv: Tlv): DerReader {
  return new DerReader(bytes, tlv.content, tlv.end);
}

/** The content octets of an element (a view, not a copy). */
export function contentOf(bytes: Uint8Array, tlv: Tlv): Uint8Array {
  return bytes.subarray(tlv.content, tlv.end);
}

/** The whole element, header included (a view, not a copy). */
export function elementOf(bytes: Uint8Array, tlv: Tlv): Uint8Array {
  return bytes.subarray(tlv.start, tlv.end);
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
}
