import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { FieldkeyError } from '../../shared/errors.ts';
import { eachConcurrently, fileConcurrency } from './concurrency.ts';
import { systemCode } from './failures.ts';
import { type ExportFileSystem, listTree } from './file-system.ts';
import { parseSums, sha256, sumsName } from './sums.ts';

/** Where one project's export lives, and the names beside it that only this program makes. */
export interface ExportPlace {
  readonly parent: string;
  readonly name: string;
  readonly target: string;
}

export function exportPlace(parent: string, name: string): ExportPlace {
  return { parent, name, target: join(parent, name) };
}

/** A new name beside the target: on the same volume, hidden on POSIX, 64 random bits. */
export function besideTarget(place: ExportPlace, what: 'new' | 'old'): string {
  return join(place.parent, `.fieldkey-${what}-${place.name}-${randomBytes(8).toString('hex')}`);
}

/** What is in the folder that an export would replace: nothing, or exactly what its own list of hashes says. */
export type Standing = ReadonlyMap<string, string> | null;

const namedAtMost = 5;

/**
 * Reads what stands at the target. Only a folder in which every file is listed in its own SHA256SUMS, with that hash, was
 * made by us and is unchanged since, and may be replaced; for everything else EXPORT_FOREIGN_FILES names up to five.
 */
export async function inspectTarget(fs: ExportFileSystem, place: ExportPlace, check: () => void): Promise<Standing> {
  const kind = await fs.kind(place.target);
  if (kind === null) return null;
  const found =
    kind === 'folder'
      ? await readStanding(fs, place.target, check)
      : { hashes: new Map<string, string>(), foreign: [place.name] };
  if (found.foreign.length > 0) {
    throw new FieldkeyError('EXPORT_FOREIGN_FILES', { directory: place.target, files: found.foreign.slice(0, namedAtMost) });
  }
  return found.hashes;
}

async function readStanding(
  fs: ExportFileSystem,
  folder: string,
  check: () => void,
): Promise<{ hashes: Map<string, string>; foreign: string[] }> {
  const tree = await listTree(fs, folder);
  const files = tree.files.filter((path) => path !== sumsName);
  const listed = tree.files.includes(sumsName) ? parseSums(await fs.read(join(folder, sumsName))) : null;
  if (listed === null) return { hashes: new Map(), foreign: [...tree.others, ...tree.files].sort() };
  const hashes = new Map<string, string>();
  const foreign = [...tree.others];
  await eachConcurrently(files, fileConcurrency, async (path) => {
    check();
    const hash = sha256(await fs.read(join(folder, path)));
    if (listed.get(path) === hash) hashes.set(path, hash);
    else foreign.push(path);
  });
  return { hashes, foreign: foreign.sort() };
}

/** True when the folder holds every file of its list with the right content, and no other. */
export async function isComplete(fs: ExportFileSystem, folder: string): Promise<boolean> {
  const { hashes, foreign } = await readStanding(fs, folder, () => undefined);
  const listed = foreign.length === 0 && hashes.size > 0 ? parseSums(await fs.read(join(folder, sumsName))) : null;
  return listed !== null && listed.size === hashes.size;
}

/** Folders beside the target that a killed run left, by the exact form of their names. */
async function leftovers(fs: ExportFileSystem, place: ExportPlace): Promise<{ new: string[]; old: string[] }> {
  const form = new RegExp(`^\\.fieldkey-(new|old)-${place.name.replaceAll('.', '\\.')}-[0-9a-f]{16}$`);
  const found = { new: [] as string[], old: [] as string[] };
  for (const entry of await fs.list(place.parent)) {
    const what = entry.kind === 'folder' ? form.exec(entry.name)?.[1] : undefined;
    if (what === 'new' || what === 'old') found[what].push(join(place.parent, entry.name));
  }
  return found;
}

/**
 * Puts right what a run left that was killed: unfinished new folders are removed; where the old export had been moved away
 * and the new one never came, the old one comes back. An old folder goes only once a complete export stands at the target.
 */
export async function recoverExport(fs: ExportFileSystem, place: ExportPlace): Promise<void> {
  const left = await leftovers(fs, place);
  for (const old of left.old) {
    if ((await fs.kind(place.target)) === null && (await isComplete(fs, old))) {
      await renamePatiently(fs, old, place.target);
      await fs.syncFolder(place.parent);
    } else if ((await fs.kind(place.target)) === 'folder' && (await isComplete(fs, place.target))) await fs.remove(old);
  }
  for (const unfinished of left.new) await fs.remove(unfinished);
}

/** On Windows a virus scanner or the indexer holds new files open for moments, and a folder with open files cannot be renamed. */
const passing = new Set(['EPERM', 'EBUSY', 'EACCES']);
const pauses = [20, 50, 100, 200, 400, 800];

/** Renames, again after a growing pause where the reason may pass by itself; after 1.6 s the error stands. */
export async function renamePatiently(fs: ExportFileSystem, from: string, to: string): Promise<void> {
  for (const pause of pauses) {
    try {
      return await fs.rename(from, to);
    } catch (error) {
      if (!passing.has(systemCode(error) ?? '')) throw error;
      await wait(pause);
    }
  }
  await fs.rename(from, to);
}
