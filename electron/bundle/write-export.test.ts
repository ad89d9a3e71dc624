import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ExportFile } from '../../shared/model/bundle.ts';
import type { JobProgress } from '../../shared/model/job.ts';
import { nodeFileSystem } from './file-system.ts';
import { disturbed, systemError } from './testing/disturbed.ts';
import { sampleExport } from './testing/sample-export.ts';
import { writeExport } from './write-export.ts';

const run = promisify(execFile);
let parent: string;
let target: string;

beforeEach(async () => {
  parent = join(await mkdtemp(join(tmpdir(), 'fieldkey-export-')), 'stick');
  target = join(parent, 'lab');
});
afterEach(() => rm(join(parent, '..'), { recursive: true, force: true }));

const files = (version = 'A', devices = 3): ExportFile[] => [...sampleExport(version, devices)];
const write = (version = 'A', more: Partial<Parameters<typeof writeExport>[0]> = {}) =>
  writeExport({ parent, name: 'lab', files: files(version), ...more });
const aclOf = () => readFile(join(target, 'broker/acl'), 'utf8');
/** Nothing but the export itself may remain beside it. */
const besides = async () => (await readdir(parent)).filter((name) => name !== 'lab');
const checkedBySha256sum = () => run('sha256sum', ['-c', '--strict', '--quiet', 'SHA256SUMS'], { cwd: target });

describe('a first export', () => {
  it('makes the folder, and sha256sum agrees with its list', async () => {
    const result = await write();
    expect(result).toEqual({ directory: target, files: 8, bytes: expect.any(Number), unchanged: false, kept: [] });
    await checkedBySha256sum();
    const sums = (await readFile(join(target, 'SHA256SUMS'), 'utf8')).split('\n');
    expect(sums).toHaveLength(8);
    expect(sums.slice(0, 7)).toEqual([...sums.slice(0, 7)].sort((a, b) => (a.slice(66) < b.slice(66) ? -1 : 1)));
    expect(await besides()).toEqual([]);
  });

  it('stamps what it writes, and takes the stamp for no difference', async () => {
    let made = 0;
    const stamp = { path: 'AUDIT.txt', make: () => new TextEncoder().encode(`stamp ${++made}\n`) };
    const stamped = () => readFile(join(target, 'AUDIT.txt'), 'utf8');
    // an export from before there were stamps
    await write();
    const first = await write('A', { stamp });
    expect(first).toMatchObject({ files: 9, unchanged: false });
    await checkedBySha256sum();
    expect(await stamped()).toBe('stamp 1\n');
    expect(await write('A', { stamp, keep: () => 'plain' })).toEqual({ ...first, unchanged: true });
    expect(await stamped()).toBe('stamp 1\n');
    expect(made).toBe(1);
    expect(await write('B', { stamp })).toMatchObject({ files: 9, unchanged: false });
    expect(await stamped()).toBe('stamp 2\n');
    await checkedBySha256sum();
    // a stamp that somebody wrote on is no longer ours
    await writeFile(join(target, 'AUDIT.txt'), 'mine\n');
    await expect(write('B', { stamp })).rejects.toMatchObject({ code: 'EXPORT_FOREIGN_FILES', params: { files: ['AUDIT.txt'] } });
  });

  it('gives secrets and folders to their owner alone', async () => {
    await write();
    const mode = async (path: string) => ((await stat(join(target, path))).mode & 0o777).toString(8);
    expect(await mode('.')).toBe('700');
    expect(await mode('devices/meter-00000')).toBe('700');
    expect(await mode('devices/meter-00000/client.key')).toBe('600');
    expect(await mode('devices/meter-00000/mqtt.json')).toBe('644');
    expect(await mode('SHA256SUMS')).toBe('644');
  });

  it('takes files from a generator as they come, and passes its errors on as they are', async () => {
    await writeExport({ parent, name: 'lab', files: sampleExport('A', 3) });
    await checkedBySha256sum();
    const failing = async function* () {
      yield* sampleExport('B', 1);
      throw systemError('EIO', 'read', 'the vault');
    };
    await expect(write('B', { files: failing() })).rejects.toMatchObject({ code: 'EIO' });
    expect(await aclOf()).toBe('acl A\n');
    expect(await besides()).toEqual([]);
  });

  it('synchronises every file and every folder before anything is moved', async () => {
    const fs = disturbed(() => undefined);
    await write('A', { fs });
    const moved = fs.calls.findIndex((call) => call.startsWith('rename'));
    const before = fs.calls.slice(0, moved);
    const made = before.filter((call) => call.startsWith('create ')).map((call) => call.slice(7));
    const folders = before.filter((call) => call.startsWith('makeFolder ')).map((call) => call.slice(11));
    expect(made).toHaveLength(8);
    expect(made.at(-1)).toMatch(/SHA256SUMS$/);
    expect(folders).toHaveLength(6);
    for (const path of made) expect(before).toContain(`syncFile ${path}`);
    for (const path of folders) expect(before).toContain(`syncFolder ${path}`);
    expect(fs.calls.slice(moved)).toContain(`syncFolder ${parent}`);
  });

  it('refuses paths that are not relative, portable and different on every file system', async () => {
    const one = (path: string) => write('A', { files: [{ path, content: new Uint8Array(1), secret: false }] });
    const bad = ['../x', '/x', 'a\\b', 'a//b', './a', 'con', 'a/NUL.txt', 'a.', 'ü', 'a b', '', 'SHA256SUMS', 'sha256sums'];
    for (const path of bad) await expect(one(path), path).rejects.toMatchObject({ code: 'INTERNAL' });
    const twice = ['a', 'A'].map((path) => ({ path, content: new Uint8Array(1), secret: false }));
    await expect(write('A', { files: twice })).rejects.toMatchObject({ code: 'INTERNAL' });
    await expect(write('A', { name: '..' })).rejects.toMatchObject({ code: 'INTERNAL' });
    expect(await besides()).toEqual([]);
  });
});

