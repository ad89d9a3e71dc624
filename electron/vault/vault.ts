import { randomBytes } from 'node:crypto';
import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { FieldkeyError } from '../../shared/errors.ts';
import { keepCopy, moveAside, writeCopy } from './copies.ts';
import { closeDatabase, createDatabase, type Database, guarded, openDatabase, storageError } from './database.ts';
import { imageOf, openImage, pageProblem } from './image.ts';
import { checkPassphrase, defaultKdfCost, deriveKek, type KdfCost, seal, unseal } from './key-wrapping.ts';
import { migrate } from './migrate.ts';
import { migrations as allMigrations, type Migration } from './migrations.ts';
import { renewCopies, wrapAnew, wrapContext } from './passphrase.ts';
import { recoverVaultKey } from './recovery.ts';
import { VaultSession, type WriteTrouble } from './session.ts';
import { type Verification, verifyVault } from './verify.ts';

export interface VaultOptions {
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Cost for new wrappings; a stored cheaper one is raised at the next unlock. */
  readonly kdfCost?: KdfCost;
  readonly migrations?: readonly Migration[];
  /** For `create`: a throw-away vault to practise with. Its first audit entry says so for ever. */
  readonly practice?: boolean;
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

interface Entering {
  readonly vaultKey: Buffer;
  readonly row: VaultRow;
  readonly operator: string;
  /** What is wrong with the pages; null = nothing. */
  readonly wrong: string | null;
  readonly checkUpTo?: number;
}

/**
 * One vault file, held alone by this process until `close`. Locked, it knows nothing but its wrapped key; `unlock`
 * gives a session.
 */
export class Vault {
  readonly file: string;
  /** Where the copy made before a migration lies; null when none was needed. */
  readonly copyBeforeMigration: string | null;
  #database: Database;
  readonly #options: VaultOptions;
  readonly #now: () => number;
  readonly #kdfCost: KdfCost;
  /** Device and inode of the file when it was opened. */
  readonly #identity: string;
  #trouble: WriteTrouble | null;
  #session: VaultSession | null = null;
  /** It was found sound since it was opened. */
  #checked = false;

