import { randomBytes } from 'node:crypto';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { FieldkeyError } from '../../shared/errors.ts';
import { closeDatabase, createDatabase, type Database, guarded, openDatabase, storageError } from './database.ts';
import { checkPassphrase, defaultKdfCost, deriveKek, type KdfCost, seal, unseal } from './key-wrapping.ts';
import { migrate } from './migrate.ts';
import { migrations as allMigrations, type Migration } from './migrations.ts';
import { VaultSession } from './session.ts';

export interface VaultOptions {
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Cost for new wrappings; a stored cheaper one is raised at the next unlock. */
  readonly kdfCost?: KdfCost;
  readonly migrations?: readonly Migration[];
}

type VaultRow = {
  vault_id: Buffer;
  created_at: number;
  kdf_n: number;
  kdf_r: number;
  kdf_p: number;
  kdf_salt: Buffer;
  wrapped_key: Buffer;
  last_operator: string;
};

const wrapVersion = 1;

/**
 * One vault file, held alone by this process until `close`. Locked, it knows nothing but its wrapped key; `unlock`
 * gives a session.
 */
export class Vault {
  readonly file: string;
  /** Where the copy made before a migration lies; null when none was needed. */
  readonly copyBeforeMigration: string | null;
  readonly #database: Database;
  readonly #now: () => number;
  readonly #kdfCost: KdfCost;
  #session: VaultSession | null = null;

  private constructor(database: Database, options: VaultOptions, copyBeforeMigration: string | null) {
    this.file = database.name;
    this.#database = database;
    this.#now = options.now ?? Date.now;
    this.#kdfCost = options.kdfCost ?? defaultKdfCost;
    this.copyBeforeMigration = copyBeforeMigration;
  }

  /**
   * Makes a new vault and opens it, unlocked.
   * @throws VAULT_EXISTS, VAULT_NOT_WRITABLE, PASSPHRASE_WEAK
   */
  static async create(
    file: string,
    secret: { passphrase: string; operator: string },
    options: VaultOptions = {},
  ): Promise<Vault> {
    checkPassphrase(secret.passphrase);
    const vaultKey = randomBytes(32);
    const vaultId = randomBytes(16);
    const cost = options.kdfCost ?? defaultKdfCost;
    const salt = randomBytes(32);
    const kek = await deriveKek(secret.passphrase, salt, cost);
    try {
      makeFile(file, options, (database) => {
        const session = new VaultSession(database, vaultKey, vaultId, secret.operator, options.now ?? Date.now);
        // the vault's row and the chain's first entry in one transaction: there is no vault without a head
        session.write((log) => {
          database
            .prepare(
              'INSERT INTO vault (id, vault_id, created_at, kdf_n, kdf_r, kdf_p, kdf_salt, wrapped_key, last_operator) VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)',
            )
            .run(vaultId, session.now(), cost.n, cost.r, cost.p, salt, wrap(kek, vaultKey, vaultId, cost, salt), secret.operator);
          log('vault.create', { subject: vaultId.toString('hex') });
        });
        session.close();
      });
      const vault = Vault.open(file, options);
      vault.#session = new VaultSession(vault.#database, vaultKey, vaultId, secret.operator, vault.#now);
      vault.#session.audit.resume();
      return vault;
    } finally {
      kek.fill(0);
      vaultKey.fill(0);
    }
  }

  /**
   * Opens an existing vault, locked, after migrating it.
   * @throws VAULT_NOT_FOUND, VAULT_NOT_A_VAULT, VAULT_IN_USE, VAULT_FROM_FUTURE, VAULT_NOT_WRITABLE, VAULT_DAMAGED
   */
  static open(file: string, options: VaultOptions = {}): Vault {
    const database = openDatabase(file);
    try {
      const copy = migrate(database, options.migrations ?? allMigrations, (options.now ?? Date.now)());
      return new Vault(database, options, copy);
    } catch (error) {
      closeDatabase(database);
      throw error;
    }
  }

