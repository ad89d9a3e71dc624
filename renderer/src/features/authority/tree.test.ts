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
  issuedAt: 0,
  revocationReason: null,
});
const authority = (authorityId: number, parentId: number | null) => ({
  authorityId,
  parentId,
  name: `ca ${authorityId}`,
  certificate: certificate(authorityId, parentId === null ? 'root' : 'site'),
  crl: null,
});

test('authorities follow those that signed them, leaves hang on the last', () => {
  const tree = treeOf({ authorities: [authority(2, 1), authority(1, null)], broker: null, observer: certificate(9, 'observer') });
  expect(tree.map(({ authority: each, depth, issues }) => [each.authorityId, depth, issues])).toEqual([
    [1, 0, false],
    [2, 1, true],
  ]);
  expect(tree[1]?.signed.map(({ role }) => role)).toEqual(['observer']);
});
