import { join } from 'node:path';
import { FieldkeyError } from '../../shared/errors.ts';
import type { ExportFile, ExportResult } from '../../shared/model/bundle.ts';
import type { JobControl } from '../../shared/model/job.ts';
import { eachConcurrently, fileConcurrency } from './concurrency.ts';
import { ExportPaths, isPortableName } from './export-path.ts';
import { SourceFailure, typedFailure } from './failures.ts';
import { type ExportFileSystem, listTree, nodeFileSystem } from './file-system.ts';
import { StepProgress } from './progress.ts';
import { Staging } from './staging.ts';
import {
  besideTarget,
  type ExportPlace,
  exportPlace,
  inspectTarget,
  recoverExport,
  renamePatiently,
  type Standing,
} from './standing-export.ts';
import { formatSums, sha256, sumsName } from './sums.ts';

export interface WriteExportInput {
  /** The folder that was asked for; it is made if it does not exist. */
  readonly parent: string;
  /** The project: name of the folder in it. */
  readonly name: string;
  /** May be a generator: of each file only path and hash are kept. */
  readonly files: Iterable<ExportFile> | AsyncIterable<ExportFile>;
  /** How much a generator will give, for progress and for the check of free space; a list is counted. */
  readonly expected?: { readonly files: number; readonly bytes: number } | undefined;
  /** Which files of the export that stands already stay beside the new ones, and whether they are secret; none by default. */
  readonly keep?: ((path: string) => 'secret' | 'plain' | null) | undefined;
  /** Runs once, after everything that can be told beforehand is right and before the first byte is written; an error stops it. */
  readonly onBegin?: (() => void) | undefined;
  /**
   * A file that tells of the writing itself (when, by whom). It is made right after `onBegin`, and SHA256SUMS covers it. Its content is no difference: an export that is otherwise the same stays as it is, with the file it has.
   */
  readonly stamp?: { readonly path: string; readonly make: () => Uint8Array } | undefined;
  readonly control?: JobControl | undefined;
  readonly fs?: ExportFileSystem | undefined;
}

/** What was written, and the paths of files that were kept of the export before. */
export interface WrittenExport extends ExportResult {
  readonly kept: readonly string[];
}

/** Exports that run in this process, by folder: a second one to the same place waits for the first. */
const running = new Map<string, Promise<unknown>>();

/**
 * Writes an export so that at any moment, also after a power cut, either the complete old one or the complete new one is
 * there: everything goes into a folder beside the target, is synchronised, moved into place and read back. Reading back goes
 * through the system's cache, so it proves what the system accepted, not what a worn stick will return tomorrow.
 *
 * An identical export is left as it is (`unchanged`). `files` and `bytes` of the result include SHA256SUMS. Between moving
 * the old export away and the new one in there is a moment with neither; the next run, or recoverExport, puts the
 * old one back. Cancelled, full, or pulled out: the old export is there as before.
 *
 * Throws EXPORT_FOREIGN_FILES, EXPORT_NOT_WRITABLE, EXPORT_READ_ONLY, EXPORT_MEDIUM_GONE, EXPORT_NO_SPACE, EXPORT_VERIFY_FAILED,
 * EXPORT_CANCELLED, and whatever the source of the files throws.
 */
export async function writeExport(input: WriteExportInput): Promise<WrittenExport> {
  if (!isPortableName(input.name)) throw new FieldkeyError('INTERNAL', { detail: `not a folder name: ${input.name}` });
  const place = exportPlace(input.parent, input.name);
  const before = running.get(place.target) ?? Promise.resolve();
  const mine = before.then(
    () => exportTo(place, input),
    () => exportTo(place, input),
  );
  running.set(place.target, mine);
  try {
    return await mine;
  } finally {
    if (running.get(place.target) === mine) running.delete(place.target);
  }
}

async function exportTo(place: ExportPlace, input: WriteExportInput): Promise<WrittenExport> {
  const fs = input.fs ?? nodeFileSystem;
  const expected = input.expected ?? count(input.files);
  const write = new StepProgress(input.control, 'write', expected.files + 1, place.target);
  const temporary = besideTarget(place, 'new');
  const staging = new Staging(fs, temporary, write);
  let needed = expected.bytes;
  try {
    write.check();
    await fs.ensureFolder(place.parent);
    await recoverExport(fs, place);
    const standing = await inspectTarget(fs, place, () => write.check());
    const fresh = await stage(fs, place, standing, staging, input, write, async () => {
      needed = await checkSpace(fs, place, input, expected);
      write.check();
      input.onBegin?.();
    });
    write.finish();
    const verify = new StepProgress(input.control, 'verify', fresh.hashes.size, place.target);
    if (!fresh.unchanged) await replace(fs, place, temporary, standing !== null, () => readBack(fs, place, fresh.hashes, verify));
    const { bytes, unchanged, kept } = fresh;
    return { directory: place.target, files: fresh.hashes.size, bytes, unchanged, kept };
  } catch (error) {
    // the reason is what counts; a stick that is gone cannot be tidied up, the next run does it
    await fs.remove(temporary).catch(() => undefined);
    if (error instanceof SourceFailure) throw error.cause;
    // of a generator it is only known how much there was until then
    throw await typedFailure(error, fs, place, Math.max(needed, staging.bytes));
  }
}

function count(files: WriteExportInput['files']): { files: number; bytes: number } {
  if (!Array.isArray(files)) return { files: 0, bytes: 0 };
  return { files: files.length, bytes: (files as readonly ExportFile[]).reduce((sum, file) => sum + file.content.length, 0) };
}

