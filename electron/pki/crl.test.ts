import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildCrl, type CrlRequest, nextCrlNumber, type RevokedCertificate } from './crl.ts';
import { generateEcKey } from './keys.ts';
import { buildLintedCrl } from './linted.ts';
import { readCrl } from './read-crl.ts';
import { type Authority, makeRoot } from './testing/fleet.ts';

const now = new Date('2026-11-22T12:00:00.500Z');
const nextUpdate = new Date('2028-01-01T00:00:00Z');
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

test('a fleet of 20,000 revoked devices still makes a clean CRL', async () => {
  const entries = Array.from({ length: 20_000 }, (_, index) =>
    revoked((2n ** 126n + BigInt(index)).toString(16).padStart(32, '0')),
  );
  const { der } = await buildLintedCrl(request({ entries }));
  expect(readCrl(der).entries).toHaveLength(20_000);
});
