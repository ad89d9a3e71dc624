import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { FieldkeyError } from '../../shared/errors.ts';
import type { VaultCopy } from '../../shared/model/vault.ts';
import { copyInSteps } from './copy-in-steps.ts';
import { type Database, guarded, storageError } from './database.ts';

/** How many copies are kept; an older one goes when a new one is complete. */
export const copiesKept = 3;

/**
 * Copies lie in a folder beside the vault, on its own medium: a vault that somebody keeps on a stick must not leave its
 * secrets on every computer it is used on. They help against damage, not against a lost stick; that is what a backup is for.
 */
export function copiesFolder(file: string): string {
  return `${file}.copies`;
}

/** The acts that are stored, without the mere unlocking: what tells whether there is something new to copy. */
export function actsOf(database: Database): number {
  return Number(database.prepare("SELECT count(*) FROM audit WHERE action <> 'vault.unlock'").pluck().get());
}

/**
 * The same a few milliseconds at a time, while acts go on: they are in the copy, which is one consistent state when it is
 * complete. Gives null also when the vault was closed meanwhile.
 */
export async function keepCopyInSteps(database: Database, file: string): Promise<string | null> {
  const target = () => join(copiesFolder(file), `${String(actsOf(database)).padStart(7, '0')}.fieldkey`);
  const unfinished = join(copiesFolder(file), 'copying.new');
  try {
    if (existsSync(target())) return null;
    mkdirSync(copiesFolder(file), { recursive: true, mode: 0o700 });
    rmSync(unfinished, { force: true });
    await copyInSteps(database, unfinished);
    const copy = target();
    renameSync(unfinished, copy);
    removeOldCopies(file);
    return copy;
  } catch {
    rmSync(unfinished, { force: true });
    return null;
  }
}

/**
 * Keeps a copy of a vault that was found sound, unless there is one of this state already. Gives its path, null when
 * none was needed or possible: a full or protected medium must not keep anybody from working or from locking.
 */
export function keepCopy(database: Database, file: string): string | null {
  try {
    const folder = copiesFolder(file);
    const copy = join(folder, `${String(actsOf(database)).padStart(7, '0')}.fieldkey`);
    if (existsSync(copy)) return null;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeCopy(database, copy);
    removeOldCopies(file);
    return copy;
  } catch {
    return null;
  }
}

function removeOldCopies(file: string): void {
  for (const old of soundCopies(file).slice(copiesKept)) rmSync(join(copiesFolder(file), old.name), { force: true });
}

/** Forgets all copies: they open with what has just been made invalid, an old passphrase for example. */
export function dropCopies(file: string): void {
  for (const { name } of soundCopies(file)) rmSync(join(copiesFolder(file), name), { force: true });
}

/** Forgets the copies that were made before the format changed. */
export function dropCopiesBeforeMigrations(file: string): void {
  for (const { name, kind } of listCopies(file)) if (kind === 'migration') rmSync(join(dirname(file), name), { force: true });
}

/**
 * Writes the whole database to another file (0600), as it is in this connection, in one consistent state; also when its
 * own file is gone. Under another name first, so that `target` is the old one or the whole new one.
 * @throws VAULT_FULL, VAULT_NOT_WRITABLE, VAULT_DAMAGED about `target`
 */
export function writeCopy(database: Database, target: string): void {
  const unfinished = `${target}.new`;
  try {
    rmSync(unfinished, { force: true });
    closeSync(openSync(unfinished, 'wx', 0o600));
    // SQLite fills an existing file only when it is empty
    database.prepare('VACUUM INTO ?').run(unfinished);
    flush(unfinished);
    renameSync(unfinished, target);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw storageError(target, error);
  }
}

/** The copies of a vault, the newest first; those before a migration too. */
export function listCopies(file: string): VaultCopy[] {
  const migrations = names(dirname(file))
    .filter((name) => name.startsWith(`${basename(file)}.before-v`) && !name.endsWith('-wal'))
    .flatMap((name) => described(dirname(file), name, 'migration'));
  return [...soundCopies(file), ...migrations].sort((a, b) => b.at - a.at);
}

/** Where a copy that `listCopies` named lies. @throws VAULT_NOT_FOUND */
export function copyPath(file: string, name: string): string {
  const copy = listCopies(file).find((known) => known.name === name);
  if (!copy) throw new FieldkeyError('VAULT_NOT_FOUND', { file: name });
  return join(copy.kind === 'sound' ? copiesFolder(file) : dirname(file), name);
}

/**
 * Puts a verified copy in the vault's place. What lies there is kept as `<file>.damaged-<time>`, its write-ahead log
 * with it: beside the copy it would be replayed into it. Gives the name it is kept under, null when there was none.
 * @throws VAULT_FULL, VAULT_NOT_WRITABLE
 */
export function putInPlace(file: string, copy: string, now: number): string | null {
  return guarded(file, () => {
    const unfinished = `${file}.restored`;
    rmSync(unfinished, { force: true });
    copyFileSync(copy, unfinished);
    chmodSync(unfinished, 0o600);
    flush(unfinished);
    const kept = moveAside(file, now);
    renameSync(unfinished, file);
    return kept;
  });
}

/**
 * Renames a vault file and what belongs to it. Gives the new name of the file itself, null when it is not there. The file
 * goes before its log: when this is cut off in between, there is no vault at its place, and not an older one without it.
 */
export function moveAside(file: string, now: number): string | null {
  const stamp = new Date(now).toISOString().slice(0, 19).replaceAll(':', '-');
  let kept = `${file}.damaged-${stamp}`;
  for (let more = 1; existsSync(kept) || existsSync(`${kept}-wal`); more++) kept = `${file}.damaged-${stamp}-${more}`;
  const there = existsSync(file);
  for (const end of ['', '-wal']) if (existsSync(file + end)) renameSync(file + end, kept + end);
  rmSync(`${file}-shm`, { force: true });
  return there ? kept : null;
}

function soundCopies(file: string): VaultCopy[] {
  const folder = copiesFolder(file);
  return names(folder)
    .filter((name) => /^\d+\.fieldkey$/.test(name))
    .flatMap((name) => described(folder, name, 'sound'))
    .sort((a, b) => b.at - a.at || b.name.localeCompare(a.name));
}

function described(folder: string, name: string, kind: VaultCopy['kind']): VaultCopy[] {
  try {
    const { mtimeMs, size } = statSync(join(folder, name));
    return [{ name, at: Math.round(mtimeMs), size, kind }];
  } catch {
    return [];
  }
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function flush(file: string): void {
  const descriptor = openSync(file, 'r+');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
