import { expect, test } from 'vitest';
import { colonHex, hexGroups, shortHex } from './hex.ts';

test('writes bytes with colons', () => {
  expect(colonHex('4f9a1c07')).toBe('4f:9a:1c:07');
  expect(colonHex('f9a')).toBe('0f:9a');
  expect(colonHex('')).toBe('');
});

test('shortens only what is longer', () => {
  expect(shortHex('4f9a1c07')).toBe('4f:9a:1c:07');
  expect(shortHex('4f9a1c07ee')).toBe('4f:9a:1c:07…');
});

test('groups bytes, the last group being shorter', () => {
  expect(hexGroups('0102030405')).toEqual(['01:02:03:04', '05']);
});
