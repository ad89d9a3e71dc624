import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { torture } from './testing/torture.ts';

const folder = mkdtempSync(join(tmpdir(), 'fieldkey-torture-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it(
  'loses nothing that was acknowledged when it is killed at 300 random moments of every act',
  async () => {
    // a failure names the seed: `npm run torture -- --seed N`
    const seed = Math.floor(Math.random() * 2 ** 31);
    const report = await torture({ folder, seed, kills: 300, seconds: 120, lanes: 3 });
    const figures = Object.entries(report.acts).map(([act, { kills, done }]) => `${act} ${kills}/${done}`);
    console.info(`${report.kills} kills, ${report.between} between acts; act killed/acknowledged: ${figures.join(', ')}`);
    expect({ seed, losses: report.losses }).toEqual({ seed, losses: [] });
    // a very busy machine gets fewer kills done
    expect(report.kills).toBeGreaterThanOrEqual(150);
    // it would prove nothing had it killed only before or only after the work
    for (const [act, { kills, done }] of Object.entries(report.acts)) {
      expect(kills, `killed in ${act}`).toBeGreaterThan(0);
      // each is acknowledged as often as not; with fewer rounds one may have been unlucky each time
      if (report.kills === 300) expect(done, `acknowledged: ${act}`).toBeGreaterThan(0);
    }
  },
  12 * 60_000,
);
