import { describe, expect, test } from 'vitest';
import type { TestMessage } from '../../../../shared/model/connection.ts';
import { topicMatcher } from '../../../../shared/rules/topic-search.ts';
import { whilePaused } from './budget.ts';
import { MessageLog } from './message-log.ts';
import { Ring } from './ring.ts';

const message = (seq: number, topic = `lab/energy/meter-${seq % 3}`): TestMessage => ({
  seq,
  at: seq,
  direction: 'in',
  topic,
  payload: new Uint8Array(),
  qos: 0,
  retain: false,
  reasonCode: null,
});
const many = (from: number, count: number) => Array.from({ length: count }, (_, index) => message(from + index));
const shown = (log: MessageLog) => Array.from({ length: log.length }, (_, index) => log.at(index)?.seq);

test('a ring keeps the newest and says who had to leave', () => {
  const ring = new Ring<number>(3);
  expect([1, 2, 3, 4, 5, 6, 7, 8, 9].map((value) => ring.push(value))).toEqual([
    undefined,
    undefined,
    undefined,
    1,
    2,
    3,
    4,
    5,
    6,
  ]);
  expect(ring.toArray()).toEqual([7, 8, 9]);
  expect([ring.at(-1), ring.at(0), ring.at(3)]).toEqual([undefined, 7, undefined]);
});

