import { expect, test } from 'vitest';
import { estimateStrength } from './strength.ts';

test('says how much is missing', () => {
  expect(estimateStrength('')).toEqual({ level: 'empty' });
  expect(estimateStrength('abc')).toEqual({ level: 'short', missing: 9 });
  // two UTF-16 units are one character to a person
  expect(estimateStrength('🔑'.repeat(11))).toEqual({ level: 'short', missing: 1 });
});

test.each([
  ['aaaaaaaaaaaaaaaa', 'weak', 'repeats'],
  ['abcabcabcabc', 'weak', 'repeats'],
  ['qwertzuiop123', 'weak', 'sequence'],
  ['fieldkey fieldkey', 'weak', 'common'],
  ['Passwort2026!', 'weak', 'common'],
  ['correcthorse', 'weak', 'simple'],
  ['cellar meter pump', 'fair', 'length'],
  ['cellar meter violet tram', 'strong', 'fine'],
  ['v9#Kq!2mX@t7Lp%w', 'strong', 'fine'],
])('%s is %s', (passphrase, level, reason) => {
  expect(estimateStrength(passphrase)).toEqual({ level, reason });
});

test('a long input is answered at once', () => {
  const start = performance.now();
  estimateStrength('abc1'.repeat(256));
  // the limit only catches what grows with the square
  expect(performance.now() - start).toBeLessThan(5_000);
});
