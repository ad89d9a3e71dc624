import { expect, test } from 'vitest';
import { certificateState, isRefused, renewFrom } from './certificate-state.ts';

const day = 86_400_000;
const year = { notBefore: 0, notAfter: 365 * day };

test.each([
  ['valid', 'valid', 100, false],
  ['due', 'valid', 335, false],
  ['expired', 'valid', 366, false],
  ['hold', 'hold', 100, true],
  ['revoked', 'revoked', 100, true],
  // what stands on a list stays what it is there
  ['hold', 'hold', 366, true],
  ['revoked', 'revoked', 366, true],
] as const)('%s: stored as %s, on day %i', (state, status, at, refused) => {
  expect(certificateState({ ...year, status }, at * day)).toBe(state);
  expect(isRefused(state)).toBe(refused);
});

test('is due as early as the project says, and not before two thirds of its life', () => {
  expect(certificateState({ ...year, status: 'valid' }, 310 * day)).toBe('valid');
  expect(certificateState({ ...year, status: 'valid' }, 310 * day, 60)).toBe('due');
  expect(renewFrom(0, 90 * day, 45)).toBe(45 * day);
  expect(renewFrom(0, 60 * day, 45)).toBe(40 * day);
  expect(renewFrom(0, 365 * day, 1)).toBe(364 * day);
});
