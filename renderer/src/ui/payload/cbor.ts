import { Cursor, utf8 } from './cursor.ts';
import {
  Bounds,
  brackets,
  byteString,
  float,
  left,
  Malformed,
  quoted,
  type Reading,
  textOfValue,
  type Value,
  whole,
  word,
} from './value.ts';

const breakByte = 0xff;

/** CBOR in the diagnostic notation of RFC 8949 §8. Throws `Malformed`, also when anything follows the one item. */
export function readCbor(bytes: Uint8Array): Reading {
  const cursor = new Cursor(bytes);
  const bounds = new Bounds();
  const value = new Reader(cursor, bounds).item(0);
  if (bounds.cut === null && cursor.left > 0) throw new Malformed();
  return { value, cut: bounds.cut };
}

class Reader {
  readonly cursor: Cursor;
  readonly bounds: Bounds;

  constructor(cursor: Cursor, bounds: Bounds) {
    this.cursor = cursor;
    this.bounds = bounds;
  }

  item(depth: number): Value {
    if (!this.bounds.take(depth)) return left;
    const first = this.cursor.byte();
    const [major, info] = [first >> 5, first & 31];
    if (major === 7) return this.#simple(info);
    // RFC 8949 §3.2: an indefinite length; tags and numbers have none
    const argument = info === 31 && major >= 2 && major <= 5 ? null : this.#argument(info);
    switch (major) {
      case 0:
        return whole(argument ?? 0n);
      case 1:
        return whole(-1n - (argument ?? 0n));
      case 2:
      case 3:
        return this.#string(major, argument, depth);
      case 4: {
        const items: Value[] = [];
        this.#members(argument, () => items.push(this.item(depth + 1)));
        return { kind: 'list', items };
      }
      case 5: {
        const entries: [string, Value][] = [];
        this.#members(argument, () => {
          const key = textOfKey(this.item(depth + 1));
          entries.push([key, this.bounds.cut === null ? this.item(depth + 1) : left]);
        });
        return { kind: 'record', entries };
      }
      default:
        return this.#tagged(argument ?? 0n, depth);
    }
  }

  #argument(info: number): bigint {
    if (info < 24) return BigInt(info);
    if (info > 27) throw new Malformed();
    return this.cursor.unsigned((1 << (info - 24)) as 1 | 2 | 4 | 8);
  }

  #members(count: bigint | null, read: () => void): void {
    for (let done = 0n; count === null ? !this.#break() : done < count; done++) {
      read();
      if (this.bounds.cut !== null) return;
    }
  }

  #break(): boolean {
    if (this.cursor.bytes[this.cursor.at] !== breakByte) return false;
    this.cursor.at += 1;
    return true;
  }

  #string(major: 2 | 3, length: bigint | null, depth: number): Value {
    if (length !== null) return stringOf(major, this.cursor.take(length));
    // §3.2.3: chunks of the same kind, each of a definite length
    const chunks: number[] = [];
    while (!this.#break()) {
      if (!this.bounds.take(depth + 1)) break;
      const first = this.cursor.byte();
      if (first >> 5 !== major) throw new Malformed();
      for (const byte of this.cursor.take(this.#argument(first & 31))) chunks.push(byte);
    }
    return stringOf(major, Uint8Array.from(chunks));
  }

  #tagged(tag: bigint, depth: number): Value {
    const inner = this.item(depth + 1);
    if (inner.kind === 'list' || inner.kind === 'record') {
      return { ...inner, tag: inner.tag === undefined ? String(tag) : `${tag}(${inner.tag}` };
    }
    // §3.4.3: bignums are read as the numbers that they are
    if ((tag === 2n || tag === 3n) && inner.kind === 'bytes' && inner.bytes && inner.bytes.length <= 64) {
      const hex = [...inner.bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
      const size = BigInt(`0x${hex === '' ? '0' : hex}`);
      return whole(tag === 2n ? size : -1n - size);
    }
    return { ...inner, kind: inner.kind === 'bytes' ? 'bytes' : 'word', text: `${tag}(${inner.text})` };
  }

  #simple(info: number): Value {
    if (info < 20) return word(`simple(${info})`);
    if (info < 24) return word(['false', 'true', 'null', 'undefined'][info - 20] ?? '');
    if (info === 24) {
      const value = this.cursor.byte();
      // §3.3: below 32 it would be a second way to write the same
      if (value < 32) throw new Malformed();
      return word(`simple(${value})`);
    }
    if (info === 25) return float(half(Number(this.cursor.unsigned(2))), 64);
    if (info === 26) return float(this.cursor.float(4), 32);
    if (info === 27) return float(this.cursor.float(8), 64);
    throw new Malformed();
  }
}

function stringOf(major: 2 | 3, bytes: Uint8Array): Value {
  if (major === 2) return byteString(bytes);
  const text = utf8(bytes);
  // §3.1: invalid UTF-8 is well-formed and not valid; the bytes are what can be said of it
  return text === null ? byteString(bytes) : quoted(text);
}

/** §3.3, IEEE 754 with 16 bits. */
function half(bits: number): number {
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
  const size =
    exponent === 0
      ? fraction * 2 ** -24
      : exponent === 31
        ? fraction === 0
          ? Number.POSITIVE_INFINITY
          : Number.NaN
        : (1024 + fraction) * 2 ** (exponent - 25);
  return bits & 0x8000 ? -size : size;
}

/** A key that is no plain value is written in one line. */
export function textOfKey(key: Value): string {
  if (key.kind !== 'list' && key.kind !== 'record') return key.text;
  const { opens, closes } = brackets(key);
  const text = textOfValue(key).replace(/\n\s*/g, ' ');
  return text.length > 200 ? `${opens}…${closes}` : text;
}