  /**
   * Derives the key from the passphrase (about a second, off the event loop) and opens a session for this operator.
   * There is no stored password hash: the wrapped key's tag proves the passphrase.
   * @throws PASSPHRASE_WRONG, VAULT_TAMPERED, VAULT_DAMAGED
   */
  async unlock(passphrase: string, operator: string): Promise<VaultSession> {
    const row = this.#row();
    const cost = { n: row.kdf_n, r: row.kdf_r, p: row.kdf_p };
    const kek = await deriveKek(passphrase, row.kdf_salt, cost);
    const vaultKey = unseal(kek, row.wrapped_key, wrapContext(row.vault_id, cost, row.kdf_salt));
    kek.fill(0);
    if (!vaultKey) throw new FieldkeyError('PASSPHRASE_WRONG', {});
    try {
      this.lock();
      const session = guarded(this.file, () => new VaultSession(this.#database, vaultKey, row.vault_id, operator, this.#now));
      session.audit.resume();
      await this.#raiseCost(session, passphrase, vaultKey, row);
      session.write((log) => {
        this.#database.prepare('UPDATE vault SET last_operator = ? WHERE id = 1').run(operator);
        log('vault.unlock', { subject: operator });
      });
      this.#session = session;
      return session;
    } finally {
      vaultKey.fill(0);
    }
  }

  /** Wipes the keys from memory. A running act finishes its transaction first: transactions are synchronous. */
  lock(): void {
    this.#session?.close();
    this.#session = null;
  }

  /** The session. @throws VAULT_LOCKED */
  get session(): VaultSession {
    if (!this.#session) throw new FieldkeyError('VAULT_LOCKED', {});
    return this.#session;
  }

  get unlocked(): boolean {
    return this.#session !== null;
  }

  /** Who unlocked last; offered on the unlock page. */
  get lastOperator(): string {
    return this.#row().last_operator;
  }

  close(): void {
    this.lock();
    if (this.#database.open) closeDatabase(this.#database);
  }

  async #raiseCost(session: VaultSession, passphrase: string, vaultKey: Buffer, row: VaultRow): Promise<void> {
    const cost = this.#kdfCost;
    if (row.kdf_n * row.kdf_r * row.kdf_p >= cost.n * cost.r * cost.p) return;
    const salt = randomBytes(32);
    const kek = await deriveKek(passphrase, salt, cost);
    const wrapped = wrap(kek, vaultKey, row.vault_id, cost, salt);
    kek.fill(0);
    session.write(() => {
      this.#database
        .prepare('UPDATE vault SET kdf_n = ?, kdf_r = ?, kdf_p = ?, kdf_salt = ?, wrapped_key = ? WHERE id = 1')
        .run(cost.n, cost.r, cost.p, salt, wrapped);
    });
  }

  #row(): VaultRow {
    const row = guarded(this.file, () => this.#database.prepare<[], VaultRow>('SELECT * FROM vault WHERE id = 1').get());
    if (!row)
      throw new FieldkeyError('VAULT_DAMAGED', { file: this.file, detail: 'the row that holds the wrapped key is missing' });
    return row;
  }
}

function wrapContext(vaultId: Buffer, cost: KdfCost, salt: Buffer) {
  return [vaultId, wrapVersion, cost.n, cost.r, cost.p, salt];
}

function wrap(kek: Buffer, vaultKey: Buffer, vaultId: Buffer, cost: KdfCost, salt: Buffer): Buffer {
  return seal(kek, vaultKey, wrapContext(vaultId, cost, salt));
}

/**
 * Makes the file under another name and renames it when it is complete: a crash or a full disk never leaves something
 * that is neither a vault nor nothing.
 */
function makeFile(file: string, options: VaultOptions, fill: (database: Database) => void): void {
  if (existsSync(file)) throw new FieldkeyError('VAULT_EXISTS', { file });
  const unfinished = `${file}.new`;
  const remove = () => {
    for (const end of ['', '-wal', '-shm']) rmSync(unfinished + end, { force: true });
  };
  try {
    remove();
    const database = createDatabase(unfinished);
    try {
      migrate(database, options.migrations ?? allMigrations, (options.now ?? Date.now)());
      fill(database);
      // closing folds the write-ahead log into the file, so that one rename moves everything
    } finally {
      closeDatabase(database);
    }
    if (existsSync(file)) throw new FieldkeyError('VAULT_EXISTS', { file });
    renameSync(unfinished, file);
  } catch (error) {
    remove();
    throw storageError(file, error);
  }
}
