import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { unpackMessages } from '../../shared/model/packed-messages.ts';
import type { MessageBatch } from './channel.ts';
import { MessageOutbox } from './message-outbox.ts';

let batches: MessageBatch[];
const outbox = (limits: { messages?: number; bytes?: number } = {}) =>
  new MessageOutbox({ connectionId: 'connection', send: (batch) => batches.push(batch), interval: 50, ...limits });
const message = (payload: string | Uint8Array = 'x') => ({
  at: 0,
  direction: 'in' as const,
  topic: 't',
  payload: Buffer.from(payload),
  qos: 0 as const,
  retain: false,
  reasonCode: null,
});

beforeEach(() => {
  batches = [];
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => void vi.useRealTimers());

it('sends at once after a rest, then waits for the interval and for the window', () => {
  const box = outbox();
  box.add(message());
  vi.advanceTimersByTime(1);
  expect(batches).toHaveLength(1);
  box.add(message());
  box.taken();
  vi.advanceTimersByTime(48);
  expect(batches).toHaveLength(1);
  vi.advanceTimersByTime(5);
  expect(batches).toHaveLength(2);
  box.add(message());
  // the window hangs
  vi.advanceTimersByTime(10_000);
  expect(batches).toHaveLength(2);
  box.taken();
  vi.advanceTimersByTime(1);
  expect(batches.map((b) => unpackMessages(b.packed).map((m) => m.seq))).toEqual([[1], [2], [3]]);
});

it('drops the oldest beyond its budget, counts them, and the gap in seq is exactly those', () => {
  const box = outbox({ messages: 100 });
  box.add(message());
  vi.advanceTimersByTime(1);
  for (let i = 0; i < 250; i++) box.add(message());
  box.taken();
  vi.advanceTimersByTime(60);
  expect(batches[1]).toMatchObject({ received: 251, dropped: 150 });
  expect(unpackMessages((batches[1] as MessageBatch).packed).map((m) => m.seq)).toEqual(
    Array.from({ length: 100 }, (_, i) => 152 + i),
  );
});

it('tells of a message that alone is larger than the budget', () => {
  const box = outbox({ bytes: 1_000 });
  box.add(message(new Uint8Array(2_000)));
  vi.advanceTimersByTime(60);
  expect(batches).toMatchObject([{ packed: { count: 0 }, received: 1, dropped: 1 }]);
  expect(box.empty).toBe(true);
});

it('cuts what waits into batches that a window can take in one go', () => {
  const box = outbox();
  for (let i = 0; i < 12_000; i++) box.add(message());
  for (let i = 0; i < 5; i++) {
    vi.advanceTimersByTime(60);
    box.taken();
  }
  expect(batches.map((b) => b.packed.count)).toEqual([10_000, 2_000]);
});
