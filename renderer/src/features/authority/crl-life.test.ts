import { expect, test } from 'vitest';
import { crlLife } from './crl-life.ts';

const day = 86_400_000;

test.each([
  [0, 'valid'],
  [119, 'valid'],
  [120, 'due'],
  [180, 'due'],
  [181, 'expired'],
])('a list of 180 days is after %j days %j', (days, state) => {
  expect(crlLife({ thisUpdate: 0, nextUpdate: 180 * day }, days * day).state).toBe(state);
});

test('a list that lives shorter than the warning is due from its first day: it has to be renewed soon', () => {
  expect(crlLife({ thisUpdate: 0, nextUpdate: 9 * day }, day)).toMatchObject({ state: 'due', renewFrom: 0 });
});
