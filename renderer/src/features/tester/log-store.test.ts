import { expect, test } from 'vitest';
import { LogStore } from './log-store.ts';

const batch = (received: number, dropped: number) => ({
  connectionId: 'c',
  packed: { first: 0, count: 0, topics: [], bytes: new Uint8Array() },
  received,
  dropped,
});

test('tells once per frame, however many batches arrive', () => {
  const frames: (() => void)[] = [];
  const store = new LogStore((tell) => frames.push(tell));
  let told = 0;
  store.subscribe(() => told++);
  for (let count = 1; count <= 50; count++) store.add(batch(count, 0));
  expect([frames.length, told, store.version()]).toEqual([1, 0, 0]);
  frames[0]?.();
  store.add(batch(51, 0));
  expect([frames.length, told, store.version()]).toEqual([2, 1, 1]);
});

test('counts over several connections', () => {
  const store = new LogStore(() => {});
  store.add(batch(10, 2));
  store.nextConnection();
  expect([store.received, store.dropped]).toEqual([10, 2]);
  store.add(batch(5, 1));
  store.add(batch(6, 1));
  expect([store.received, store.dropped]).toEqual([16, 3]);
});
