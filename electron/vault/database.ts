import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import Sqlite from 'better-sqlite3';
import { FieldkeyError } from '../../shared/errors.ts';

export type Database = Sqlite.Database;
export type SqlValue = number | string | Buffer | null;

/** "FKvt" in SQLite's application_id: tells a vault from any other database. */
export const applicationId = 0x464b7674;

/**
 * Opens the database file of a vault, alone: a second program on the same file is refused.
 *
 * EXCLUSIVE locking holds the operating system's lock until close or death, on every platform, and needs no lock file
 * that a crash would leave behind. N.B. POSIX drops all locks of a process when it closes *any* descriptor of the
 * file, so nothing in this process may open the vault file by itself while it is open here: copies go through SQLite.
 *
 * @throws VAULT_NOT_FOUND, VAULT_NOT_A_VAULT, VAULT_IN_USE, VAULT_NOT_WRITABLE, VAULT_DAMAGED
 */
export function openDatabase(file: string): Database {
  if (!existsSync(file)) throw new FieldkeyError('VAULT_NOT_FOUND', { file });
  return guarded(file, () => {
    const database = new Sqlite(file, { fileMustExist: true, timeout: 500 });
    try {
      database.pragma('locking_mode = EXCLUSIVE');
      // the first read takes the lock
      const id = database.pragma('application_id', { simple: true });
      if (id !== applicationId) throw new FieldkeyError('VAULT_NOT_A_VAULT', { file });
      prepare(database);
      // a protected file opens, and refuses only the first write: ask now, while there is another way to open it
      database.exec('BEGIN IMMEDIATE; ROLLBACK');
      claim(file);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  });
}

/**
 * Makes an empty database file, readable by its owner only (0600; SQLite gives -wal the same mode).
 * @throws VAULT_EXISTS, VAULT_NOT_WRITABLE
 */
export function createDatabase(file: string): Database {
  return guarded(file, () => {
    try {
      // O_EXCL: never over an existing file, not even one that appeared just now
      closeSync(openSync(file, 'wx', 0o600));
    } catch (error) {
      if (errorCode(error) === 'EEXIST') throw new FieldkeyError('VAULT_EXISTS', { file });
      throw error;
    }
    const database = new Sqlite(file, { fileMustExist: true });
    database.pragma('locking_mode = EXCLUSIVE');
    database.pragma(`application_id = ${applicationId}`);
    prepare(database);
    claim(file);
    return database;
  });
}

function prepare(database: Database): void {
  database.pragma('journal_mode = WAL');
  // FULL: what was acknowledged survives a power cut, not only a crash of the program
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  database.pragma('trusted_schema = OFF');
  database.pragma('cell_size_check = ON');
  // overwritten content (a forgotten key) is zeroed in the file
  database.pragma('secure_delete = ON');
}

/** Closes and withdraws the notice of who holds the vault. */
export function closeDatabase(database: Database): void {
  const file = database.name;
  database.close();
  if (database.memory) return;
  try {
    rmSync(ownerFile(file), { force: true });
  } catch {
    // a virus scanner may hold the notice; it says nothing once the lock is gone
  }
}

/** Runs something on the database and turns SQLite's and the file system's errors into ours. */
export function guarded<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw storageError(file, error);
  }
}

export function storageError(file: string, error: unknown): unknown {
  const code = errorCode(error);
  const reason = error instanceof Error ? error.message : String(error);
  if (code === 'SQLITE_FULL' || code === 'ENOSPC') return new FieldkeyError('VAULT_FULL', { file }, error);
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return new FieldkeyError('VAULT_IN_USE', { file, ...holder(file) }, error);
  }
  if (code === 'SQLITE_NOTADB') return new FieldkeyError('VAULT_NOT_A_VAULT', { file }, error);
  // a statement of ours fails on a schema that is not ours any more
  const changed =
    code === 'SQLITE_ERROR' && /^no such |has no column|foreign key mismatch|unknown function|malformed/.test(reason);
  if (changed || code.startsWith('SQLITE_CORRUPT')) return new FieldkeyError('VAULT_DAMAGED', { file, detail: reason }, error);
  if (/^(SQLITE_(READONLY|CANTOPEN|IOERR|PERM)|EACCES|EPERM|EROFS|ENOENT|ENOTDIR|EISDIR)/.test(code)) {
    return new FieldkeyError('VAULT_NOT_WRITABLE', { file, reason: `${reason} (${code})` }, error);
  }
  return error;
}

/**
 * What somebody is told of an error that nobody foresaw, in an act on an open vault. Whatever fails on a file that is known to
 * be damaged fails because of that, and where SQLite itself cannot read, the file is damaged. `detail`: what is known to be
 * wrong with it, or null.
 */
export function vaultError(file: string, detail: string | null, error: unknown): unknown {
  if (error instanceof FieldkeyError) return error;
  if (errorCode(error).startsWith('SQLITE_')) return storageError(file, error);
  return detail === null ? error : new FieldkeyError('VAULT_DAMAGED', { file, detail }, error);
}

function errorCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

/** Beside the vault: who has it open. Only for the sentence in VAULT_IN_USE; the lock itself is SQLite's. */
function ownerFile(file: string): string {
  return `${file}.open`;
}

function claim(file: string): void {
  try {
    writeFileSync(ownerFile(file), `${process.pid} ${hostname()} ${new Date().toISOString()}\n`, { mode: 0o600 });
  } catch {
    // a notice is a courtesy; the vault works without
  }
}

/** Unknown parts are `?`. */
function holder(file: string): { pid: string; host: string; since: string } {
  try {
    const [pid = '?', host = '?', since = '?'] = readFileSync(ownerFile(file), 'utf8').trim().split(' ');
    return { pid, host, since };
  } catch {
    return { pid: '?', host: '?', since: '?' };
  }
}
