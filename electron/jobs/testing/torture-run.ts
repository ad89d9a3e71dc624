import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { torture } from './torture.ts';

/** `npm run torture -- [--kills N] [--seconds N] [--lanes N] [--seed N]`: exit status 0 only when nothing was lost. */
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '300' },
    seconds: { type: 'string', default: '3600' },
    lanes: { type: 'string', default: '4' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
  },
});
const folder = mkdtempSync(join(tmpdir(), 'fieldkey-torture-'));
const say = (line: string) => process.stdout.write(`${line}\n`);
const [kills, seconds, lanes, seed] = [values.kills, values.seconds, values.lanes, values.seed].map(Number) as [
  number,
  number,
  number,
  number,
];
say(`seed ${seed}`);
const begun = Date.now();
const report = await torture({ folder, seed, kills, seconds, lanes, say });
const counted = Object.entries(report.acts).map(([act, count]) => `${act} ${count}`);
say(`acts acknowledged: ${counted.join(', ')}`);
say(`${report.kills} kills in ${Math.round((Date.now() - begun) / 1000)} s, ${report.losses.length} losses`);
for (const loss of report.losses) say(`  ${loss}`);
if (report.losses.length > 0) say(`the vaults are kept in ${folder}`);
else rmSync(folder, { recursive: true, force: true });
process.exitCode = report.losses.length === 0 && report.kills > 0 ? 0 : 1;
