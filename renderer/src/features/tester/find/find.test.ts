import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import type { TestMessage } from '../../../../../shared/model/connection.ts';
import { MessageLog } from '../message-log.ts';
import type { Found, ToFinder } from './find-worker.ts';
import { Finder, type FindThread } from './finder.ts';
import { matcherOf, type Query, queryProblem } from './match.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const message = (seq: number, topic: string, text: string): TestMessage => ({
  seq,
  at: seq,
  direction: 'in',
  topic,
  payload: bytes(text),
  qos: 0,
  retain: false,
  reasonCode: null,
});
const query = (text: string, more: Partial<Query> = {}): Query => ({ text, matchCase: false, regex: false, ...more });

test.each([
  ['POWER', {}, 'lab/power', '', 'POWER'],
  ['power', { matchCase: true }, 'lab/Power', 'Power', null],
  ['4.', {}, 'a', 'is 42', null],
  ['4.', { regex: true }, 'a', 'is 42', '42'],
  ['^lab/(energy|heat)$', { regex: true }, 'LAB/Heat', '', 'LAB/Heat'],
  ['x*', { regex: true }, 'a', 'b', null],
  ['größe', {}, 'a', 'GRÖSSE Größe', 'größe'],
])('%j %j in %j, %j: %j', (text, more, topic, payload, found) => {
  expect(matcherOf(query(text, more))(topic, bytes(payload))).toBe(found);
});

test('finds wherever the text stands, and nothing where it does not; invalid UTF-8 is no reason to stop', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, maxLength: 5 }),
      fc.string(),
      fc.uint8Array({ maxLength: 40 }),
      (text, topic, payload) => {
        const all = new TextDecoder().decode(payload);
        const there = topic.includes(text) || all.includes(text);
        expect(matcherOf(query(text, { matchCase: true }))(topic, payload) !== null).toBe(there);
      },
    ),
  );
  expect(queryProblem(query('('))).toBeNull();
  expect(queryProblem(query('(', { regex: true }))).toMatch(/group/i);
});

/** The searching thread in this one, when the test says so. */
class Thread implements FindThread {
  ended = false;
  #query: Query = query('');
  #listener: (found: Found) => void = () => undefined;
  readonly waiting: ToFinder[] = [];
  post(message: ToFinder): void {
    this.waiting.push(message);
  }
  onFound(listener: (found: Found) => void): void {
    this.#listener = listener;
  }
  end(): void {
    this.ended = true;
  }
  work(): boolean {
    const next = this.waiting.shift();
    if (!next) return false;
    if ('begin' in next) this.#query = next.query;
    else {
      const match = matcherOf(this.#query);
      const hits = next.topics.flatMap((topic, at): [number, string][] => {
        const text = match(topic, next.payloads[at] as Uint8Array);
        return text === null ? [] : [[next.first + at, text]];
      });
      this.#listener({ query: next.query, next: next.first + next.topics.length, hits });
    }
    return true;
  }
}

let threads: Thread[];
let log: MessageLog;
let finder: Finder;
const settle = () => {
  while (threads.at(-1)?.work()) void 0;
};
const at = (each: TestMessage | null) => each?.seq;
beforeEach(() => {
  threads = [];
  log = new MessageLog({ messages: 3_000, bytes: 1e9 });
  finder = new Finder(log, {
    start: () => {
      const thread = new Thread();
      threads.push(thread);
      return thread;
    },
    changed: () => undefined,
    patience: 60_000,
  });
});

describe('finder', () => {
  const many = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => message(from + index, `t/${(from + index) % 10}`, 'x'));

  test('goes through the list, on to what arrives, and steps around its ends', () => {
    log.add(many(0, 2_500));
    finder.begin(query('t/7'));
    expect(finder.complete).toBe(false);
    settle();
    expect([finder.count, finder.complete, finder.place]).toEqual([250, true, 0]);
    expect([at(finder.step(1)), finder.place]).toEqual([2_497, 250]);
    expect([at(finder.step(1)), finder.place]).toEqual([7, 1]);
    expect(at(finder.step(-1))).toBe(2_497);
    expect(at(finder.step(-1))).toBe(2_487);
    log.add(many(2_500, 1_000));
    finder.advance();
    settle();
    // 500 left, with 50 matches
    expect([finder.count, log.first, finder.place]).toEqual([300, 500, 199]);
    expect(at(finder.step(1))).toBe(2_497);
    log.setFilter('t/7');
    finder.advance();
    settle();
    expect([finder.count, finder.place]).toEqual([300, 0]);
    expect(at(finder.step(-1))).toBe(3_497);
  });

  test('another query ends the one before, whatever it works on', () => {
    log.add(many(0, 50));
    finder.begin(query('t/1'));
    finder.begin(query('t/2'));
    expect(threads[0]?.ended).toBe(true);
    threads[0]?.work();
    threads[0]?.work();
    settle();
    expect([finder.count, at(finder.step(1))]).toEqual([5, 42]);
    finder.begin(query(''));
    expect([finder.count, finder.query]).toEqual([0, null]);
  });

  test('a pattern that takes too long is given up, and the next one works', async () => {
    const hasty = new Finder(log, {
      start: () => {
        const thread = new Thread();
        threads.push(thread);
        return thread;
      },
      changed: () => undefined,
      patience: 5,
    });
    log.add(many(0, 50));
    hasty.begin(query('(x+)+y', { regex: true }));
    await expect.poll(() => hasty.gaveUp).toBe(true);
    expect(threads[0]?.ended).toBe(true);
    hasty.begin(query('t/1'));
    settle();
    expect([hasty.gaveUp, hasty.count]).toEqual([false, 5]);
  });
});
