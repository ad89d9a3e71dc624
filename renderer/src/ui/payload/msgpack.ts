import { textOfKey } from './cbor.ts';
import { Cursor, utf8 } from './cursor.ts';
import { Bounds, byteString, float, left, Malformed, quoted, type Reading, type Value, whole, word } from './value.ts';

/** MessagePack (github.com/msgpack/msgpack, spec.md). Throws `Malformed`, also when anything follows the one value. */
export function readMsgpack(bytes: Uint8Array): Reading {
  const cursor = new Cursor(bytes);
  const bounds = new Bounds();
  const value = new Reader(cursor, bounds).value(0);
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

  value(depth: number): Value {
    if (!this.bounds.take(depth)) return left;
    const { cursor } = this;
    const first = cursor.byte();
    if (first < 0x80) return whole(first);
    if (first < 0x90) return this.#record(first & 15, depth);
    if (first < 0xa0) return this.#list(first & 15, depth);
    if (first < 0xc0) return this.#text(first & 31);
    if (first >= 0xe0) return whole(first - 256);
    switch (first) {
      case 0xc0:
        return word('null');
      case 0xc2:
        return word('false');
      case 0xc3:
        return word('true');
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return byteString(cursor.take(this.#length(first - 0xc4)));
      case 0xc7:
      case 0xc8:
      case 0xc9:
        return this.#extension(this.#length(first - 0xc7));
      case 0xca:
        return float(cursor.float(4), 32);
      case 0xcb:
        return float(cursor.float(8), 64);
      case 0xcc:
      case 0xcd:
      case 0xce:
      case 0xcf:
        return whole(cursor.unsigned((1 << (first - 0xcc)) as 1 | 2 | 4 | 8));
      case 0xd0:
      case 0xd1:
      case 0xd2:
      case 0xd3:
        return whole(cursor.signed((1 << (first - 0xd0)) as 1 | 2 | 4 | 8));
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return this.#extension(1 << (first - 0xd4));
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.#text(this.#length(first - 0xd9));
      case 0xdc:
      case 0xdd:
        return this.#list(this.#length(first - 0xdc + 1), depth);
      case 0xde:
      case 0xdf:
        return this.#record(this.#length(first - 0xde + 1), depth);
      default:
        // 0xc1 is never used
        throw new Malformed();
    }
  }

  #length(power: number): number {
    return Number(this.cursor.unsigned((1 << power) as 1 | 2 | 4));
  }

  #list(count: number, depth: number): Value {
    const items: Value[] = [];
    for (let done = 0; done < count && this.bounds.cut === null; done++) items.push(this.value(depth + 1));
    return { kind: 'list', items };
  }

  #record(count: number, depth: number): Value {
    const entries: [string, Value][] = [];
    for (let done = 0; done < count && this.bounds.cut === null; done++) {
      const key = textOfKey(this.value(depth + 1));
      entries.push([key, this.bounds.cut === null ? this.value(depth + 1) : left]);
    }
    return { kind: 'record', entries };
  }

  #text(length: number): Value {
    const bytes = this.cursor.take(length);
    const text = utf8(bytes);
    return text === null ? byteString(bytes) : quoted(text);
  }

  #extension(length: number): Value {
    const type = Number(this.cursor.signed(1));
    const bytes = this.cursor.take(length);
    const time = type === -1 ? timestamp(bytes) : null;
    if (time !== null) return word(`timestamp(${time})`);
    const { text } = byteString(bytes);
    return { kind: 'bytes', text: `ext(${type}, ${text})`, bytes };
  }
}

/** spec.md, "Timestamp extension type": in UTC, with as many places after the second as there are. */
function timestamp(bytes: Uint8Array): string | null {
  const cursor = new Cursor(bytes);
  let [seconds, nanoseconds] = [0n, 0n];
  if (bytes.length === 4) seconds = cursor.unsigned(4);
  else if (bytes.length === 8) {
    const both = cursor.unsigned(8);
    [seconds, nanoseconds] = [both & 0x3_ffff_ffffn, both >> 34n];
  } else if (bytes.length === 12) {
    nanoseconds = cursor.unsigned(4);
    seconds = cursor.signed(8);
  } else return null;
  const date = new Date(Number(seconds) * 1_000);
  if (nanoseconds > 999_999_999n || Number.isNaN(date.getTime())) return null;
  const places = nanoseconds === 0n ? '' : `.${String(nanoseconds).padStart(9, '0').replace(/0+$/, '')}`;
  return `${date.toISOString().slice(0, -5)}${places}Z`;
}