  private constructor(
    file: string,
    database: Database,
    options: VaultOptions,
    copyBeforeMigration: string | null,
    trouble: WriteTrouble | null = null,
  ) {
    this.file = file;
    this.#database = database;
    this.#options = options;
    this.#identity = identityOf(file);
    this.#trouble = trouble;
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
          log('vault.create', {
            subject: vaultId.toString('hex'),
            ...(options.practice ? { detail: { practice: true } } : {}),
          });
        });
        session.close();
      });
      const vault = Vault.open(file, options);
      vault.#session = vault.#newSession(vaultKey, vaultId, secret.operator);
      vault.#session.audit.resume();
      return vault;
    } finally {
      kek.fill(0);
      vaultKey.fill(0);
    }
  }

  /**
   * Opens an existing vault, locked, after migrating it. One that cannot be written is opened for reading: then every
   * write of the session says why not.
   * @throws VAULT_NOT_FOUND, VAULT_NOT_A_VAULT, VAULT_IN_USE, VAULT_FROM_FUTURE, VAULT_NOT_WRITABLE when it cannot be
   * read either, VAULT_DAMAGED when not even the beginning is readable
   */
  static open(file: string, options: VaultOptions = {}): Vault {
    let database: Database;
    try {
      database = openDatabase(file);
    } catch (error) {
      if (!(error instanceof FieldkeyError && error.code === 'VAULT_NOT_WRITABLE')) throw error;
      return Vault.read(file, options, { kind: 'protected', reason: String(error.params.reason) });
    }
    try {
      const copy = migrate(database, options.migrations ?? allMigrations, (options.now ?? Date.now)());
      return new Vault(file, database, options, copy);
    } catch (error) {
      closeDatabase(database);
      throw error;
    }
  }

  /**
   * Reads a vault file into memory without touching it, brought to the newest format there: for media that cannot be
   * written, for damaged files, and to look at copies. @throws as `open`
   */
  static read(
    file: string,
    options: VaultOptions = {},
    trouble: WriteTrouble = { kind: 'protected', reason: 'it was opened for reading' },
  ): Vault {
    return Vault.#ofImage(file, openImage(file), options, trouble);
  }

  /** Reads a vault from bytes that never were a file here; `name` stands in errors. @throws as `read` */
  static readBytes(name: string, bytes: Buffer, options: VaultOptions = {}): Vault {
    return Vault.#ofImage(name, imageOf(name, bytes), options, { kind: 'protected', reason: 'it was opened for reading' });
  }

  static #ofImage(file: string, database: Database, options: VaultOptions, trouble: WriteTrouble): Vault {
    try {
      migrate(database, options.migrations ?? allMigrations, (options.now ?? Date.now)());
      database.pragma('query_only = ON');
      return new Vault(file, database, options, null, trouble);
    } catch (error) {
      closeDatabase(database);
      throw storageError(file, error);
    }
  }

  /**
   * Derives the key from the passphrase (about a second, off the event loop) and opens a session for this operator.
   * There is no stored password hash: the wrapped key's tag proves the passphrase. Meanwhile the pages are checked; a
   * damaged file is closed untouched and what is readable of it is opened for reading. `checkUpTo`: a vault of so many
   * audit entries is checked whole (`check`) before the first thing is written to it.
   * @throws PASSPHRASE_WRONG, VAULT_TAMPERED, VAULT_DAMAGED
   */
  async unlock(passphrase: string, operator: string, options: { readonly checkUpTo?: number } = {}): Promise<VaultSession> {
    const row = this.#row();
    const cost = { n: row.kdf_n, r: row.kdf_r, p: row.kdf_p };
    const deriving = deriveKek(passphrase, row.kdf_salt, cost);
    const wrong = pageProblem(this.#database);
    const kek = await deriving;
    const vaultKey = unseal(kek, row.wrapped_key, wrapContext(row.vault_id, cost, row.kdf_salt));
    kek.fill(0);
    if (!vaultKey) throw new FieldkeyError('PASSPHRASE_WRONG', {});
    return this.#enter({ vaultKey, row, operator, wrong, ...options }, (session) =>
      this.#raiseCost(session, passphrase, vaultKey, row),
    );
  }

  /**
   * Opens the vault by recovery shares and gives it a new passphrase; both stand in the audit log. The shares stay good.
   * A damaged vault is opened for reading only and keeps the passphrase it has.
   * @throws what `recoverVaultKey` throws, PASSPHRASE_WEAK, VAULT_READ_ONLY, VAULT_GONE
   */
  async unlockWithShares(
    shares: readonly string[],
    secret: { readonly passphrase: string; readonly operator: string },
    options: { readonly checkUpTo?: number } = {},
  ): Promise<VaultSession> {
    checkPassphrase(secret.passphrase);
    const row = this.#row();
    const { vaultKey, indices } = await recoverVaultKey(this.#database, shares);
    const wrong = pageProblem(this.#database);
    const session = await this.#enter({ vaultKey, row, operator: secret.operator, wrong, ...options }, async (opened) => {
      await wrapAnew(opened, vaultKey, secret.passphrase, this.#kdfCost, (log) =>
        log('passphrase.recover', { subject: secret.operator, detail: { shares: indices.join(' ') } }),
      );
      renewCopies(this.#database, this.file);
    });
    try {
      if (session.trouble?.kind === 'protected' || session.trouble?.kind === 'gone') session.assertWritable();
    } catch (error) {
      this.lock();
      throw error;
    }
    return session;
  }

  /** Begins a session with the vault's key, and wipes the key. `greet` runs first of all writes, when nothing is the matter. */
  async #enter(
    { vaultKey, row, operator, wrong, checkUpTo }: Entering,
    greet: (session: VaultSession) => Promise<void>,
  ): Promise<VaultSession> {
    try {
      this.lock();
      if (wrong !== null) this.#readOnly(wrong);
      const session = guarded(this.file, () => this.#newSession(vaultKey, row.vault_id, operator));
      try {
        guarded(this.file, () => session.audit.resume());
      } catch (error) {
        if (!(error instanceof FieldkeyError)) throw error;
        this.#damaged(session, 'the audit log does not end where its seal says');
      }
      if (this.#trouble) session.refuseWrites(this.#trouble);
      this.#session = session;
      if (!this.#trouble && this.entries <= (checkUpTo ?? -1)) await this.check();
      // what was changed from outside stays as it was found
      if (!this.#trouble) {
        await greet(session);
        this.#noteUnlock(session);
      }
      return session;
    } finally {
      vaultKey.fill(0);
    }
  }

  /** What a vault that can be written notes when it is unlocked. */
  #noteUnlock(session: VaultSession): void {
    session.write((log) => {
      this.#database.prepare('UPDATE vault SET last_operator = ? WHERE id = 1').run(session.operator);
      log('vault.unlock', { subject: session.operator });
    });
  }

  /**
   * Checks every row and the audit log of the unlocked vault. A finding makes it a damaged one, open for reading; a sound
   * one is copied beside itself when something changed since the last copy. @throws VAULT_LOCKED
   */
  async check(): Promise<Verification> {
    const { session } = this;
    const result = await verifyVault(session);
    if (!result.sound) this.#damaged(session, result.findings[0] ?? '');
    this.#checked = result.sound;
    if (result.sound && !this.#trouble) this.#keepCopy();
    return result;
  }

  /** It was found sound since it was opened. */
  get checked(): boolean {
    return this.#checked;
  }

  /** Roughly how much work `check` is. */
  get entries(): number {
    return this.session.audit.head.count;
  }

  /** Writes the vault as it is now to another file, also when its own is gone. @throws VAULT_FULL, VAULT_NOT_WRITABLE */
  saveCopy(target: string): void {
    writeCopy(this.#database, target);
  }

  /** What was made to be thrown away is thrown away whole. */
  #keepCopy(): void {
    if (!this.practice) keepCopy(this.#database, this.file);
  }

  #newSession(vaultKey: Buffer, vaultId: Buffer, operator: string): VaultSession {
    const watch = () => (this.#trouble ? null : this.#vanished());
    return new VaultSession(this.#database, vaultKey, vaultId, operator, this.#now, { file: this.file, watch });
  }

  /** Without the file at its place, a commit would go into something that nobody finds again. */
  #vanished(): WriteTrouble | null {
    if (identityOf(this.file) === this.#identity) return null;
    this.#trouble = { kind: 'gone' };
    return this.#trouble;
  }

  #damaged(session: VaultSession, detail: string): void {
    if (this.#trouble?.kind !== 'gone') this.#trouble = { kind: 'damaged', detail };
    if (this.#trouble) session.refuseWrites(this.#trouble);
  }

  /** Lets go of a damaged file and goes on with an image of it. */
  #readOnly(detail: string): void {
    this.#trouble = { kind: 'damaged', detail };
    if (this.#database.memory) return;
    closeDatabase(this.#database);
    const { file } = this;
    const read = Vault.read(file, this.#options, this.#trouble);
    this.#database = read.#database;
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

  /**
   * True for a vault that was made to practise with; also known while it is locked. It stands in the first entry of the
   * audit chain, so no later act and no edit that the chain would not notice can change it.
   */
  get practice(): boolean {
    const detail = guarded(this.file, () =>
      this.#database.prepare<[], string>("SELECT detail FROM audit WHERE seq = 1 AND action = 'vault.create'").pluck().get(),
    );
    return detail !== undefined && (JSON.parse(detail) as { practice?: unknown }).practice === true;
  }

  /** Who unlocked last; offered on the unlock page. */
  get lastOperator(): string {
    return this.#row().last_operator;
  }

  /** Wipes the keys and lets go of the file. A vault that was checked while it was open is copied first if it changed. */
  close(): void {
    this.lock();
    if (!this.#database.open) return;
    if (this.#checked && !this.#trouble && this.#vanished() === null) this.#keepCopy();
    closeDatabase(this.#database);
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

/** What tells a file from another one of the same name; empty when there is none. Looks without opening it. */
function identityOf(file: string): string {
  try {
    const { dev, ino } = statSync(file, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return '';
  }
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
    // the log of a vault that was removed while it was open would be replayed into the new one
    if (existsSync(`${file}-wal`)) moveAside(file, Date.now());
    renameSync(unfinished, file);
  } catch (error) {
    remove();
    throw storageError(file, error);
  }
}