describe('message log', () => {
  test('is bounded and counts what left', () => {
    const log = new MessageLog({ messages: 4, bytes: 1e9 });
    log.add(many(0, 10));
    expect(shown(log)).toEqual([6, 7, 8, 9]);
    expect(log.evicted).toBe(6);
  });

  test('is bounded in bytes too, but keeps the newest', () => {
    const log = new MessageLog({ messages: 100, bytes: 30_000 });
    for (const size of [10_000, 10_000, 10_000, 50_000]) log.add([{ ...message(size), payload: new Uint8Array(size) }]);
    expect([log.length, log.evicted, log.at(0)?.payload.byteLength]).toEqual([1, 3, 50_000]);
  });

  test('the filter hides, it does not throw away', () => {
    const log = new MessageLog({ messages: 100, bytes: 1e9 });
    log.add(many(0, 9));
    log.setFilter('METER-1');
    expect(shown(log)).toEqual([1, 4, 7]);
    log.add(many(9, 3));
    expect(shown(log)).toEqual([1, 4, 7, 10]);
    log.setFilter('');
    expect(log.length).toBe(12);
  });

  test('what leaves a full list leaves the filtered one too', () => {
    const log = new MessageLog({ messages: 4, bytes: 1e9 });
    log.setFilter('meter-1');
    for (let seq = 0; seq < 12; seq++) log.add([message(seq)]);
    expect(shown(log)).toEqual([10]);
  });

  test('stands still without loss', () => {
    const log = new MessageLog({ messages: 100, bytes: 1e9 });
    log.add(many(0, 5));
    log.pause();
    log.add(many(5, 7));
    expect([shown(log), log.fresh, log.paused]).toEqual([[0, 1, 2, 3, 4], 7, true]);
    log.setFilter('meter-2');
    expect(shown(log)).toEqual([2]);
    log.setFilter('');
    log.resume();
    expect([log.length, log.fresh, log.paused]).toEqual([12, 0, false]);
  });

  test('a pause that outlasts the budget keeps twice as much, and says how many left before anybody saw them', () => {
    const log = new MessageLog({ messages: 1_000, bytes: 1e9 });
    log.add(many(0, 1_000));
    log.pause();
    for (let seq = 1_000; seq < 3_000; seq += 100) log.add(many(seq, 100));
    // those that were seen made room first
    expect([log.unseen, log.fresh, log.evicted, log.kept.messages]).toEqual([0, 2_000, 1_000, 2_000]);
    expect([log.at(0)?.seq, log.length]).toEqual([0, 1_000]);
    log.add(many(3_000, 1_000));
    expect([log.unseen, log.fresh, log.evicted]).toEqual([1_000, 3_000, 2_000]);
    log.resume();
    expect([log.unseen, log.at(0)?.seq, log.length]).toEqual([1_000, 2_000, 2_000]);
    // everything that came is there, or has made room
    expect(log.kept.messages + log.evicted).toBe(4_000);
    log.add(many(4_000, 10));
    expect([log.length, log.at(0)?.seq, log.unseen]).toEqual([1_990, 2_020, 1_000]);
    log.add(many(4_010, 3_000));
    expect([log.length, log.at(-1), log.unseen]).toEqual([1_000, undefined, 1_000]);
    log.pause();
    expect(log.unseen).toBe(0);
  });

  test('a pause lets the bytes grow twofold as well, within the largest budget, and what is seen again is not unseen', () => {
    const heavy = (seq: number) => ({ ...message(seq, 't'), payload: new Uint8Array(1_000_000) });
    const log = new MessageLog({ messages: 1_000, bytes: 16_000_000 });
    for (let seq = 0; seq < 100; seq++) log.add([heavy(seq)]);
    log.pause();
    for (let seq = 100; seq < 140; seq++) log.add([heavy(seq)]);
    expect([log.kept.messages, log.unseen]).toEqual([31, 9]);
    log.resume();
    log.forgetUnseen();
    log.add([heavy(140)]);
    expect([log.kept.messages, log.unseen]).toEqual([30, 0]);
    for (let seq = 141; seq < 200; seq++) log.add([heavy(seq)]);
    expect([log.kept.messages, log.unseen]).toEqual([15, 0]);
    expect(whilePaused({ messages: 1, bytes: 256_000_000 })).toEqual({ messages: 2, bytes: 256_000_000 });
  });

  test('a budget that is changed during a pause holds for what comes then', () => {
    const log = new MessageLog({ messages: 1_000, bytes: 1e9 });
    log.add(many(0, 1_000));
    log.pause();
    log.setBudget({ messages: 5_000, bytes: 1e9 });
    log.add(many(1_000, 5_000));
    expect([log.unseen, log.kept.messages]).toEqual([0, 6_000]);
    log.setBudget({ messages: 1_000, bytes: 1e9 });
    expect([log.unseen, log.kept.messages]).toEqual([3_000, 2_000]);
  });

  test('topics count in the budget too, and a smaller budget holds at once', () => {
    const log = new MessageLog({ messages: 100, bytes: 1_000_000 });
    for (let seq = 0; seq < 50; seq++) log.add([message(seq, 'x'.repeat(60_000))]);
    expect([log.length, log.evicted]).toEqual([8, 42]);
    log.setBudget({ messages: 3, bytes: 1_000_000 });
    expect([shown(log), log.kept.messages]).toEqual([[47, 48, 49], 3]);
    log.setBudget({ messages: 100, bytes: 130_000 });
    expect(shown(log)).toEqual([49]);
    log.add(many(50, 99));
    // the heavy one made room
    expect([log.length, log.kept.messages]).toEqual([99, 99]);
  });

  test('a branch is its topic and what is below it, together with the filter', () => {
    const log = new MessageLog({ messages: 100, bytes: 1e9 });
    log.add(['a/b', 'a/b/c', 'a/bc', 'a'].map((topic, seq) => message(seq, topic)));
    log.setBranch('a/b');
    expect(shown(log)).toEqual([0, 1]);
    log.setFilter('c');
    expect(shown(log)).toEqual([1]);
    log.setBranch(null);
    expect(shown(log)).toEqual([1, 2]);
  });

  test('each message keeps its number while older ones leave, also over a pause', () => {
    const log = new MessageLog({ messages: 10, bytes: 1e9 });
    const numbers = () => shown(log).map((seq, index) => [log.first + index, seq]);
    log.add(many(0, 15));
    expect(numbers()[0]).toEqual([5, 5]);
    log.pause();
    log.add(many(15, 17));
    expect(numbers()[0]).toEqual([5, 5]);
    const { generation } = log;
    log.resume();
    expect([numbers()[0], log.generation]).toEqual([[12, 12], generation]);
    for (let seq = 32; seq < 50; seq++) log.add([message(seq)]);
    expect([numbers()[0], log.generation]).toEqual([[40, 40], generation]);
    log.pause();
    log.setFilter('meter-1');
    expect(log.generation).not.toBe(generation);
    const sifted = log.generation;
    expect(numbers()).toEqual([
      [0, 40],
      [1, 43],
      [2, 46],
      [3, 49],
    ]);
    log.add(many(50, 1));
    log.resume();
    expect([numbers()[0], log.generation === sifted]).toEqual([[0, 40], false]);
  });

  test('clearing empties and goes on', () => {
    const log = new MessageLog({ messages: 3, bytes: 1e9 });
    log.add(many(0, 5));
    log.pause();
    log.clear();
    log.add(many(5, 1));
    expect([shown(log), log.evicted, log.paused]).toEqual([[5], 0, false]);
  });
});

test.each([
  ['', 'lab/energy/a', true],
  ['Energy', 'lab/energy/a', true],
  ['b', 'lab/energy/a', true],
  ['x', 'lab/energy/a', false],
  ['lab/+/a', 'lab/energy/a', true],
  ['lab/+', 'lab/energy/a', false],
  ['lab/#', 'lab', true],
  ['#', 'lab/energy/a', true],
  ['#', '$SYS/broker/uptime', false],
  ['$SYS/#', '$SYS/broker/uptime', true],
  // not a filter: searched as it is
  ['c++', 'lab/c++/a', true],
])('%j finds %j: %j', (text, topic, found) => {
  expect(topicMatcher(text)(topic)).toBe(found);
});
