import { expect, test } from 'vitest';
import { lifeShape } from './life.ts';

const life = { state: 'valid', notBefore: 1_000, notAfter: 2_000, renewFrom: 1_900 } as const;

test('now and the renewal window are fractions of the validity', () => {
  expect(lifeShape(life, 1_250)).toEqual({ used: 0.25, renewal: 0.1 });
});

test('nothing is drawn outside the bar', () => {
  expect(lifeShape(life, 500).used).toBe(0);
  expect(lifeShape({ ...life, state: 'expired' }, 9_000).used).toBe(1);
});

test('a revoked certificate stands still', () => {
  expect(lifeShape({ ...life, state: 'revoked', revokedAt: 1_500 }, 1_900).used).toBe(0.5);
});

test('a validity of no length does not divide by zero', () => {
  expect(lifeShape({ ...life, notAfter: 1_000 }, 1_000)).toEqual({ used: 1, renewal: 0 });
});
