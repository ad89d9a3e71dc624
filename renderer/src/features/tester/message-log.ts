import type { TestMessage } from '../../../../shared/model/connection.ts';
import { topicMatcher } from '../../../../shared/rules/topic-search.ts';
import { Ring } from './ring.ts';

/** How many messages of one connection the page keeps, and how many bytes of payload. */
export const logCapacity = 20_000;
export const logBytes = 64_000_000;

/**
 * The messages of one connection as a list shows them: bounded, filtered by topic, and able to stand still while new
 * ones go on arriving behind. Knows nothing of React or of time.
 */
export class MessageLog {
  readonly #kept: Ring<TestMessage>;
  /** What the filter lets through; the oldest leave together with those in `#kept`. */
  readonly #passed: Ring<TestMessage>;
  #frozen: { readonly all: readonly TestMessage[]; passed: readonly TestMessage[] } | null = null;
  #matches = topicMatcher('');
  #filter = '';
  #evicted = 0;
  #fresh = 0;

  readonly #budget: number;
  #bytes = 0;

  constructor(capacity = logCapacity, budget = logBytes) {
    this.#budget = budget;
    this.#kept = new Ring(capacity);
    this.#passed = new Ring(capacity);
  }

  /** Length of the list as it is shown. */
  get length(): number {
    return this.#frozen ? this.#frozen.passed.length : this.#passed.length;
  }
  get paused(): boolean {
    return this.#frozen !== null;
  }
  get filter(): string {
    return this.#filter;
  }
  /** Messages that left the list because it was full. */
  get evicted(): number {
    return this.#evicted;
  }
  /** Messages that arrived since the list stands still, whether the filter shows them or not. */
  get fresh(): number {
    return this.#fresh;
  }

  at(index: number): TestMessage | undefined {
    return this.#frozen ? this.#frozen.passed[index] : this.#passed.at(index);
  }

  /** The message before this one on the same topic and in the same direction, whatever the filter says; null when none is left. */
  previousOf(message: TestMessage): TestMessage | null {
    const all = this.#frozen?.all ?? this.#kept.toArray();
    for (let at = all.lastIndexOf(message) - 1; at >= 0; at--) {
      const each = all[at];
      if (each?.topic === message.topic && each.direction === message.direction) return each;
    }
    return null;
  }

  add(messages: readonly TestMessage[]): void {
    for (const message of messages) {
      const gone = this.#kept.push(message);
      this.#bytes += message.payload.byteLength;
      if (this.#matches(message.topic)) this.#passed.push(message);
      if (gone) this.#left(gone);
      // the newest is kept whatever it weighs
      while (this.#bytes > this.#budget && this.#kept.length > 1) this.#left(this.#kept.shift() as TestMessage);
    }
    if (this.#frozen) this.#fresh += messages.length;
  }

  #left(message: TestMessage): void {
    this.#evicted += 1;
    this.#bytes -= message.payload.byteLength;
    if (this.#passed.at(0) === message) this.#passed.shift();
  }

  setFilter(text: string): void {
    this.#filter = text;
    this.#matches = topicMatcher(text);
    this.#passed.clear();
    for (const message of this.#kept.toArray()) if (this.#matches(message.topic)) this.#passed.push(message);
    if (this.#frozen) this.#frozen.passed = this.#frozen.all.filter((message) => this.#matches(message.topic));
  }

  pause(): void {
    this.#frozen ??= { all: this.#kept.toArray(), passed: this.#passed.toArray() };
  }

  resume(): void {
    this.#frozen = null;
    this.#fresh = 0;
  }

  clear(): void {
    this.#kept.clear();
    this.#passed.clear();
    this.#bytes = 0;
    this.#evicted = 0;
    this.resume();
  }
}
