import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nodeFileSystem } from './file-system.ts';
import { exportPlace, recoverExport } from './standing-export.ts';
import { disturbed } from './testing/disturbed.ts';
import { sampleExport } from './testing/sample-export.ts';
import { writeExport } from './write-export.ts';

const run = promisify(execFile);
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
/** Runs TypeScript by itself, which the Node that runs the tests may be too old for. */
const node =
  [here('../../node_modules/node/bin/node'), here('../../node_modules/.bin/node')].find(existsSync) ?? process.execPath;

const devices = 60;
const kills = 20;
let folder: string;
let place: ReturnType<typeof exportPlace>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fieldkey-crash-'));
  place = exportPlace(join(folder, 'stick'), 'lab');
  await writeExport({ ...place, files: sampleExport('B', devices) });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What the child said until it was killed, line by line. */
async function exportUntilKilled(milliseconds: number): Promise<string[]> {
  const child: ChildProcess = spawn(node, [here('./testing/export-child.ts'), place.parent, String(devices)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  let complained = '';
  child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (complained += chunk.toString()));
  const gone = new Promise((resolve) => child.once('close', resolve));
  for (let waited = 0; !said.includes('start') && waited < 10_000; waited += 10) await wait(10);
  await wait(milliseconds);
  child.kill('SIGKILL');
  await gone;
  // a child that ended by an error would make this test prove nothing
  expect(complained.replace(/^.*ExperimentalWarning.*$|^.*--trace-warnings.*$/gm, '').trim()).toBe('');
  return said.split('\n').filter((line) => line !== '');
}

/** The version that stands at the target: checked by sha256sum, and every file of it, and no other. */
async function standingVersion(count = devices): Promise<string> {
  await run('sha256sum', ['-c', '--strict', '--quiet', 'SHA256SUMS'], { cwd: place.target });
  const version = (await readFile(join(place.target, 'broker/acl'), 'utf8')).trim().slice(-1);
  const wanted = [...sampleExport(version, count)];
  const found = (await readdir(place.target, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  expect(found).toHaveLength(wanted.length + 1);
  for (const file of wanted) expect((await readFile(join(place.target, file.path))).equals(file.content), file.path).toBe(true);
  return version;
}

it(`leaves a complete export, the old or the new one, when it is killed ${kills} times at random`, async () => {
  let standing = 'B';
  const outcomes = { old: 0, new: 0, putBack: 0, leftovers: 0 };
  for (let kill = 0; kill < kills; kill++) {
    const said = await exportUntilKilled(Math.random() * 450);
    const done = said.filter((line) => line.startsWith('done')).map((line) => line.slice(5));
    const started = said.at(-1)?.startsWith('start') ? said.at(-1)?.slice(6) : undefined;
    const acknowledged = done.at(-1) ?? standing;
    // before anybody repairs anything: what is at the target is complete
    const before = existsSync(place.target);
    if (before) await standingVersion();
    outcomes.leftovers += (await readdir(place.parent)).some((name) => name.startsWith('.fieldkey-')) ? 1 : 0;
    await recoverExport(nodeFileSystem, place);
    expect(existsSync(place.target), 'an acknowledged export is gone').toBe(true);
    if (!before) outcomes.putBack++;
    standing = await standingVersion();
    expect([acknowledged, started]).toContain(standing);
    if (standing === acknowledged) outcomes.old++;
    else outcomes.new++;
    expect((await readdir(place.parent)).filter((name) => name !== 'lab')).toEqual([]);
  }
  console.log(`after ${kills} kills: ${JSON.stringify(outcomes)}`);
  // most kills have to hit the writing, or they were no test of it
  expect(outcomes.leftovers).toBeGreaterThan(kills / 4);
});

it('leaves a complete export when everything stops before any single operation', async () => {
  place = exportPlace(join(folder, 'power'), 'lab');
  const write = (version: string, fs = nodeFileSystem) => writeExport({ ...place, files: sampleExport(version, 2), fs });
  const seen = new Set<string>();
  let operations = 1;
  for (let cut = 1; cut <= operations; cut++) {
    await write('A');
    // from the cut on nothing happens any more, tidying up included
    const fs = disturbed((_name, _path, call) => {
      if (call >= cut) throw new Error('power cut');
    });
    await expect(write('B', fs))
      .rejects.toThrow('power cut')
      .catch(() => undefined);
    operations = Math.max(operations, Math.min(fs.calls.length, 500));
    const before = existsSync(place.target) ? await standingVersion(2) : 'none';
    await recoverExport(nodeFileSystem, place);
    const after = await standingVersion(2);
    seen.add(`${before}, then ${after}`);
    expect((await readdir(place.parent)).filter((name) => name !== 'lab')).toEqual([]);
  }
  // the third is the moment between the two renamings
  expect([...seen].sort()).toEqual(['A, then A', 'B, then B', 'none, then A']);
});
