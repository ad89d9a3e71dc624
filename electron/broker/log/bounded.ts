import { copied } from './stamp.ts';

/**
 * Entries by name, of which there are never more than `limit`: when it is reached, the half that did least is forgotten, and
 * counted. Those that do much stay, however many others come and go.
 */
export class Bounded<T extends { readonly key: string }> {
  readonly #limit: number;
  readonly #make: (key: string) => T;
  readonly #weight: (entry: T) => number;
  readonly #entries = new Map<string, T>();
  /** How often an entry was forgotten. Whoever comes again is another one. */
  forgotten = 0;
  #last: T | null = null;

  constructor(limit: number, make: (key: string) => T, weight: (entry: T) => number) {
    this.#limit = limit;
    this.#make = make;
    this.#weight = weight;
  }

  get size(): number {
    return this.#entries.size;
  }

  values(): IterableIterator<T> {
    return this.#entries.values();
  }

  /** The entry of this name, made when it is new. `key` may be a piece of a larger text. */
  get(key: string): T {
    // lines about the same one stand together
    if (this.#last?.key === key) return this.#last;
    const found = this.#entries.get(key);
    if (found) {
      this.#last = found;
      return found;
    }
    if (this.#entries.size >= this.#limit) this.#forget();
    const own = copied(key.length > longestName ? key.slice(0, longestName) : key);
    const there = this.#entries.get(own);
    if (there) return there;
    const made = this.#make(own);
    this.#entries.set(own, made);
    return made;
  }

  /** The heaviest first; equals by name, so that the same log always gives the same list. */
  heaviest(count: number): T[] {
    const order = (a: T, b: T) => this.#weight(b) - this.#weight(a) || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
    return [...this.#entries.values()].sort(order).slice(0, count);
  }

  #forget(): void {
    const kept = this.heaviest(this.#limit >> 1);
    this.forgotten += this.#entries.size - kept.length;
    this.#last = null;
    this.#entries.clear();
    for (const each of kept) this.#entries.set(each.key, each);
  }
}

/** Client identifiers may have 65,535 bytes (MQTT 5 §1.5.4); what is longer than a line of a table is nobody's device. */
const longestName = 256;