/** Files fill whole allocation units (32 kB on large FAT sticks), and so do their folders. */
async function checkSpace(
  fs: ExportFileSystem,
  place: ExportPlace,
  input: WriteExportInput,
  expected: { files: number; bytes: number },
): Promise<number> {
  const space = await fs.space(place.parent);
  if (space === null) return expected.bytes;
  const units = Array.isArray(input.files)
    ? (input.files as readonly ExportFile[]).reduce((sum, file) => sum + Math.ceil(file.content.length / space.unit), 0)
    : Math.ceil(expected.bytes / space.unit) + expected.files;
  const needed = units * space.unit;
  if (needed > space.free) throw new FieldkeyError('EXPORT_NO_SPACE', { directory: place.target, needed, free: space.free });
  return needed;
}

interface Staged {
  readonly unchanged: boolean;
  /** Hashes of all files, SHA256SUMS included. */
  readonly hashes: ReadonlyMap<string, string>;
  readonly bytes: number;
  readonly kept: readonly string[];
}

/**
 * Takes the files as they come. While they equal what stands already, nothing is written; the first difference opens the
 * staging folder, and what was equal is then copied from the standing export instead of being kept in memory.
 */
async function stage(
  fs: ExportFileSystem,
  place: ExportPlace,
  standing: Standing,
  staging: Staging,
  input: WriteExportInput,
  progress: StepProgress,
  beforeWriting: () => Promise<void>,
): Promise<Staged> {
  const paths = new ExportPaths();
  const { stamp } = input;
  if (stamp) paths.add(stamp.path);
  const equal = new Map<string, { readonly hash: string; readonly secret: boolean }>();
  let bytes = 0;
  let writing = false;
  const open = async () => {
    if (writing) return;
    writing = true;
    await beforeWriting();
    await staging.open();
    if (stamp) await staging.add({ path: stamp.path, content: stamp.make(), secret: false });
  };
  for await (const file of fromSource(input.files)) {
    progress.check();
    paths.add(file.path);
    bytes += file.content.length;
    const hash = standing === null ? null : sha256(file.content);
    if (hash !== null && standing?.get(file.path) === hash) {
      equal.set(file.path, { hash, secret: file.secret });
      continue;
    }
    await open();
    await staging.add(file);
  }
  const kept: string[] = [];
  for (const [path, hash] of standing ?? []) {
    const how = input.keep?.(path) ?? null;
    if (how === null || paths.has(path)) continue;
    paths.add(path);
    kept.push(path);
    equal.set(path, { hash, secret: how === 'secret' });
  }
  const standingStamp = stamp && standing?.get(stamp.path);
  const stampStands = standingStamp !== undefined ? 1 : 0;
  // one from before there were stamps gets its own
  if (!writing && standing !== null && (!stamp || stampStands) && equal.size + stampStands === standing.size) {
    const hashes = new Map([...equal].map(([path, { hash }]) => [path, hash]));
    if (stamp && standingStamp !== undefined) {
      hashes.set(stamp.path, standingStamp);
      bytes += (await fs.read(join(place.target, stamp.path))).length;
    }
    const sums = formatSums(hashes);
    const written = await fs.read(join(place.target, sumsName));
    // a list that names the same files in another form is written anew
    if (sha256(written) === sha256(sums)) {
      progress.add(hashes.size + 1);
      return { unchanged: true, hashes: hashes.set(sumsName, sha256(sums)), bytes: bytes + sums.length, kept };
    }
  }
  await open();
  for (const [path, { hash, secret }] of equal) await staging.add({ path, takeFrom: join(place.target, path), hash, secret });
  await staging.finish();
  const sums = sha256(formatSums(staging.hashes));
  return { unchanged: false, hashes: new Map(staging.hashes).set(sumsName, sums), bytes: staging.bytes, kept };
}

async function* fromSource(files: WriteExportInput['files']): AsyncGenerator<ExportFile> {
  try {
    yield* files;
  } catch (error) {
    throw new SourceFailure(error);
  }
}

/** Moves the new export into place and has it checked there. Whatever fails on the way, the old one comes back. */
async function replace(
  fs: ExportFileSystem,
  place: ExportPlace,
  temporary: string,
  hasOld: boolean,
  check: () => Promise<void>,
): Promise<void> {
  const old = besideTarget(place, 'old');
  if (hasOld) await renamePatiently(fs, place.target, old);
  try {
    await renamePatiently(fs, temporary, place.target);
    await fs.syncFolder(place.parent);
    await check();
  } catch (error) {
    // back under its temporary name, from where the caller removes it
    if ((await fs.kind(temporary).catch(() => null)) === null)
      await renamePatiently(fs, place.target, temporary).catch(() => undefined);
    if (hasOld) await renamePatiently(fs, old, place.target).catch(() => undefined);
    await fs.syncFolder(place.parent).catch(() => undefined);
    throw error;
  }
  // done is done: an old folder that cannot be removed now is removed by the next run
  if (hasOld) await fs.remove(old).catch(() => undefined);
}

async function readBack(
  fs: ExportFileSystem,
  place: ExportPlace,
  hashes: ReadonlyMap<string, string>,
  progress: StepProgress,
): Promise<void> {
  const wrong = (await listTree(fs, place.target)).files.filter((path) => !hashes.has(path));
  await eachConcurrently(hashes, fileConcurrency, async ([path, hash]) => {
    progress.check();
    const content = await fs.read(join(place.target, path)).catch((error: unknown) => {
      // names one file that is missing; a medium that is gone as a whole is another matter
      if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EIO')) return null;
      throw error;
    });
    if (content === null || sha256(content) !== hash) wrong.push(path);
    progress.add(1);
  });
  progress.finish();
  if (wrong.length > 0)
    throw new FieldkeyError('EXPORT_VERIFY_FAILED', { directory: place.target, files: wrong.sort().slice(0, 5) });
}
