import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { FieldkeyError } from '../../shared/errors.ts';
import { applicationId, type Database, guarded } from './database.ts';

/**
 * A vault file in memory, for reading: works from media that cannot be written (SQLite's write-ahead log needs to), and
 * leaves a damaged file exactly as it is. A log left behind by a crash is taken in. Nothing is ever written back.
 *
 * N.B. only for files that this process does not have open (see `openDatabase`).
 * @throws VAULT_NOT_FOUND, VAULT_NOT_A_VAULT, VAULT_IN_USE, VAULT_NOT_WRITABLE when it cannot even be read, VAULT_DAMAGED
 */
export function openImage(file: string): Database {
  if (!existsSync(file)) throw new FieldkeyError('VAULT_NOT_FOUND', { file });
  return guarded(file, () => {
    refuseWhileWritten(file);
    return imageOf(file, completeBytes(file));
  });
}

/** The bytes of a vault file as a database in memory. @throws as `openImage` */
export function imageOf(file: string, bytes: Buffer): Database {
  return guarded(file, () => {
    // bytes 18 and 19 say "write-ahead log" (file format §1.3.3), which a database in memory cannot have
    if (bytes.length >= 100 && bytes[18] === 2) bytes.fill(1, 18, 20);
    const database = new Sqlite(bytes);
    try {
      if (database.pragma('application_id', { simple: true }) !== applicationId)
        throw new FieldkeyError('VAULT_NOT_A_VAULT', { file });
      database.pragma('trusted_schema = OFF');
      database.pragma('cell_size_check = ON');
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  });
}

/** Another program that has the file open holds SQLite's lock; bytes read meanwhile could be half of a change. */
function refuseWhileWritten(file: string): void {
  let probe: Database | undefined;
  try {
    probe = new Sqlite(file, { readonly: true, fileMustExist: true, timeout: 500 });
    probe.pragma('schema_version');
  } catch (error) {
    // whatever else is wrong shows when the bytes are read
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY')) throw error;
  } finally {
    probe?.close();
  }
}

function completeBytes(file: string): Buffer {
  const log = `${file}-wal`;
  if (!existsSync(log) || statSync(log).size === 0) return readFileSync(file);
  const folder = mkdtempSync(join(tmpdir(), 'fieldkey-read-'));
  try {
    const copy = join(folder, 'vault');
    copyFileSync(file, copy);
    copyFileSync(log, `${copy}-wal`);
    const database = new Sqlite(copy);
    try {
      database.pragma('wal_checkpoint(TRUNCATE)');
    } finally {
      database.close();
    }
    return readFileSync(copy);
  } catch {
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * What SQLite finds wrong with the pages, their cells and the indexes; null = nothing. The quick check would leave out the
 * indexes, and one that was changed from outside hides rows from whoever looks them up. A vault of 100,000 devices takes half a
 * second, less than the key does meanwhile.
 */
export function pageProblem(database: Database): string | null {
  try {
    const [first] = database.pragma('integrity_check(1)') as { integrity_check: string }[];
    if (first?.integrity_check === 'ok') return null;
    return first?.integrity_check.replaceAll(/\s+/g, ' ').trim() ?? 'the check gave no answer';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
