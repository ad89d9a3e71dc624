import { expect, test } from 'vitest';
import { paceAfter, remainingTime, spokenTime } from './remaining.ts';

test('speed is measured within a step', () => {
  const start = paceAfter(null, { step: 'issue', done: 100, total: 500 }, 1_000);
  expect(remainingTime(start, 1_000)).toBeNull();
  const later = paceAfter(start, { step: 'issue', done: 200, total: 500 }, 3_000);
  expect(remainingTime(later, 3_000)).toBe(6_000);
  // nothing reported since: the time goes on all the same, and never below nothing
  expect(remainingTime(later, 4_000)).toBe(5_000);
  expect(remainingTime(later, 60_000)).toBe(0);
});

test('a new step knows nothing yet', () => {
  const issue = paceAfter(paceAfter(null, { step: 'issue', done: 0, total: 9 }, 0), { step: 'issue', done: 9, total: 9 }, 9_000);
  expect(remainingTime(paceAfter(issue, { step: 'write', done: 0, total: 9 }, 9_100), 9_100)).toBeNull();
});

test('no speed from too short a time or from standing still', () => {
  const start = paceAfter(null, { step: 'write', done: 0, total: 10 }, 0);
  expect(remainingTime(paceAfter(start, { step: 'write', done: 5, total: 10 }, 200), 200)).toBeNull();
  expect(remainingTime(paceAfter(start, { step: 'write', done: 0, total: 10 }, 9_000), 9_000)).toBeNull();
});

test.each([
  [0, 'seconds', 5],
  [12_000, 'seconds', 15],
  [90_000, 'seconds', 90],
  [91_000, 'minutes', 2],
  [601_000, 'minutes', 11],
])('%i ms is %s %i', (ms, unit, count) => {
  expect(spokenTime(ms)).toEqual({ unit, count });
});
