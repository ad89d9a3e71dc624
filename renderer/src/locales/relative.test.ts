import { expect, test } from 'vitest';
import { relativeTime } from './relative.ts';

const now = new Date(2026, 10, 21, 20, 0).getTime();
const at = (...parts: [number, number, number, number?, number?]) => relativeTime(new Date(...parts).getTime(), now);

test.each([
  ['in half an hour', at(2026, 10, 21, 20, 30), 30, 'minute'],
  ['in five hours, after midnight', at(2026, 10, 22, 1), 5, 'hour'],
  ['30 hours ahead is the day after tomorrow', at(2026, 10, 23, 2), 2, 'day'],
  ['tomorrow', at(2026, 10, 22, 21), 1, 'day'],
  ['in 23 days', at(2026, 11, 14, 3), 23, 'day'],
  ['six days ago', at(2026, 10, 15, 12), -6, 'day'],
  ['60 days and not yet two months', at(2027, 0, 20, 12), 60, 'day'],
  ['two months', at(2027, 0, 21, 21), 2, 'month'],
  ['eight months', at(2027, 6, 30), 8, 'month'],
  ['23 months are not two years', at(2028, 9, 30), 23, 'month'],
  ['nine years', at(2036, 10, 20), 9, 'year'],
  ['two years ago', at(2024, 9, 1), -2, 'year'],
])('%s', (_name, result, value, unit) => {
  expect(result).toEqual({ value, unit });
});

test('now is never minus zero', () => {
  expect(Object.is(relativeTime(now - 1_000, now).value, 0)).toBe(true);
});
