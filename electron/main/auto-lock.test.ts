import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { AutoLock } from './auto-lock.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function counted(minutes: number): { lock: AutoLock; times: () => number } {
  const work = vi.fn();
  return { lock: new AutoLock(minutes, work), times: () => work.mock.calls.length };
}

it('locks after the minutes without activity, and only when armed', () => {
  const { lock, times } = counted(5);
  vi.advanceTimersByTime(60 * 60_000);
  expect(times()).toBe(0);
  lock.arm();
  vi.advanceTimersByTime(5 * 60_000 - 1);
  expect(times()).toBe(0);
  vi.advanceTimersByTime(1);
  expect(times()).toBe(1);
});

it('starts again with every activity and with a new time', () => {
  const { lock, times } = counted(5);
  lock.arm();
  for (let i = 0; i < 10; i++) {
    vi.advanceTimersByTime(4 * 60_000);
    lock.touch();
  }
  expect(times()).toBe(0);
  lock.minutes = 1;
  vi.advanceTimersByTime(60_000);
  expect(times()).toBe(1);
});

it('does not lock what is locked already', () => {
  const { lock, times } = counted(1);
  lock.arm();
  lock.disarm();
  lock.touch();
  vi.advanceTimersByTime(10 * 60_000);
  expect(times()).toBe(0);
});