describe('an export over another one', () => {
  beforeEach(() => write('A'));

  it('writes nothing when nothing changed', async () => {
    const fs = disturbed(() => undefined);
    expect(await write('A', { fs })).toMatchObject({ unchanged: true, files: 8 });
    expect(fs.calls.filter((call) => /^(create|makeFolder|rename|remove|sync)/.test(call))).toEqual([]);
  });

  it('replaces it as a whole', async () => {
    expect(await write('B')).toMatchObject({ unchanged: false });
    expect(await aclOf()).toBe('acl B\n');
    await checkedBySha256sum();
    expect(await besides()).toEqual([]);
  });

  it('adds, drops and keeps files; those that stay are taken over with their modes', async () => {
    const [acl, key, ...rest] = files('A');
    const fresh: ExportFile = { path: 'devices/new/client.key', content: new Uint8Array([1]), secret: true };
    await write('A', { files: [acl, key, ...rest.slice(1), fresh] as ExportFile[] });
    await checkedBySha256sum();
    expect(await readFile(join(target, 'devices/new/client.key'))).toEqual(Buffer.from([1]));
    await expect(stat(join(target, rest[0]?.path ?? ''))).rejects.toThrow('ENOENT');
    expect((await stat(join(target, key?.path ?? ''))).mode & 0o777).toBe(0o600);
  });

  it.each<[string, () => Promise<void>, string[]]>([
    ['a foreign file', () => writeFile(join(target, 'notes.txt'), 'mine'), ['notes.txt']],
    ['a changed file', () => writeFile(join(target, 'broker/acl'), 'edited'), ['broker/acl']],
    ['a link', () => symlink('/etc/hostname', join(target, 'devices/link')), ['devices/link']],
    [
      'no list',
      () => rm(join(target, 'SHA256SUMS')),
      [
        'broker/acl',
        'devices/meter-00000/client.key',
        'devices/meter-00000/mqtt.json',
        'devices/meter-00001/client.key',
        'devices/meter-00001/mqtt.json',
      ],
    ],
    [
      'a list that is none',
      () => writeFile(join(target, 'SHA256SUMS'), 'hello'),
      expect.arrayContaining(['broker/acl']) as unknown as string[],
    ],
  ])('touches nothing where it finds %s', async (_what, disturb, named) => {
    await disturb();
    await expect(write('B')).rejects.toMatchObject({ code: 'EXPORT_FOREIGN_FILES', params: { directory: target, files: named } });
    expect(await aclOf()).toMatch(/^(acl A\n|edited)$/);
    expect(await besides()).toEqual([]);
  });

  it('does not take a file or a link for a folder of its own', async () => {
    await rename(target, join(parent, 'elsewhere'));
    await symlink(join(parent, 'elsewhere'), target);
    await expect(write('B')).rejects.toMatchObject({ code: 'EXPORT_FOREIGN_FILES', params: { files: ['lab'] } });
    await rm(target);
    await writeFile(target, 'a file');
    await expect(write('B')).rejects.toMatchObject({ code: 'EXPORT_FOREIGN_FILES', params: { files: ['lab'] } });
  });

  it('does not mind what operating systems leave on sticks', async () => {
    await writeFile(join(target, '.DS_Store'), 'x');
    await writeFile(join(target, 'devices/._meter-00000'), 'x');
    expect(await write('A')).toMatchObject({ unchanged: true });
    expect(await write('B')).toMatchObject({ unchanged: false });
  });

  it('repairs an export from which files were deleted', async () => {
    await rm(join(target, 'devices'), { recursive: true });
    expect(await write('A')).toMatchObject({ unchanged: false });
    await checkedBySha256sum();
  });
});

