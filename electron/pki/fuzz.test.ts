import { expect, test } from 'vitest';
import { fuzz, pkiTargets } from './testing/fuzz.ts';
import { mutate, seeded } from './testing/mutations.ts';

/** A new seed each hour, so that every run of the build machine looks elsewhere; a failure names it. */
const seed = Math.floor(Date.now() / 3_600_000);

test('mutated certificates, lists, requests, keys and PKCS#12 give typed errors only, in bounded time and memory', async () => {
  const report = await fuzz(await pkiTargets(), 12_000, seed);
  expect(report.failures, `seed ${seed}`).toEqual([]);
  expect(report.memory).toBeLessThan(600);
  // it would prove nothing if the readers refused everything, or accepted it
  expect(report.outcomes['certificate: read']).toBeGreaterThan(100);
  expect(report.outcomes['certificate: FILE_MALFORMED']).toBeGreaterThan(100);
  expect(report.outcomes['request: REQUEST_REFUSED']).toBeGreaterThan(100);
  expect(report.outcomes['pkcs12: PASSPHRASE_WRONG']).toBeGreaterThan(50);
});

test('the same seed gives the same mutations', () => {
  const run = (from: number) => {
    const random = seeded(from);
    return Array.from({ length: 50 }, () => mutate(Buffer.alloc(64, 0x30), Buffer.alloc(64, 0x02), random).toString('hex'));
  };
  expect(run(7)).toEqual(run(7));
  expect(run(7)).not.toEqual(run(8));
});
