import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildCrl, type CrlRequest, nextCrlNumber, type RevokedCertificate } from './crl.ts';
import { generateEcKey } from './keys.ts';
import { buildLintedCrl } from './linted.ts';
import { readCrl } from './read-crl.ts';
import { type Authority, issueLeaf, makeRoot } from './testing/fleet.ts';
import { keytoolCrl, nss, openssl } from './testing/judges.ts';

// validators use the real clock
const now = new Date();
const nextUpdate = new Date(now.getTime() + 400 * 86_400_000);
let root: Authority;

beforeAll(async () => {
  root = await makeRoot(generateEcKey('p256'), now);
});

const request = (change: Partial<CrlRequest> = {}): CrlRequest => ({
  issuer: root.issuer,
  entries: [],
  number: 1n,
  now,
  nextUpdate,
  ...change,
});
const revoked = (serial: string): RevokedCertificate => ({ serial, revokedAt: now, reason: 'superseded' });

describe('the number', () => {
  test('is the time in seconds, or one more than the last', () => {
    const seconds = BigInt(Math.floor(now.getTime() / 1000));
    expect(nextCrlNumber(undefined, now)).toBe(seconds);
    expect(nextCrlNumber(5n, now)).toBe(seconds);
    expect(nextCrlNumber(seconds, now)).toBe(seconds + 1n);
    expect(nextCrlNumber(seconds + 99n, now)).toBe(seconds + 100n);
  });

  test('always rises, also when a clock goes back or a backup is restored later', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 4_000_000_000_000 }), { minLength: 1 }), (clock) => {
        let last: bigint | undefined;
        for (const ms of clock) {
          const number = nextCrlNumber(last, new Date(ms));
          if (last !== undefined) expect(number).toBeGreaterThan(last);
          last = number;
        }
      }),
    );
  });
});

test('any set of revoked certificates gives a clean CRL that reads back sorted', async () => {
  const entry = fc.record({
    serial: fc.stringMatching(/^[0-7][0-9a-f]{31}$/).map((hex) => `4${hex.slice(1)}`),
    revokedAt: fc.date({ min: new Date('2025-01-01'), max: now, noInvalidDate: true }),
    reason: fc.constantFrom(
      'unspecified',
      'keyCompromise',
      'cACompromise',
      'affiliationChanged',
      'superseded',
      'cessationOfOperation',
      'certificateHold',
    ),
  });
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(entry, { selector: ({ serial }) => serial, maxLength: 40 }), async (entries) => {
      const { der } = await buildLintedCrl(request({ entries: entries as RevokedCertificate[] }));
      const read = readCrl(der).entries.map(({ serial, reason }) => ({ serial, reason }));
      const wanted = entries.map(({ serial, reason }) => ({ serial, reason })).toSorted((a, b) => (a.serial < b.serial ? -1 : 1));
      expect(read).toEqual(wanted);
    }),
  );
});

test('serials of imported authorities may be short or fill their octets', async () => {
  const { der } = await buildLintedCrl(request({ entries: [revoked('ff01'), revoked('02'), revoked('0aff')] }));
  expect(readCrl(der).entries.map(({ serial }) => serial)).toEqual(['02', '0aff', 'ff01']);
});

test.each<[reason: string, change: Partial<CrlRequest>]>([
  ['crl-number', { number: 0n }],
  ['crl-number', { number: 1n << 159n }],
  ['crl-next-update', { nextUpdate: now }],
  ['crl-next-update', { nextUpdate: new Date(Number.NaN) }],
  ['crl-duplicate-serial', { entries: [revoked('41'), revoked('0041')] }],
  ['serial', { entries: [revoked('xyz')] }],
])('%s is refused', async (reason, change) => {
  await expect(buildCrl(request(change))).rejects.toMatchObject({ code: 'PROFILE_REFUSED', params: { reason } });
});

test('a hold ends by leaving the next list; removeFromCRL is for delta lists, which we do not make', async () => {
  const held = { serial: '41', revokedAt: now, reason: 'certificateHold' as const };
  const first = await buildLintedCrl(request({ entries: [held, revoked('42')] }));
  expect(readCrl(first.der).entries).toMatchObject([{ serial: '41', reason: 'certificateHold' }, { serial: '42' }]);
  const second = await buildLintedCrl(request({ entries: [revoked('42')], number: 2n }));
  expect(readCrl(second.der).entries.map(({ serial }) => serial)).toEqual(['42']);
  const remove = { ...held, reason: 'removeFromCRL' } as unknown as RevokedCertificate;
  await expect(buildCrl(request({ entries: [remove] }))).rejects.toThrow('crl-reason');
});

test('100,000 revoked devices: built, signed, linted and read back in seconds, and openssl finds each of them', async () => {
  const reasons = ['unspecified', 'keyCompromise', 'superseded', 'certificateHold'] as const;
  const serialOf = (index: number) => (2n ** 126n + 7919n * BigInt(index)).toString(16).padStart(32, '0');
  const entries = Array.from({ length: 100_000 }, (_, index) => ({
    serial: serialOf(index),
    revokedAt: new Date(now.getTime() - index * 60_000),
    reason: reasons[index % 4] ?? 'unspecified',
  }));
  const start = performance.now();
  const { der } = await buildLintedCrl(request({ entries: entries.toReversed() }));
  // the limit only catches what grows with the square
  expect(performance.now() - start).toBeLessThan(15_000);
  const read = readCrl(der).entries;
  expect(read).toHaveLength(100_000);
  expect(read[99_999]).toMatchObject({ serial: serialOf(99_999), reason: 'certificateHold' });

  const device = await issueLeaf(root, 'device', generateEcKey('p256').spki, now);
  const judged = (crl: Buffer) => openssl({ root: root.der, leaf: device.der, crls: [crl] }, { purpose: 'client' });
  const accepted = await judged(der);
  expect(accepted.ok, accepted.output).toBe(true);
  const entry = { serial: device.serial, revokedAt: now, reason: 'keyCompromise' as const };
  const refused = await judged((await buildLintedCrl(request({ entries: [...entries, entry], number: 2n }))).der);
  expect(refused.output).toMatch(/certificate revoked/);
  // GnuTLS needs minutes for so many; it judges 3,000 in validators.test.ts
  for (const verdict of [await keytoolCrl(der), await nss({ root: root.der, leaf: root.der, crls: [der] }, { purpose: 'ca' })])
    expect(verdict.ok, verdict.output.slice(-2000)).toBe(true);
});
