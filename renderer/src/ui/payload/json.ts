import { Bounds, type Leaf, left, Malformed, mostBytes, type Reading, type Value } from './value.ts';

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const literal = /true|false|null/y;
const escaped = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/**
 * JSON (RFC 8259) as it is written: numbers keep their digits, strings their escapes. Throws `Malformed`. Of a payload beyond
 * the bounds only the part that is shown is read.
 */
export function readJson(bytes: Uint8Array): Reading {
  const bounds = new Bounds();
  const sliced = bytes.length > mostBytes;
  const reader = new Reader(decode(sliced ? bytes.subarray(0, mostBytes) : bytes, sliced), bounds, sliced);
  const value = reader.value(0);
  if (bounds.cut === null) reader.end();
  return { value, cut: bounds.cut };
}

function decode(bytes: Uint8Array, sliced: boolean): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: sliced });
  } catch {
    throw new Malformed();
  }
}

class Reader {
  #at = 0;

  readonly text: string;
  readonly bounds: Bounds;
  readonly sliced: boolean;

  constructor(text: string, bounds: Bounds, sliced: boolean) {
    this.text = text;
    this.bounds = bounds;
    this.sliced = sliced;
  }

  end(): void {
    this.#space();
    if (this.#at < this.text.length) throw new Malformed();
  }

  value(depth: number): Value {
    if (!this.bounds.take(depth)) return left;
    this.#space();
    const char = this.text[this.#at];
    if (char === '{') return this.#record(depth);
    if (char === '[') return this.#list(depth);
    if (char === '"') return this.#ended(() => ({ kind: 'string', text: this.#string() }));
    return this.#ended(() => {
      const digits = this.#match(number);
      if (digits !== null) return { kind: 'number', text: digits };
      const text = this.#match(literal);
      if (text === null) throw new Malformed();
      return { kind: 'word', text };
    });
  }

  #list(depth: number): Value {
    const items: Value[] = [];
    this.#at += 1;
    if (this.#next(']')) return { kind: 'list', items };
    for (;;) {
      items.push(this.value(depth + 1));
      if (this.bounds.cut !== null || this.#closed(']')) return { kind: 'list', items };
    }
  }

  #record(depth: number): Value {
    const entries: [string, Value][] = [];
    this.#at += 1;
    if (this.#next('}')) return { kind: 'record', entries };
    for (;;) {
      this.#space();
      const key = this.#ended(() => ({ kind: 'string', text: this.#string() }));
      if (this.bounds.cut === null && !this.#next(':') && !this.#over()) throw new Malformed();
      entries.push([key.text, this.bounds.cut === null ? this.value(depth + 1) : left]);
      if (this.bounds.cut !== null || this.#closed('}')) return { kind: 'record', entries };
    }
  }

  /** After a member: true at the closing bracket, false at a comma. */
  #closed(bracket: string): boolean {
    if (this.#next(',')) return false;
    if (this.#next(bracket) || this.#over()) return true;
    throw new Malformed();
  }

  /** What is cut off in the middle is no fault of the sender. */
  #ended(read: () => Leaf): Leaf {
    try {
      const found = read();
      return this.sliced && this.#at >= this.text.length && this.#over() ? left : found;
    } catch (cause) {
      if (cause instanceof Malformed && this.#over()) return left;
      throw cause;
    }
  }

  #over(): boolean {
    // six characters: the longest escape, which may have been cut in the middle
    if (!this.sliced || this.#at < this.text.length - 6) return false;
    this.bounds.cut = 'size';
    return true;
  }

  #string(): string {
    const start = this.#at;
    if (this.text[start] !== '"') throw new Malformed();
    for (this.#at += 1; this.#at < this.text.length; this.#at += 1) {
      const code = this.text.charCodeAt(this.#at);
      if (code === 0x22) {
        this.#at += 1;
        return this.text.slice(start, this.#at);
      }
      if (code < 0x20) throw new Malformed();
      if (code !== 0x5c) continue;
      escaped.lastIndex = this.#at;
      const found = escaped.exec(this.text);
      if (!found) throw new Malformed();
      this.#at += found[0].length - 1;
    }
    throw new Malformed();
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text)?.[0];
    if (found === undefined) return null;
    this.#at += found.length;
    return found;
  }

  #next(char: string): boolean {
    this.#space();
    if (this.text[this.#at] !== char) return false;
    this.#at += 1;
    return true;
  }

  #space(): void {
    while (' \t\n\r'.includes(this.text[this.#at] ?? '-')) this.#at += 1;
  }
}
