import { FieldkeyError } from '../../shared/errors.ts';
import { keepCopy, keepCopyInSteps, writeCopy } from './copies.ts';
import { guarded, vaultError } from './database.ts';
import { HeldFile } from './held-file.ts';
import { pageProblem } from './image.ts';
import { defaultKdfCost } from './key-wrapping.ts';
import { type KeychainSecret, slotIds } from './keychain-slots.ts';
import { migrations } from './migrations.ts';
import { makeVaultFile } from './new-vault.ts';
import { schemaProblem } from './schema.ts';
import { VaultSession, type WriteTrouble } from './session.ts';
import type { VaultOptions } from './vault-options.ts';
import { isPractice, vaultRow } from './vault-row.ts';
import { type Verification, verifyVault } from './verify.ts';
import { byKeychain, byPassphrase, byShares, type WayIn } from './ways-in.ts';

interface Entering {
  /** A vault of so many audit entries is checked whole (`check`) before the first thing is written to it. */
  readonly checkUpTo?: number;
}

/**
 * One vault file, held alone by this process until `close`. Locked, it knows nothing but its wrapped key; `unlock`
 * gives a session.
 */
export class Vault {
  readonly #held: HeldFile;
  readonly #options: VaultOptions;
  #session: VaultSession | null = null;
  /** It was found sound since it was opened. */
  #checked = false;

