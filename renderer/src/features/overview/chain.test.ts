import { expect, test } from 'vitest';
import type { CertificateSummary } from '../../../../shared/model/certificate.ts';
import { chainOf } from './chain.ts';

const certificate = (commonName: string, issuerId: number | null): CertificateSummary => ({
  id: 1,
  kind: 'broker',
  state: 'valid',
  serial: '01',
  commonName,
  issuerId,
  issuedAt: 0,
  notBefore: 0,
  notAfter: 1,
  renewFrom: 1,
  revokedAt: null,
  revocationReason: null,
});
const authority = (authorityId: number, parentId: number | null, outside = false) => ({
  authorityId,
  parentId,
  outside,
  name: `ca ${authorityId}`,
  certificate: certificate(`ca ${authorityId}`, parentId ?? authorityId),
  crl: null,
});
const names = (...input: Parameters<typeof chainOf>) => chainOf(...input).map(({ name }) => name);
/** Our root, and an authority of ours below a company's. */
const authorities = [authority(1, null), authority(2, null, true), authority(3, 2, true), authority(4, 3)];

test('the chain of the broker leads over those who signed it, and over nobody else', () => {
  expect(names(authorities, certificate('broker', 1))).toEqual(['ca 1', 'broker']);
  expect(names(authorities, certificate('broker', 4))).toEqual(['ca 2', 'ca 3', 'ca 4', 'broker']);
});

test('a broker that somebody else certified, or none: all authorities there are', () => {
  expect(names([authority(1, null), authority(2, 1)], certificate('broker', null))).toEqual(['ca 1', 'ca 2', 'broker']);
  expect(names([authority(2, 1), authority(1, null)], null)).toEqual(['ca 1', 'ca 2']);
});
