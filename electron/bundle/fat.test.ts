import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { exportPlace, isComplete, recoverExport } from './standing-export.ts';
import { systemError } from './testing/disturbed.ts';
import { fatFileSystem } from './testing/fat.ts';
import { sampleExport } from './testing/sample-export.ts';
import { writeExport } from './write-export.ts';

/** The writer where names fold case, modes mean nothing, folders do not synchronise and nothing is renamed onto another. */
const run = promisify(execFile);
let stick: string;
let fs: ReturnType<typeof fatFileSystem>;

beforeEach(async () => {
  stick = await mkdtemp(join(tmpdir(), 'fieldkey-fat-'));
  fs = fatFileSystem(stick);
});
afterEach(() => rm(stick, { recursive: true, force: true }));

const write = (version: string, more: Partial<Parameters<typeof writeExport>[0]> = {}) =>
  writeExport({ parent: stick, name: 'lab', files: [...sampleExport(version, 3)], fs, ...more });
const standing = async (folder = 'lab') => {
  await run('sha256sum', ['-c', '--strict', '--quiet', 'SHA256SUMS'], { cwd: join(stick, folder) });
  return (await readFile(join(stick, folder, 'broker/acl'), 'utf8')).trim();
};

it('writes, replaces and leaves alone as anywhere else; keys are readable by all, as on every such stick', async () => {
  expect(await write('A')).toMatchObject({ unchanged: false });
  expect(await standing()).toBe('acl A');
  expect(await write('A')).toMatchObject({ unchanged: true });
  expect(await write('B')).toMatchObject({ unchanged: false });
  expect(await standing()).toBe('acl B');
  expect(await readdir(stick)).toEqual(['lab']);
  const key = await stat(join(stick, 'lab/devices/meter-00000/client.key'));
  if (process.platform !== 'win32') expect(key.mode & 0o044).not.toBe(0);
});

it('takes the folder of the project for its own in whatever case it came back', async () => {
  await write('A');
  await rename(join(stick, 'lab'), join(stick, 'LAB'));
  expect(await write('B')).toMatchObject({ unchanged: false });
  expect(await readdir(stick)).toEqual(['lab']);
  expect(await standing()).toBe('acl B');
});

it('keeps the bundles of others when it writes a part', async () => {
  await write('A');
  const [, key, json] = [...sampleExport('B', 1)];
  if (!key || !json) throw new Error('the sample has two files a device');
  const part = await write('B', { files: [key, json], keep: (path) => (path.startsWith('broker/') ? 'plain' : 'secret') });
  expect(part.kept).toHaveLength(5);
  expect(await standing()).toBe('acl A');
  expect(await readFile(join(stick, 'lab/devices/meter-00000/client.key'), 'utf8')).toContain(' B');
});

it('counts whole clusters before it begins', async () => {
  const tight = { ...fs, space: async () => ({ free: 6 * 32_768, unit: 32_768 }) };
  await expect(write('A', { fs: tight })).rejects.toMatchObject({ code: 'EXPORT_NO_SPACE', params: { needed: 7 * 32_768 } });
  expect(await readdir(stick)).toEqual([]);
});

it.each(['makeFolder', 'create', 'syncFile', 'rename', 'read'] as const)(
  'leaves a whole export when it is pulled out at any %s, and the next try completes',
  async (operation) => {
    await write('A');
    let failures = 0;
    for (let at = 1; ; at++) {
      let seen = 0;
      let pulled = false;
      // from there on nothing answers any more, tidying up included
      const dying = Object.fromEntries(
        Object.entries(fs).map(([name, method]) => [
          name,
          async (...args: unknown[]) => {
            if (name === operation && ++seen === at) pulled = true;
            if (pulled) throw systemError('EIO', name, String(args[0]));
            return (method as (...all: unknown[]) => unknown)(...args);
          },
        ]),
      ) as unknown as typeof fs;
      const failure = await write('B', { fs: dying }).then(
        () => null,
        (error: unknown) => error,
      );
      if (!pulled) break;
      if (failure) {
        failures++;
        expect(failure).toMatchObject({ code: expect.stringMatching(/^EXPORT_(MEDIUM_GONE|VERIFY_FAILED)$/) });
      }
      // plugged in again: a whole export is there, or comes back as the first thing that is done
      await recoverExport(fs, exportPlace(stick, 'lab'));
      expect(['acl A', 'acl B']).toContain(await standing());
      expect(await write('B')).toMatchObject({ directory: join(stick, 'lab') });
      expect([await standing(), await readdir(stick), await isComplete(fs, join(stick, 'lab'))]).toEqual([
        'acl B',
        ['lab'],
        true,
      ]);
      await write('A');
    }
    expect(failures).toBeGreaterThan(0);
    expect(await standing()).toBe('acl B');
  },
);

it('refuses a folder with files of others, whatever their case', async () => {
  await write('A');
  await writeFile(join(stick, 'lab/NOTES.TXT'), 'mine');
  await expect(write('B')).rejects.toMatchObject({ code: 'EXPORT_FOREIGN_FILES', params: { files: ['NOTES.TXT'] } });
  expect(await readFile(join(stick, 'lab/broker/acl'), 'utf8')).toBe('acl A\n');
});
