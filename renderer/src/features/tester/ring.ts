/** A queue of at most `capacity` values: what is pushed onto a full one makes the oldest leave. All steps take constant time. */
export class Ring<T> {
  capacity: number;
  #values: (T | undefined)[] = [];
  #first = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  get length(): number {
    return this.#values.length - this.#first;
  }

  /** The value at `index`, 0 being the oldest. */
  at(index: number): T | undefined {
    return index < 0 ? undefined : this.#values[this.#first + index];
  }

  /** Gives the value that had to leave, if one had to. */
  push(value: T): T | undefined {
    this.#values.push(value);
    return this.length > this.capacity ? this.shift() : undefined;
  }

  shift(): T | undefined {
    if (this.length === 0) return undefined;
    const value = this.#values[this.#first];
    // let go at once: a message may be a megabyte
    this.#values[this.#first] = undefined;
    this.#first += 1;
    // moved together only now and then: moving 20,000 values for each message would be the work of the page
    if (this.#first > this.capacity) {
      this.#values = this.#values.slice(this.#first);
      this.#first = 0;
    }
    return value;
  }

  toArray(): T[] {
    return this.#values.slice(this.#first) as T[];
  }

  clear(): void {
    this.#values = [];
    this.#first = 0;
  }
}
