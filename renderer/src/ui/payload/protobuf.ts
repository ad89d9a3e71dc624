import { Cursor, utf8 } from './cursor.ts';
import { Malformed } from './value.ts';

/** A field as it lies on the wire: a number, four or eight bytes, or bytes with a length. */
export interface WireField {
  readonly number: number;
  readonly wire: 0 | 1 | 2 | 5;
  readonly varint: bigint;
  readonly bytes: Uint8Array;
}

/**
 * The fields of a Protocol Buffers message in their order (protobuf.dev, "Encoding"), at most `most` of them. Groups, which
 * no schema of today has, count as malformed.
 */
export function readFields(bytes: Uint8Array, most: number): WireField[] {
  const cursor = new Cursor(bytes);
  const fields: WireField[] = [];
  while (cursor.left > 0 && fields.length < most) {
    const key = varint(cursor);
    const number = Number(key >> 3n);
    const wire = Number(key & 7n);
    if (number === 0 || number > 0x1fff_ffff) throw new Malformed();
    if (wire === 0) fields.push({ number, wire, varint: varint(cursor), bytes: empty });
    else if (wire === 1) fields.push({ number, wire, varint: 0n, bytes: cursor.take(8) });
    else if (wire === 5) fields.push({ number, wire, varint: 0n, bytes: cursor.take(4) });
    else if (wire === 2) fields.push({ number, wire, varint: 0n, bytes: cursor.take(varint(cursor)) });
    else throw new Malformed();
  }
  return fields;
}

const empty = new Uint8Array();

function varint(cursor: Cursor): bigint {
  let value = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = cursor.byte();
    value |= BigInt(byte & 127) << shift;
    if (byte < 128) return BigInt.asUintN(64, value);
  }
  throw new Malformed();
}

/** One message's fields by number; of a field that may stand there once, the last counts. */
export class Message {
  readonly #fields: readonly WireField[];

  constructor(bytes: Uint8Array, most: number) {
    this.#fields = readFields(bytes, most);
  }

  get count(): number {
    return this.#fields.length;
  }
  all(number: number, wire: WireField['wire']): WireField[] {
    return this.#fields.filter((field) => {
      if (field.number !== number) return false;
      if (field.wire !== wire) throw new Malformed();
      return true;
    });
  }
  has(number: number): boolean {
    return this.#fields.some((field) => field.number === number);
  }
  integer(number: number): bigint | undefined {
    return this.all(number, 0).at(-1)?.varint;
  }
  float(number: number): number | undefined {
    const bytes = this.all(number, 5).at(-1)?.bytes;
    return bytes && new Cursor(bytes).float(4, true);
  }
  double(number: number): number | undefined {
    const bytes = this.all(number, 1).at(-1)?.bytes;
    return bytes && new Cursor(bytes).float(8, true);
  }
  bytes(number: number): Uint8Array | undefined {
    return this.all(number, 2).at(-1)?.bytes;
  }
  text(number: number): string | undefined {
    const bytes = this.bytes(number);
    return bytes && textOf(bytes);
  }
  texts(number: number): string[] {
    return this.all(number, 2).map(({ bytes }) => textOf(bytes));
  }
  /** Repeated numbers, packed or one by one. */
  integers(number: number): bigint[] {
    return this.#fields.flatMap((field) => {
      if (field.number !== number) return [];
      if (field.wire === 0) return [field.varint];
      if (field.wire !== 2) throw new Malformed();
      const cursor = new Cursor(field.bytes);
      const values: bigint[] = [];
      while (cursor.left > 0) values.push(varint(cursor));
      return values;
    });
  }
  /** Fields that the schema does not know. */
  others(known: number): readonly WireField[] {
    return this.#fields.filter(({ number }) => number > known);
  }
}

function textOf(bytes: Uint8Array): string {
  const text = utf8(bytes);
  if (text === null) throw new Malformed();
  return text;
}
