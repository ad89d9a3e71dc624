import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { torture } from './torture.ts';

/**
 * `npm run torture -- [--kills N] [--seconds N] [--lanes N] [--seed N]`: exit status 0 only when as many kills as asked for
 * were done, one or more in every act, and nothing was lost.
 */
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '300' },
    seconds: { type: 'string', default: '3600' },
    lanes: { type: 'string', default: '3' },
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
const rows = Object.entries(report.acts);
say('act           killed in it   acknowledged');
for (const [act, { kills: killed, done }] of rows) say(`${act.padEnd(14)}${`${killed}`.padStart(12)}${`${done}`.padStart(15)}`);
say(`${'between acts'.padEnd(14)}${`${report.between}`.padStart(12)}`);
say(`${report.kills} kills in ${Math.round((Date.now() - begun) / 1000)} s, ${report.losses.length} losses`);
for (const loss of report.losses) say(`  ${loss}`);
if (report.losses.length > 0) say(`the vaults are kept in ${folder}`);
else rmSync(folder, { recursive: true, force: true });
const spared = rows.filter(([, { kills: killed }]) => killed === 0).map(([act]) => act);
if (spared.length > 0) say(`no kill fell into: ${spared.join(', ')}`);
if (report.kills < kills) say(`${kills} were asked for`);
process.exitCode = report.losses.length === 0 && report.kills === kills && spared.length === 0 ? 0 : 1;
