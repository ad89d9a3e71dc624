import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { torture } from './testing/torture.ts';

const folder = mkdtempSync(join(tmpdir(), 'fieldkey-torture-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it(
  'loses nothing that was acknowledged when it is killed at 300 random moments',
  async () => {
    // a failure names the seed: `npm run torture -- --seed N`
    const seed = Math.floor(Math.random() * 2 ** 31);
    const report = await torture({ folder, seed, kills: 300, seconds: 90, lanes: 4 });
    expect({ seed, losses: report.losses }).toEqual({ seed, losses: [] });
    // it would prove nothing had it killed only before or only after the work; a very busy machine gets fewer kills done
    expect(report.kills).toBeGreaterThan(40);
    for (const act of ['issued', 'replaced', 'revoked', 'crl', 'exported', 'project'])
      expect(report.acts[act] ?? 0, act).toBeGreaterThan(0);
  },
  12 * 60_000,
);