  private constructor(held: HeldFile, options: VaultOptions) {
    this.#held = held;
    this.#options = options;
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
    const { vaultKey, vaultId } = await makeVaultFile(file, secret, options);
    try {
      const vault = Vault.open(file, options);
      vault.#session = vault.#newSession(vaultKey, vaultId, secret.operator);
      vault.#session.audit.resume();
      return vault;
    } finally {
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
    return new Vault(HeldFile.open(file, options), options);
  }

  /**
   * Reads a vault file into memory without touching it, brought to the newest format there: for media that cannot be
   * written, for damaged files, and to look at copies. @throws as `open`
   */
  static read(file: string, options: VaultOptions = {}): Vault {
    return new Vault(HeldFile.read(file, options), options);
  }

  /** Reads a vault from bytes that never were a file here; `name` stands in errors. @throws as `read` */
  static readBytes(name: string, bytes: Buffer, options: VaultOptions = {}): Vault {
    return new Vault(HeldFile.readBytes(name, bytes, options), options);
  }

  get file(): string {
    return this.#held.file;
  }

  /** Where the copy made before a migration lies; null when none was needed. */
  get copyBeforeMigration(): string | null {
    return this.#held.copyBeforeMigration;
  }

  /**
   * Opens a session for this operator by the passphrase. Meanwhile the pages are checked; a damaged file is closed
   * untouched and what is readable of it is opened for reading.
   * @throws PASSPHRASE_WRONG, VAULT_TAMPERED, VAULT_DAMAGED
   */
  async unlock(passphrase: string, operator: string, options: Entering = {}): Promise<VaultSession> {
    return this.#enter(byPassphrase(this.#door, passphrase), operator, options);
  }

  /**
   * Opens the vault by recovery shares and gives it a new passphrase; both stand in the audit log. The shares stay good.
   * A damaged vault is opened for reading only and keeps the passphrase it has.
   * @throws what `recoverVaultKey` throws, PASSPHRASE_WEAK, VAULT_READ_ONLY, VAULT_GONE
   */
  async unlockWithShares(
    shares: readonly string[],
    secret: { readonly passphrase: string; readonly operator: string },
    options: Entering = {},
  ): Promise<VaultSession> {
    const session = await this.#enter(byShares(this.#door, shares, secret.passphrase), secret.operator, options);
    try {
      if (session.trouble?.kind === 'protected' || session.trouble?.kind === 'gone') session.assertWritable();
    } catch (error) {
      this.lock();
      throw error;
    }
    return session;
  }

  /**
   * Opens the vault by what this computer's keychain keeps (keychain.ts).
   * @throws KEYCHAIN_ENDED, KEYCHAIN_LOST, VAULT_TAMPERED, VAULT_DAMAGED
   */
  async unlockWithKeychain(secret: KeychainSecret, operator: string, options: Entering = {}): Promise<VaultSession> {
    return this.#enter(byKeychain(this.#door, secret), operator, options);
  }

  get #door() {
    return { file: this.file, database: this.#held.database, cost: this.#options.kdfCost ?? defaultKdfCost };
  }

  /** Begins a session with the vault's key, and wipes the key. */
  async #enter(opening: Promise<WayIn>, operator: string, { checkUpTo = -1 }: Entering): Promise<VaultSession> {
    // in the time that the key takes
    const wrong = pageProblem(this.#held.database) ?? schemaProblem(this.#held.database, this.#options.migrations ?? migrations);
    try {
      return await this.#enterWith(await opening, wrong, operator, checkUpTo);
    } catch (error) {
      throw vaultError(this.file, wrong, error);
    }
  }

  async #enterWith(
    { vaultKey, greet, by }: WayIn,
    wrong: string | null,
    operator: string,
    checkUpTo: number,
  ): Promise<VaultSession> {
    try {
      const { vault_id: vaultId } = vaultRow(this.#held.database, this.file);
      this.lock();
      if (wrong !== null) this.#held.readInstead(wrong);
      const session = guarded(this.file, () => this.#newSession(vaultKey, vaultId, operator));
      try {
        session.audit.resume();
      } catch (error) {
        if (!(vaultError(this.file, wrong, error) instanceof FieldkeyError)) throw error;
        this.#damaged(session, 'the audit log does not end where its seal says');
      }
      if (this.#trouble) session.refuseWrites(this.#trouble);
      this.#session = session;
      if (!this.#trouble && this.entries <= checkUpTo) await this.check();
      // what was changed from outside stays as it was found
      if (!this.#trouble) {
        await greet(session);
        this.#noteUnlock(session, by);
      }
      return session;
    } finally {
      vaultKey.fill(0);
    }
  }

  /** What a vault that can be written notes when it is unlocked. */
  #noteUnlock(session: VaultSession, by: WayIn['by']): void {
    session.write((log) => {
      session.database.prepare('UPDATE vault SET last_operator = ? WHERE id = 1').run(session.operator);
      log('vault.unlock', { subject: session.operator, detail: { by } });
    });
  }

  /**
   * Checks every row and the audit log of the unlocked vault. A finding makes it a damaged one, open for reading; a sound
   * one is copied beside itself when something changed since the last copy. `rest` gives control back in between and may
   * take its time. @throws VAULT_LOCKED
   */
  async check(rest?: () => Promise<void>): Promise<Verification> {
    const { session } = this;
    const result = await verifyVault(session, rest);
    session.suspects = result.suspects;
    // why it was found damaged at first stands; the rest of it is told by the check itself
    if (!result.sound && this.#trouble?.kind !== 'damaged') this.#damaged(session, result.findings[0] ?? '');
    this.#checked = result.sound;
    await rest?.();
    // closed meanwhile
    if (!session.open) return result;
    if (result.sound && !this.#trouble && !this.practice) await keepCopyInSteps(this.#held.database, this.file);
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
    writeCopy(this.#held.database, target);
  }

  /** What was made to be thrown away is thrown away whole. */
  #keepCopy(): void {
    if (!this.practice) keepCopy(this.#held.database, this.file);
  }

  #newSession(vaultKey: Buffer, vaultId: Buffer, operator: string): VaultSession {
    const watch = () => (this.#trouble ? null : this.#held.vanished());
    const now = this.#options.now ?? Date.now;
    return new VaultSession(this.#held.database, vaultKey, vaultId, operator, now, { file: this.file, watch });
  }

  get #trouble(): WriteTrouble | null {
    return this.#held.trouble;
  }

  #damaged(session: VaultSession, detail: string): void {
    session.refuseWrites(this.#held.damaged(detail));
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

  /** True for a vault that was made to practise with; also known while it is locked. */
  get practice(): boolean {
    return isPractice(this.#held.database, this.file);
  }

  /** Who unlocked last; offered on the unlock page. */
  get lastOperator(): string {
    return vaultRow(this.#held.database, this.file).last_operator;
  }

  /** The slots that a keychain may open, hexadecimal; also known while it is locked. */
  get keychainSlots(): string[] {
    return guarded(this.file, () => slotIds(this.#held.database));
  }

  /** Wipes the keys and lets go of the file. A vault that was checked while it was open is copied first if it changed. */
  close(): void {
    this.lock();
    if (!this.#held.database.open) return;
    if (this.#checked && !this.#trouble && this.#held.vanished() === null) this.#keepCopy();
    this.#held.close();
  }
}
