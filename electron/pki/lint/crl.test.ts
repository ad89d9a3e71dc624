import { beforeAll, expect, test } from 'vitest';
import type { RuleId } from '../../../shared/rules/lint-catalogue.ts';
import { buildCrl } from '../crl.ts';
import { generateEcKey } from '../keys.ts';
import { type Authority, makeRoot } from '../testing/fleet.ts';
import { children, extension, name, patchCrl, tlv } from '../testing/patch.ts';
import { lintCrl } from './crl.ts';
import { prepareLintIssuer } from './issuer.ts';

const noon = new Date('2026-11-22T12:00:00Z');
let root: Authority;
let good: Buffer;

beforeAll(async () => {
  root = await makeRoot(generateEcKey('p256'), noon);
  const revoked = (serial: string) => ({ serial, revokedAt: noon, reason: 'superseded' as const });
  const entries = ['42', '41', '43'].map((first) => revoked(first.padEnd(32, '0')));
  good = (await buildCrl({ issuer: root.issuer, entries, number: 7n, now: noon, nextUpdate: new Date('2028-01-01T00:00:00Z') }))
    .der;
});

function judged(der: Uint8Array): string[] {
  return lintCrl(der, { issuer: prepareLintIssuer(root.der), now: noon }).map(({ rule }) => rule);
}

// TBSCertList of ours: version, algorithm, issuer, thisUpdate, nextUpdate, revokedCertificates, [0] extensions
type Change = (fields: Buffer[]) => void;
const put =
  (index: number, ...elements: Buffer[]): Change =>
  (fields) => {
    fields.splice(index, 1, ...elements);
  };
const utcTime = (text: string): Buffer => tlv(0x17, Buffer.from(text));
const entry = (serial: string, date: string, ...more: Buffer[]): Buffer =>
  tlv(0x30, tlv(0x02, Buffer.from(serial, 'hex')), utcTime(date), ...more);
const entries = (...list: Buffer[]): Change => put(5, tlv(0x30, ...list));
const reason = (code: number): Buffer => tlv(0x30, extension(21, false, tlv(0x0a, Buffer.from([code]))));
const date = '261120000000Z';
const extensions =
  (change: (list: Buffer[]) => Buffer[]): Change =>
  (fields) => {
    const list = children(children(fields[6] ?? Buffer.alloc(0))[0] ?? Buffer.alloc(0));
    fields[6] = tlv(0xa0, tlv(0x30, ...change(list)));
  };

test('a good CRL is clean, also after a patch that changes nothing', () => {
  expect(judged(good)).toEqual([]);
  expect(judged(patchCrl(good, root.key.pkcs8, () => {}))).toEqual([]);
});

const faults: [what: string, rule: RuleId, change: Change][] = [
  ['version 1', 'crl-version', (fields) => fields.shift()],
  ['another issuer', 'issuer-name', put(2, name([3, 0x0c, 'Other root']))],
  ['an empty issuer', 'dn-empty', put(2, name())],
  ['thisUpdate in the future', 'crl-begun', put(3, utcTime('261201000000Z'))],
  ['thisUpdate as GeneralizedTime', 'time-encoding', put(3, tlv(0x18, Buffer.from('20261121120000Z')))],
  ['no nextUpdate', 'crl-next-update', put(4)],
  ['nextUpdate in the past', 'crl-ended', put(4, utcTime('261121180000Z'))],
  ['an empty list', 'crl-empty-list', entries()],
  ['unsorted entries', 'crl-entry-order', entries(entry('42', date), entry('41', date))],
  ['a serial twice', 'crl-entry-duplicate', entries(entry('42', date), entry('42', date))],
  ['a negative serial', 'crl-entry-serial', entries(entry('c2', date))],
  ['an entry later than thisUpdate', 'crl-entry-date', entries(entry('42', '261122000000Z'))],
  ['reason unspecified', 'crl-entry-reason', entries(entry('42', date, reason(0)))],
  ['reason removeFromCRL', 'crl-entry-reason', entries(entry('42', date, reason(8)))],
  ['an unknown entry extension', 'extension-unexpected', entries(entry('42', date, tlv(0x30, extension(24, false, tlv(0x05)))))],
  ['no AKI', 'authority-key-identifier-present', extensions((list) => list.slice(1))],
  [
    'AKI of another key',
    'authority-key-identifier-match',
    extensions(([, number]) => [extension(35, false, tlv(0x30, tlv(0x80, Buffer.alloc(20)))), ...(number ? [number] : [])]),
  ],
  ['no number', 'crl-number', extensions((list) => list.slice(0, 1))],
  [
    'a negative number',
    'crl-number',
    extensions((list) => [...list.slice(0, 1), extension(20, false, tlv(0x02, Buffer.from([0xff])))]),
  ],
  [
    'a critical number',
    'crl-number',
    extensions((list) => [...list.slice(0, 1), extension(20, true, tlv(0x02, Buffer.from([1])))]),
  ],
  ['a number twice', 'extension-duplicate', extensions((list) => [...list, ...list.slice(1)])],
  ['a critical IDP', 'extension-unknown-critical', extensions((list) => [...list, extension(28, true, tlv(0x30))])],
];

test.each(faults)('exactly one rule speaks for %s: %s', (_, rule, change) => {
  expect(judged(patchCrl(good, root.key.pkcs8, change))).toEqual([rule]);
});

test('a CRL of another key, and bytes that are no CRL', async () => {
  const other = await makeRoot(generateEcKey('p256'), noon);
  expect(lintCrl(good, { issuer: prepareLintIssuer(other.der) }).map(({ rule }) => rule)).toEqual([
    'authority-key-identifier-match',
    'signature-verifies',
  ]);
  expect(judged(Buffer.alloc(0))).toEqual(['der-encoding']);
  expect(judged(root.der)).toEqual(['der-encoding']);
});
