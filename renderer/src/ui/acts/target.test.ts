import { expect, test } from 'vitest';
import { dayOf, startOfDay } from './target.ts';

test('a day goes into a date field and comes back, also where clocks change', () => {
  for (const day of ['2026-03-29', '2026-10-25', '2028-02-29', '2027-01-01']) {
    const at = startOfDay(day);
    expect(at === null ? null : dayOf(at)).toBe(day);
    expect(new Date(at ?? 0).getHours()).toBe(0);
  }
});

test('what is no day is none', () => {
  expect(['', '2027-02-30', '2027-13-01', '27-1-1', 'soon'].map(startOfDay)).toEqual([null, null, null, null, null]);
});
