import { expect, test } from 'vitest';
import { createFormat, localeFor } from './format.ts';

test('the region follows the system where it speaks the language', () => {
  expect(localeFor('de', 'de-AT')).toBe('de-AT');
  expect(localeFor('en', 'de-DE')).toBe('en-GB');
  expect(localeFor('de', 'en-US')).toBe('de');
  expect(localeFor('de', 'de_DE.UTF-8')).toBe('de');
});

test('writes as the language does', () => {
  const en = createFormat('en-GB');
  const de = createFormat('de-DE');
  const now = new Date(2026, 10, 21, 12).getTime();
  const end = new Date(2026, 11, 14, 12).getTime();
  expect(en.relative(end, now)).toBe('in 23 days');
  expect(de.relative(end, now)).toBe('in 23 Tagen');
  expect(de.number(5000)).toBe('5.000');
  expect(en.bytes(204_000_000)).toBe('204 MB');
  expect(en.bytes(0)).toBe('0 bytes');
  expect(en.exact(end)).toContain('UTC');
});

test('the month names its year in January only', () => {
  const en = createFormat('en-GB');
  expect(en.month(new Date(2027, 0, 4).getTime())).toBe('Jan 2027');
  expect(en.month(new Date(2027, 1, 1).getTime())).toBe('Feb');
});
