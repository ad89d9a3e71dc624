import type { TestMessage } from '../../../../../shared/model/connection.ts';
import type { MessageLog } from '../message-log.ts';
import type { Found, ToFinder } from './find-worker.ts';
import { bytesSearched, type Query } from './match.ts';

/** The searching thread, or what stands for it in a test. */
export interface FindThread {
  post(message: ToFinder): void;
  onFound(listener: (found: Found) => void): void;
  end(): void;
}

export interface FinderOptions {
  readonly start: () => FindThread;
  /** Something is known that was not known before. */
  readonly changed: () => void;
  /** How long one piece may take before the pattern is given up, ms. */
  readonly patience?: number;
}

/** Messages and bytes of one piece. Copying it is the only work of the page. */
const pieceMessages = 1_000;
const pieceBytes = 2_000_000;

/**
 * Finds in the messages that a list shows, piece by piece in a thread of its own, and goes on with those that arrive. Matches
 * are numbers of messages (see `MessageLog.first`), so they stay right while older ones leave.
 */
export class Finder {
  readonly #log: MessageLog;
  readonly #options: Required<FinderOptions>;
  #thread: FindThread | null = null;
  #query: Query | null = null;
  #run = 0;
  #generation = -1;
  #next = 0;
  #busy: ReturnType<typeof setTimeout> | null = null;
  #positions: number[] = [];
  #texts = new Map<number, string>();
  #current = -1;
  #gaveUp = false;

  constructor(log: MessageLog, options: FinderOptions) {
    this.#log = log;
    this.#options = { patience: 3_000, ...options };
  }

  get query(): Query | null {
    return this.#query;
  }
  /** The pattern took too long; nothing more is looked at. */
  get gaveUp(): boolean {
    return this.#gaveUp;
  }
  get count(): number {
    return this.#positions.length;
  }
  /** Every message that is shown was looked at. */
  get complete(): boolean {
    return this.#busy === null && this.#next >= this.#log.first + this.#log.length;
  }
  /** Which match is the present one, from 1; 0 = none. */
  get place(): number {
    return this.#current < 0 ? 0 : indexFrom(this.#positions, this.#current) + 1;
  }

  /** The text that was found in the message with that number. */
  textAt(position: number): string | null {
    return this.#texts.get(position) ?? null;
  }

  /** Begins anew; null ends it. The query has to be a valid one. */
  begin(query: Query | null): void {
    this.#query = query === null || query.text === '' ? null : query;
    this.#gaveUp = false;
    this.#restart();
    this.advance();
  }

  /** The list may be another one or a longer one: looks at what was not looked at. */
  advance(): void {
    if (this.#query === null || this.#gaveUp) return;
    if (this.#generation !== this.#log.generation) this.#restart();
    this.#forgetGone();
    if (this.#busy !== null) return;
    const { first, length } = this.#log;
    this.#next = Math.max(this.#next, first);
    const topics: string[] = [];
    const payloads: Uint8Array[] = [];
    for (let at = this.#next - first, bytes = 0; at < length && topics.length < pieceMessages && bytes < pieceBytes; at++) {
      const { topic, payload } = this.#log.at(at) as TestMessage;
      topics.push(topic);
      payloads.push(payload.slice(0, bytesSearched));
      bytes += payload.byteLength + topic.length;
    }
    if (topics.length === 0) return;
    this.#running().post({ query: this.#run, first: this.#next, topics, payloads });
    this.#busy = setTimeout(() => this.#giveUp(), this.#options.patience);
  }

  /** Goes to the next match after the present one, or the one before it, around the ends; gives its message. */
  step(direction: 1 | -1): TestMessage | null {
    const count = this.#positions.length;
    if (count === 0) return null;
    const after = indexFrom(this.#positions, this.#current + (direction === 1 ? 1 : 0));
    // without a present one it begins with the newest, which is what one sees
    const at = this.#current < 0 ? count - 1 : direction === 1 ? after % count : (after - 1 + count) % count;
    this.#current = this.#positions[at] as number;
    return this.#log.at(this.#current - this.#log.first) ?? null;
  }

  end(): void {
    this.begin(null);
    this.#thread?.end();
    this.#thread = null;
  }

  #restart(): void {
    if (this.#busy !== null) {
      // what it works on is of no use any more, and may be what takes so long
      clearTimeout(this.#busy);
      this.#busy = null;
      this.#thread?.end();
      this.#thread = null;
    }
    this.#generation = this.#log.generation;
    this.#positions = [];
    this.#texts = new Map();
    this.#current = -1;
    this.#next = this.#log.first;
    this.#run += 1;
    if (this.#query) this.#running().post({ begin: this.#run, query: this.#query });
  }

  #running(): FindThread {
    if (this.#thread) return this.#thread;
    const thread = this.#options.start();
    this.#thread = thread;
    thread.onFound((found) => {
      if (thread === this.#thread && found.query === this.#run) this.#take(found);
    });
    return thread;
  }

  #take({ next, hits }: Found): void {
    if (this.#busy !== null) clearTimeout(this.#busy);
    this.#busy = null;
    this.#next = next;
    for (const [position, text] of hits) {
      this.#positions.push(position);
      this.#texts.set(position, text);
    }
    this.advance();
    this.#options.changed();
  }

  #giveUp(): void {
    this.#busy = null;
    this.#gaveUp = true;
    this.#thread?.end();
    this.#thread = null;
    this.#options.changed();
  }

  #forgetGone(): void {
    const gone = indexFrom(this.#positions, this.#log.first);
    if (gone === 0) return;
    for (let at = 0; at < gone; at++) this.#texts.delete(this.#positions[at] as number);
    this.#positions = this.#positions.slice(gone);
    if (this.#current < this.#log.first) this.#current = -1;
  }
}

/** The first of rising numbers that is not below `least`. */
function indexFrom(numbers: readonly number[], least: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] as number) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
