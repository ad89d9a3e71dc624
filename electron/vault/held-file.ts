import { statSync } from 'node:fs';
import { FieldkeyError } from '../../shared/errors.ts';
import { closeDatabase, type Database, openDatabase, storageError } from './database.ts';
import { imageOf, openImage } from './image.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations.ts';
import type { WriteTrouble } from './session.ts';
import type { VaultOptions } from './vault-options.ts';

const forReading: WriteTrouble = { kind: 'protected', reason: 'it was opened for reading' };

/**
 * A vault file held alone by this process until `close`, or an image of one in memory that is never written back; and what
 * has become of it since.
 */
export class HeldFile {
  readonly file: string;
  /** Where the copy made before a migration lies; null when none was needed. */
  readonly copyBeforeMigration: string | null;
  #database: Database;
  readonly #options: VaultOptions;
  /** Device and inode of the file when it was opened. */
  readonly #identity: string;
  #trouble: WriteTrouble | null;

  private constructor(
    file: string,
    database: Database,
    options: VaultOptions,
    more: { readonly copyBeforeMigration?: string | null; readonly trouble?: WriteTrouble } = {},
  ) {
    this.file = file;
    this.#database = database;
    this.#options = options;
    this.#identity = identityOf(file);
    this.#trouble = more.trouble ?? null;
    this.copyBeforeMigration = more.copyBeforeMigration ?? null;
  }

  /** Takes the file, and migrates it; one that cannot be written is read instead. @throws as `Vault.open` */
  static open(file: string, options: VaultOptions): HeldFile {
    let database: Database;
    try {
      database = openDatabase(file);
    } catch (error) {
      if (!(error instanceof FieldkeyError && error.code === 'VAULT_NOT_WRITABLE')) throw error;
      return HeldFile.read(file, options, { kind: 'protected', reason: String(error.params.reason) });
    }
    try {
      const copyBeforeMigration = migrate(database, options.migrations ?? migrations, (options.now ?? Date.now)());
      return new HeldFile(file, database, options, { copyBeforeMigration });
    } catch (error) {
      closeDatabase(database);
      throw error;
    }
  }

  /** Reads the file into memory without touching it, brought to the newest format there. @throws as `Vault.open` */
  static read(file: string, options: VaultOptions, trouble: WriteTrouble = forReading): HeldFile {
    return HeldFile.#ofImage(file, openImage(file), options, trouble);
  }

  /** As `read`, of bytes that never were a file here; `name` stands in errors. */
  static readBytes(name: string, bytes: Buffer, options: VaultOptions): HeldFile {
    return HeldFile.#ofImage(name, imageOf(name, bytes), options, forReading);
  }

  static #ofImage(file: string, database: Database, options: VaultOptions, trouble: WriteTrouble): HeldFile {
    try {
      migrate(database, options.migrations ?? migrations, (options.now ?? Date.now)());
      database.pragma('query_only = ON');
      return new HeldFile(file, database, options, { trouble });
    } catch (error) {
      closeDatabase(database);
      throw storageError(file, error);
    }
  }

  get database(): Database {
    return this.#database;
  }

  /** Why nothing may be written; null = it may. */
  get trouble(): WriteTrouble | null {
    return this.#trouble;
  }

  /** Looks for the file at its place: without it, a commit would go into something that nobody finds again. */
  vanished(): WriteTrouble | null {
    if (identityOf(this.file) === this.#identity) return null;
    this.#trouble = { kind: 'gone' };
    return this.#trouble;
  }

  /** From now on it counts as damaged, unless it is not even there any more. Gives the trouble. `detail`: the first finding. */
  damaged(detail: string): WriteTrouble {
    if (this.#trouble?.kind !== 'gone') this.#trouble = { kind: 'damaged', detail };
    return this.#trouble ?? { kind: 'damaged', detail };
  }

  /** Lets go of a damaged file and goes on with an image of it. */
  readInstead(detail: string): void {
    this.#trouble = { kind: 'damaged', detail };
    if (this.#database.memory) return;
    closeDatabase(this.#database);
    this.#database = HeldFile.read(this.file, this.#options, this.#trouble).#database;
  }

  close(): void {
    closeDatabase(this.#database);
  }
}

/** What tells a file from another one of the same name; empty when there is none. Looks without opening it. */
function identityOf(file: string): string {
  try {
    const { dev, ino } = statSync(file, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return '';
  }
}
