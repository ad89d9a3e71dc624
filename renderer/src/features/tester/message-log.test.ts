import { describe, expect, test } from 'vitest';
import type { TestMessage } from '../../../../shared/model/connection.ts';
import { topicMatcher } from '../../../../shared/rules/topic-search.ts';
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
    const log = new MessageLog(4);
    log.add(many(0, 10));
    expect(shown(log)).toEqual([6, 7, 8, 9]);
    expect(log.evicted).toBe(6);
  });

  test('is bounded in bytes too, but keeps the newest', () => {
    const log = new MessageLog(100, 10);
    for (const size of [4, 4, 4, 50]) log.add([{ ...message(size), payload: new Uint8Array(size) }]);
    expect([log.length, log.evicted, log.at(0)?.payload.byteLength]).toEqual([1, 3, 50]);
  });

  test('the filter hides, it does not throw away', () => {
    const log = new MessageLog(100);
    log.add(many(0, 9));
    log.setFilter('METER-1');
    expect(shown(log)).toEqual([1, 4, 7]);
    log.add(many(9, 3));
    expect(shown(log)).toEqual([1, 4, 7, 10]);
    log.setFilter('');
    expect(log.length).toBe(12);
  });

  test('what leaves a full list leaves the filtered one too', () => {
    const log = new MessageLog(4);
    log.setFilter('meter-1');
    for (let seq = 0; seq < 12; seq++) log.add([message(seq)]);
    expect(shown(log)).toEqual([10]);
  });

  test('stands still without loss', () => {
    const log = new MessageLog(100);
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

  test('clearing empties and goes on', () => {
    const log = new MessageLog(3);
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