describe('when the medium fails', () => {
  beforeEach(() => write('A'));
  const oldIsThere = async () => {
    expect(await aclOf()).toBe('acl A\n');
    await checkedBySha256sum();
    expect(await besides()).toEqual([]);
  };

  it.each([
    ['ENOSPC', 'create', 'EXPORT_NO_SPACE'],
    ['EDQUOT', 'syncFile', 'EXPORT_NO_SPACE'],
    ['EROFS', 'makeFolder', 'EXPORT_READ_ONLY'],
    ['EACCES', 'create', 'EXPORT_NOT_WRITABLE'],
    ['ENOENT', 'create', 'EXPORT_MEDIUM_GONE'],
    ['EIO', 'syncFolder', 'EXPORT_MEDIUM_GONE'],
  ] as const)('%s in %s gives %s and leaves the old export', async (code, operation, expected) => {
    let seen = 0;
    const fs = disturbed((name, path) => {
      // not at once: in the middle
      if (name === operation && ++seen === (operation === 'makeFolder' ? 1 : 2)) throw systemError(code, name, path);
    });
    await expect(write('B', { fs })).rejects.toMatchObject({ code: expected, params: { directory: target } });
    expect(seen).toBeGreaterThan(0);
    await oldIsThere();
  });

  it.each(['1st', '2nd'])('puts the old export back when the %s renaming fails', async (which) => {
    let seen = 0;
    const fs = disturbed((name, path) => {
      if (name === 'rename' && ++seen === Number(which[0])) throw systemError('EIO', name, path);
    });
    await expect(write('B', { fs })).rejects.toMatchObject({ code: 'EXPORT_MEDIUM_GONE', params: { reason: 'EIO' } });
    await oldIsThere();
  });

  it('tries again when a virus scanner holds a file', async () => {
    let seen = 0;
    const fs = disturbed((name, path) => {
      if (name === 'rename' && ++seen <= 3) throw systemError(seen === 2 ? 'EBUSY' : 'EPERM', name, path);
    });
    expect(await write('B', { fs })).toMatchObject({ unchanged: false });
    expect(await aclOf()).toBe('acl B\n');
  });

  it('never calls done what does not read back, and puts the old export back', async () => {
    let replaced = false;
    const fs = disturbed(async (name, path) => {
      if (name === 'syncFolder' && path === parent && !replaced) {
        replaced = true;
        await writeFile(join(target, 'devices/meter-00001/client.key'), 'bit rot');
        await rm(join(target, 'devices/meter-00002/mqtt.json'));
        await writeFile(join(target, 'devices/stray'), 'x');
      }
    });
    await expect(write('B', { fs })).rejects.toMatchObject({
      code: 'EXPORT_VERIFY_FAILED',
      params: { files: ['devices/meter-00001/client.key', 'devices/meter-00002/mqtt.json', 'devices/stray'] },
    });
    await oldIsThere();
  });

  it('leaves no half first export either', async () => {
    const fs = disturbed(async (name, path) => {
      if (name === 'syncFolder' && path === parent) await writeFile(join(parent, 'new/broker/acl'), 'bit rot');
    });
    await expect(write('B', { name: 'new', fs })).rejects.toMatchObject({ code: 'EXPORT_VERIFY_FAILED' });
    await oldIsThere();
  });

  it('does not write into the mount point of a stick that was pulled out', async () => {
    const away = `${parent}-pulled`;
    let seen = 0;
    const fs = disturbed(async (name) => {
      if (name === 'create' && ++seen === 3) {
        await rename(parent, away);
        await mkdir(parent);
      }
    });
    await expect(write('B', { fs })).rejects.toMatchObject({ code: 'EXPORT_MEDIUM_GONE', params: { reason: 'ENOENT' } });
    expect(await readdir(parent)).toEqual([]);
    // plugged in again: the next run tidies up
    await rm(parent, { recursive: true });
    await rename(away, parent);
    expect(await besides()).toHaveLength(1);
    await write('A');
    await oldIsThere();
  });

  it('asks for room before it writes', async () => {
    const fs = { ...nodeFileSystem, space: async () => ({ free: 8 * 32_768, unit: 32_768 }) };
    expect(await write('B', { fs })).toMatchObject({ unchanged: false });
    const tight = { ...nodeFileSystem, space: async () => ({ free: 6 * 32_768, unit: 32_768 }) };
    await expect(write('A', { fs: tight })).rejects.toMatchObject({
      code: 'EXPORT_NO_SPACE',
      params: { needed: 7 * 32_768, free: 6 * 32_768 },
    });
    // an identical export needs none
    expect(await write('B', { fs: tight })).toMatchObject({ unchanged: true });
    expect(await besides()).toEqual([]);
  });

  it('says when the folder cannot be made', async () => {
    await writeFile(join(parent, 'file'), 'x');
    await expect(writeExport({ parent: join(parent, 'file/below'), name: 'lab', files: files() })).rejects.toMatchObject({
      code: 'EXPORT_NOT_WRITABLE',
      params: { reason: 'ENOTDIR' },
    });
  });
});

