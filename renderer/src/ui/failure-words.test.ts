import { expect, test } from 'vitest';
import type { ConnectionCause } from '../../../shared/model/connection.ts';
import { failureWords } from './failure-words.ts';

const failure = (cause: ConnectionCause) => ({
  cause,
  params: {},
  raw: '',
  alert: null,
  reasonCode: null,
});

test.each([
  ['a certificate that ended', failure('client-certificate-expired'), true, 'connection.client-certificate-expired'],
  ['a revoked device', failure('client-certificate-revoked'), true, 'connection.client-certificate-revoked'],
  ['a revoked observer', failure('client-certificate-revoked'), false, 'tester.failureOf.oldVault'],
  ['the real device came back', failure('taken-over'), true, 'connection.taken-over'],
  ['two observers', failure('taken-over'), false, 'tester.failureOf.observerTwice'],
  ['nobody listens', failure('refused'), false, 'connection.refused'],
])('%s', (_name, what, device, words) => {
  expect(failureWords(what, device)).toBe(words);
});
