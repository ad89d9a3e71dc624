import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { fuzz } from '../pki/testing/fuzz.ts';
import { storeTargets } from './testing/fuzz-store.ts';
import { testerTargets } from './testing/fuzz-tester.ts';

const folder = mkdtempSync(join(tmpdir(), 'fieldkey-fuzz-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A new seed each hour, so that every run of the build machine looks elsewhere; a failure names it. */
const seed = Math.floor(Date.now() / 3_600_000);

it('mutated vaults, backups, shares and files of other programs give typed errors only, in bounded time and memory', async () => {
  const report = await fuzz(await storeTargets(folder), 900, seed);
  expect(report.failures, `seed ${seed}`).toEqual([]);
  expect(report.memory).toBeLessThan(600);
  // it would prove nothing if the readers refused everything, or accepted it
  for (const outcome of ['vault: read', 'backup: COPY_UNSOUND', 'share: SHARE_MISTYPED', 'easy-rsa index: read', 'xca: read'])
    expect(report.outcomes[outcome] ?? 0, outcome).toBeGreaterThan(5);
}, 180_000);

it('mutated logs, recordings, connections and checks give typed errors only, and no message that was not recorded', async () => {
  const report = await fuzz(testerTargets(join(folder, 'tester')), 600, seed);
  expect(report.failures, `seed ${seed}`).toEqual([]);
  for (const outcome of ['broker log: read', 'recording: read', 'recording: RECORDING_UNREADABLE', 'checks: INPUT_INVALID'])
    expect(report.outcomes[outcome] ?? 0, outcome).toBeGreaterThan(5);
}, 180_000);
