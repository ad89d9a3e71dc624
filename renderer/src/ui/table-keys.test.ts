import { expect, test } from 'vitest';
import { moveBy } from './table-keys.ts';

test.each([
  ['ArrowDown', 4, 5],
  ['ArrowUp', 0, 0],
  ['PageDown', 95, 99],
  ['PageUp', 15, 5],
  ['Home', 50, 0],
  ['End', 50, 99],
  ['ArrowDown', 99, 99],
])('%s from row %i', (key, at, to) => {
  expect(moveBy(key, at, 100, 10)).toBe(to);
});

test('other keys are left to the browser', () => {
  expect(moveBy('Tab', 4, 100, 10)).toBeNull();
});
