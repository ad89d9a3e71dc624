/**
 * What a payload says, in the form that every format is shown in. Nothing becomes a JavaScript number or object on the way:
 * a 64-bit reading keeps its digits, a key that stands there twice stays visible, and 1.0 is not 1.
 */
export type Value = Leaf | List | Record;

export interface Leaf {
  readonly kind: 'string' | 'number' | 'bytes' | 'word';
  /** As it is written: strings in their quotes, bytes as h'…' (RFC 8949 §8), at most `bytesWritten` of them. */
  readonly text: string;
  /** All of the bytes, for comparing. */
  readonly bytes?: Uint8Array;
}

export interface List {
  readonly kind: 'list';
  readonly items: readonly Value[];
  /** Of CBOR: written before the bracket. */
  readonly tag?: string;
}

export interface Record {
  readonly kind: 'record';
  /** Keys as they are written. */
  readonly entries: readonly (readonly [key: string, value: Value])[];
  readonly tag?: string;
}

/** What was read of a payload. `cut`: there is more than is shown here. */
export interface Reading {
  readonly value: Value;
  readonly cut: 'values' | 'depth' | 'size' | null;
}

/** More values than that are read by nobody, and would be as many elements on the page. */
export const mostValues = 5_000;
export const mostLevels = 64;
/** Bytes of a payload that are looked into. */
export const mostBytes = 4_194_304;
const bytesWritten = 512;

/** The bytes are not of this format. */
export class Malformed extends Error {}

/** Keeps a hostile payload from freezing the window: after so many values, or so deep, the rest is left out. */
export class Bounds {
  cut: Reading['cut'] = null;
  #left = mostValues;

  /** Takes one value; false when nothing more is to be read. */
  take(depth: number): boolean {
    if (this.cut === null && this.#left === 0) this.cut = 'values';
    if (this.cut === null && depth > mostLevels) this.cut = 'depth';
    if (this.cut !== null) return false;
    this.#left -= 1;
    return true;
  }
}

export const word = (text: string): Leaf => ({ kind: 'word', text });
export const left: Leaf = word('…');
export const quoted = (text: string): Leaf => ({ kind: 'string', text: JSON.stringify(text) });
export const whole = (value: number | bigint): Leaf => ({ kind: 'number', text: String(value) });

export function byteString(bytes: Uint8Array): Leaf {
  const shown = [...bytes.subarray(0, bytesWritten)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return { kind: 'bytes', text: `h'${shown}${bytes.length > bytesWritten ? '…' : ''}'`, bytes };
}

/** A floating-point number with the fewest digits that mean the same bits in its own width, and always recognisable as one. */
export function float(value: number, width: 32 | 64): Leaf {
  if (!Number.isFinite(value)) return word(String(value));
  let text = Object.is(value, -0) ? '-0' : String(value);
  // nine digits tell any two numbers of 32 bits apart
  for (let digits = 1; width === 32 && digits <= 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) !== value) continue;
    text = Object.is(value, -0) ? '-0' : String(short);
    break;
  }
  return { kind: 'number', text: /[.e]/.test(text) ? text : `${text}.0` };
}

/** Laid out as JSON is, for copying. */
export function textOfValue(value: Value): string {
  const parts: string[] = [];
  const write = (each: Value, indent: string) => {
    if (each.kind !== 'list' && each.kind !== 'record') {
      parts.push(each.text);
      return;
    }
    const { opens, closes } = brackets(each);
    const entries = each.kind === 'list' ? each.items.map((item) => [null, item] as const) : each.entries;
    parts.push(opens);
    const inner = `${indent}  `;
    entries.forEach(([key, item], index) => {
      parts.push(`${index === 0 ? '' : ','}\n${inner}`, key === null ? '' : `${key}: `);
      write(item, inner);
    });
    parts.push(entries.length === 0 ? closes : `\n${indent}${closes}`);
  };
  write(value, '');
  return parts.join('');
}

export function brackets({ kind, tag }: List | Record): { readonly opens: string; readonly closes: string } {
  const [open, close] = kind === 'list' ? ['[', ']'] : ['{', '}'];
  return tag === undefined ? { opens: open, closes: close } : { opens: `${tag}(${open}`, closes: `${close})` };
}