describe('a run that was killed before', () => {
  const hex = '0123456789abcdef';

  it('leaves nothing behind that the next run does not remove, and nothing else is touched', async () => {
    await write('A');
    await mkdir(join(parent, `.fieldkey-new-lab-${hex}/devices`), { recursive: true });
    await mkdir(join(parent, `.fieldkey-old-lab-${hex}/devices`), { recursive: true });
    const others = [`.fieldkey-new-lab-2-${hex}`, '.fieldkey-new-lab-mine', `.fieldkey-new-other-${hex}`, 'labor'];
    for (const name of others) await mkdir(join(parent, name));
    expect(await write('A')).toMatchObject({ unchanged: true });
    expect((await besides()).sort()).toEqual([...others].sort());
  });

  it('puts the old export back when the new one never came', async () => {
    await write('A');
    await rename(target, join(parent, `.fieldkey-old-lab-${hex}`));
    await mkdir(join(parent, `.fieldkey-new-lab-${hex}`));
    const failing = async function* () {
      yield* [] as ExportFile[];
      throw new Error('no new one this time either');
    };
    await expect(write('B', { files: failing() })).rejects.toThrow('no new one');
    expect(await aclOf()).toBe('acl A\n');
    expect(await besides()).toEqual([]);
  });

  it('keeps the old export as long as the one at the target is damaged', async () => {
    await write('A');
    await rename(target, join(parent, `.fieldkey-old-lab-${hex}`));
    await writeExport({ parent, name: 'other', files: files('B') });
    await rename(join(parent, 'other'), target);
    await writeFile(join(target, 'broker/acl'), 'bit rot');
    await expect(write('B')).rejects.toMatchObject({ code: 'EXPORT_FOREIGN_FILES' });
    expect(await besides()).toEqual([`.fieldkey-old-lab-${hex}`]);
  });
});

describe('as a job', () => {
  it('reports both steps, at most ten times a second, and ends each with all of it', async () => {
    const seen: (JobProgress & { at: number })[] = [];
    const onProgress = (progress: JobProgress) => void seen.push({ ...progress, at: performance.now() });
    await write('A', { files: files('A', 400), control: { onProgress } });
    expect(seen.filter((p) => p.step === 'write').at(-1)).toMatchObject({ done: 802, total: 802 });
    expect(seen.filter((p) => p.step === 'verify').at(-1)).toMatchObject({ done: 802, total: 802 });
    for (const { at } of seen) expect(seen.filter((p) => p.at >= at && p.at < at + 1_000).length).toBeLessThanOrEqual(11);
  });

  it.each(['write', 'verify'] as const)('can be cancelled while it does %s', async (step) => {
    await write('A');
    const stop = new AbortController();
    const onProgress = (progress: JobProgress) => {
      if (progress.step === step) stop.abort();
    };
    const cancelled = write('B', { files: files('B', 400), control: { signal: stop.signal, onProgress } });
    await expect(cancelled).rejects.toMatchObject({ code: 'EXPORT_CANCELLED' });
    expect(await aclOf()).toBe('acl A\n');
    expect(await besides()).toEqual([]);
  });

  it('lets a second export to the same place wait for the first', async () => {
    const [first, second, third] = await Promise.all([write('A'), write('B'), write('B')]);
    expect([first, second, third].map((result) => result.unchanged)).toEqual([false, false, true]);
    expect(await besides()).toEqual([]);
  });
});
