import { expect, test } from 'vitest';
import type { CertificateSummary } from '../../../../shared/model/certificate.ts';
import { treeOf } from './tree.ts';

const certificate = (id: number, kind: CertificateSummary['kind']): CertificateSummary => ({
  id,
  kind,
  state: 'valid',
  serial: '01',
  commonName: kind,
  notBefore: 0,
  notAfter: 1,
  renewFrom: 1,
  revokedAt: null,
  issuerId: 1,
  issuedAt: 0,
  revocationReason: null,
});
const authority = (authorityId: number, parentId: number | null) => ({
  authorityId,
  parentId,
  name: `ca ${authorityId}`,
  certificate: certificate(authorityId, parentId === null ? 'root' : 'site'),
  crl: null,
  outside: false,
});

const sketch = (...input: Parameters<typeof treeOf>) =>
  treeOf(...input).map(({ authority: each, depth, issues, continues, signed }) => [
    each.authorityId,
    depth,
    continues,
    ...signed.map(({ role }) => role),
    ...(issues ? ['devices'] : []),
  ]);

test('authorities follow those that signed them, leaves hang on whoever signed them', () => {
  const observer = { ...certificate(9, 'observer'), issuerId: 2 };
  expect(sketch({ authorities: [authority(2, 1), authority(1, null)], broker: null, observer })).toEqual([
    [1, 0, true],
    [2, 1, false, 'observer', 'devices'],
  ]);
});

test('while a root is replaced the broker is still below the old one, devices come from the new one', () => {
  const overview = {
    authorities: [authority(1, null), authority(3, null), authority(4, 3)],
    broker: { certificate: certificate(8, 'broker') } as never,
    observer: { ...certificate(9, 'observer'), issuerId: 77 },
  };
  expect(sketch(overview, 3)).toEqual([
    [1, 0, false, 'broker'],
    [3, 0, true, 'devices'],
    [4, 1, false, 'observer'],
  ]);
});
