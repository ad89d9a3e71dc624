import { expect, test } from 'vitest';
import { certificateState, isRefused } from './certificate-state.ts';

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
