import { createHash, createSecretKey, hkdfSync } from 'node:crypto';
import { assertNever, FieldkeyError } from '../../shared/errors.ts';
import type { AuditAction, AuditEntry } from '../../shared/model/audit.ts';
import type { KeyAlgorithm } from '../../shared/model/key.ts';
import type { VaultTrouble } from '../../shared/model/vault.ts';
import { AuditLog } from './audit.ts';
import { clockConfirmed } from './clock.ts';
import { type Database, storageError } from './database.ts';
import { deriveKey, type KeyPurpose, seal, unseal } from './key-wrapping.ts';
import { type CredentialRow, type OwnConnectionRow, sealedTables, type Tables } from './rows.ts';

/** A private key with its public half, in DER. Whoever gets one wipes `pkcs8` when done. */
export interface KeyMaterial {
  readonly algorithm: KeyAlgorithm;
  readonly pkcs8: Buffer;
  readonly spki: Buffer;
}

/** Adds an entry to the audit log within a transaction. */
export type Log = (action: AuditAction, entry: { projectId?: number; subject: string; detail?: AuditEntry['detail'] }) => void;

/** The version in the associated data of sealed keys: a later format cannot be mistaken for this one. */
const keySealVersion = 1;
const passwordSealVersion = 1;
const connectionSealVersion = 1;

/** What is sealed of a user: the password, null where only its hash is known, and the hash as the broker's file holds it. */
export interface PasswordSecret {
  readonly password: string | null;
  readonly hash: string;
}

/** What is sealed of a connection of one's own; empty and null = none. */
export interface ConnectionSecret {
  readonly password: string;
  /** Private key, PEM (PKCS#8). */
  readonly key: string;
  /** Base64. */
  readonly authenticationData: string;
  /** Answers to the broker's AUTH packets, base64, in their order. */
  readonly authenticationAnswers: readonly string[];
}

const noSecret: ConnectionSecret = { password: '', key: '', authenticationData: '', authenticationAnswers: [] };

/** Why nothing may be written. */
export type WriteTrouble = Exclude<VaultTrouble, { kind: 'clock' }>;

export interface SessionPlace {
  /** The vault's file, as errors name it. */
  readonly file: string;
  /** Asked before every write: what has become of the file since; null = it is there. */
  readonly watch?: () => WriteTrouble | null;
}

/** An unlocked vault: tables, audit log and the keys of both. Ends with `close`, which wipes what it holds. */
export class VaultSession {
  readonly database: Database;
  readonly operator: string;
  readonly tables: Tables;
  readonly audit: AuditLog;
  readonly now: () => number;
  readonly #vaultId: Buffer;
  readonly #keysKey: Buffer;
  readonly #passwordsKey: Buffer;
  readonly #recordingsKey: Buffer;
  readonly #connectionsKey: Buffer;
  #open = true;
  #writing = false;
  #turn: Promise<void> = Promise.resolve();
  readonly #place: SessionPlace;
  #trouble: WriteTrouble | null = null;
  /** Devices and certificates that a check found at odds with what was stored, as `Verification.suspects`. */
  suspects: ReadonlySet<string> = new Set();

  constructor(
    database: Database,
    vaultKey: Buffer,
    vaultId: Buffer,
    operator: string,
    now: () => number,
    place: SessionPlace = { file: database.name },
  ) {
    this.#place = place;
    this.database = database;
    this.operator = operator;
    this.now = now;
    this.#vaultId = vaultId;
    this.#keysKey = deriveKey(vaultKey, vaultId, 'private keys');
    this.#passwordsKey = deriveKey(vaultKey, vaultId, 'passwords');
    this.#recordingsKey = deriveKey(vaultKey, vaultId, 'recordings');
    this.#connectionsKey = deriveKey(vaultKey, vaultId, 'connections');
    const macKey = (purpose: KeyPurpose) => {
      const bytes = deriveKey(vaultKey, vaultId, purpose);
      const key = createSecretKey(bytes);
      bytes.fill(0);
      return key;
    };
    const rows = macKey('rows');
    this.tables = sealedTables(database, () => {
      this.assertOpen();
      return rows;
    });
    this.audit = new AuditLog(database, { entries: macKey('audit'), head: macKey('audit head'), vaultId });
  }

  /** Eight hexadecimal digits by which people tell vaults apart: on recovery cards and in exports. */
  get shortId(): string {
    return this.#vaultId.subarray(0, 4).toString('hex');
  }

  /** A copy of the key by which recordings beside the vault are sealed; whoever gets it wipes it. @throws VAULT_LOCKED */
  recordingsKey(): Buffer {
    this.assertOpen();
    return Buffer.from(this.#recordingsKey);
  }

  get open(): boolean {
    return this.#open;
  }

  /** The vault's file; beside it lie its copies. */
  get file(): string {
    return this.#place.file;
  }

  /** What keeps this vault from being used as usual; null = nothing. Asks the clock each time. */
  get trouble(): VaultTrouble | null {
    if (this.#trouble) return this.#trouble;
    const clock = this.now();
    const known = this.audit.time.contradiction(clock);
    return known === null ? null : { kind: 'clock', clock, known };
  }

  /** What is known to be wrong with the file; null = nothing. */
  get damage(): string | null {
    return this.#trouble?.kind === 'damaged' ? this.#trouble.detail : null;
  }

  /** From now on nothing is written. In a damaged vault, reading leaves out what is not what was stored. */
  refuseWrites(trouble: WriteTrouble): void {
    this.#trouble = trouble;
    for (const table of Object.values(this.tables)) table.salvaging = trouble.kind === 'damaged';
  }

  /** Asks before work that ends with a write. @throws VAULT_LOCKED, VAULT_READ_ONLY, VAULT_DAMAGED, VAULT_GONE */
  assertWritable(): void {
    this.assertOpen();
    const trouble = this.#trouble ?? this.#place.watch?.() ?? null;
    if (!trouble) return;
    if (!this.#trouble) this.refuseWrites(trouble);
    const { file } = this.#place;
    switch (trouble.kind) {
      case 'protected':
        throw new FieldkeyError('VAULT_READ_ONLY', { file, reason: trouble.reason });
      case 'damaged':
        throw new FieldkeyError('VAULT_DAMAGED', { file, detail: trouble.detail });
      case 'gone':
        throw new FieldkeyError('VAULT_GONE', { file });
      default:
        assertNever(trouble);
    }
  }

  /**
   * Asks before anything is dated and signed. @throws as `assertWritable`; CLOCK_WRONG when the computer's clock contradicts
   * the audit log, until `confirmClock`
   */
  assertMayIssue(): void {
    this.assertWritable();
    this.audit.time.assertPlausible(this.now());
  }

  /** Notes that a person looked at the clock and found it right, whatever the log says. */
  confirmClock(): void {
    const clock = this.now();
    const known = this.audit.time.contradiction(clock);
    if (known === null) return;
    this.write((log) =>
      log(clockConfirmed, { subject: new Date(clock).toISOString(), detail: { known: new Date(known).toISOString() } }),
    );
  }

  /**
   * One transaction: either all of `work` and its audit entries are stored, or nothing. Synchronous, so that no other
   * act can come between.
   * @throws what `work` throws; VAULT_FULL, VAULT_DAMAGED … from the database
   */
  write<T>(work: (log: Log) => T): T {
    this.assertWritable();
    if (this.#writing) throw new FieldkeyError('INTERNAL', { detail: 'nested write' });
    const mark = this.audit.mark();
    this.#writing = true;
    try {
      return this.database
        .transaction(() => {
          const result = work((action, entry) =>
            this.audit.append({
              at: this.now(),
              operator: this.operator,
              action,
              projectId: entry.projectId ?? null,
              subject: entry.subject,
              detail: entry.detail ?? {},
            }),
          );
          this.audit.storeHead();
          return result;
        })
        .immediate();
    } catch (error) {
      this.audit.rewind(mark);
      throw storageError(this.#place.file, error);
    } finally {
      this.#writing = false;
    }
  }

  /**
   * Runs an act of several steps (read, sign, write) when the acts before it have ended, so that two of them never
   * decide on the same state: two CRLs with one number, one device twice.
   */
  inTurn<T>(act: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(act);
    this.#turn = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }

  /** Stores a key pair, its private half sealed. Gives the key's id. Only inside `write`. */
  addKey(key: KeyMaterial): number {
    this.assertOpen();
    const spkiHash = createHash('sha256').update(key.spki).digest();
    return this.tables.privateKey.insert((id) => ({
      algorithm: key.algorithm,
      spki: key.spki,
      spki_sha256: spkiHash,
      // bound to vault, row, version and public key: a sealed key pasted into another row or vault does not open
      sealed: seal(this.#keysKey, key.pkcs8, [this.#vaultId, id, keySealVersion, key.algorithm, spkiHash]),
      created_at: this.now(),
    }));
  }

  /** Stores the public half of a key that is kept elsewhere; gives the id that it has already, or a new one. Only inside `write`. */
  addPublicKey(algorithm: string, spki: Buffer): number {
    this.assertOpen();
    const spkiHash = createHash('sha256').update(spki).digest();
    const known = this.tables.privateKey.where('spki_sha256 = ?', spkiHash)[0];
    if (known) return known.id;
    return this.tables.privateKey.insert({ algorithm, spki, spki_sha256: spkiHash, sealed: null, created_at: this.now() });
  }

  /** Whether the private half of a key is in this vault. */
  hasPrivateKey(keyId: number | null): boolean {
    return keyId !== null && Buffer.isBuffer(this.tables.privateKey.get(keyId)?.sealed);
  }

  /** Opens a private key. @throws KEY_UNAVAILABLE when it is not in this vault, VAULT_TAMPERED when it was changed */
  openKey(keyId: number): KeyMaterial {
    this.assertOpen();
    const row = this.tables.privateKey.get(keyId);
    if (!row?.sealed) throw new FieldkeyError('KEY_UNAVAILABLE', { key: keyId });
    const pkcs8 = unseal(this.#keysKey, row.sealed, [this.#vaultId, keyId, keySealVersion, row.algorithm, row.spki_sha256]);
    if (!pkcs8) throw new FieldkeyError('VAULT_TAMPERED', { table: 'private_key', row: keyId });
    return { algorithm: row.algorithm as KeyAlgorithm, pkcs8, spki: row.spki };
  }

  /** Stores a user name with its password, sealed. Gives the row's id. Only inside `write`. */
  addCredential(
    owner: { readonly projectId: number; readonly deviceId: number | null; readonly user: string },
    secret: PasswordSecret,
    source: CredentialRow['source'],
  ): number {
    this.assertOpen();
    const { projectId, deviceId, user } = owner;
    return this.tables.credential.insert((id) => ({
      project_id: projectId,
      device_id: deviceId,
      user,
      // bound to vault, row, version and user: a password pasted into another row does not open
      sealed: seal(this.#passwordsKey, Buffer.from(JSON.stringify(secret)), [this.#vaultId, id, passwordSealVersion, user]),
      source,
      state: 'current',
      created_at: this.now(),
    }));
  }

  /** A password that follows from the vault and `purpose`, 24 bytes in base64: nothing of it is stored. */
  derivedPassword(purpose: string): string {
    this.assertOpen();
    return Buffer.from(hkdfSync('sha256', this.#passwordsKey, this.#vaultId, `fieldkey v1 ${purpose}`, 24)).toString('base64');
  }

  /** Opens a password and its hash. @throws KEY_UNAVAILABLE when it is ended, VAULT_TAMPERED when it was changed */
  openCredential({ id, user, sealed }: CredentialRow): PasswordSecret {
    this.assertOpen();
    if (!sealed) throw new FieldkeyError('KEY_UNAVAILABLE', { key: user });
    const plain = unseal(this.#passwordsKey, sealed, [this.#vaultId, id, passwordSealVersion, user]);
    if (!plain) throw new FieldkeyError('VAULT_TAMPERED', { table: 'credential', row: id });
    return JSON.parse(plain.toString()) as PasswordSecret;
  }

  /** Stores a connection of one's own with its secrets, sealed; `id` null = a new one. Gives the row. Only inside `write`. */
  putConnection(
    id: number | null,
    { projectId, settings }: { readonly projectId: number; readonly settings: string },
    secret: ConnectionSecret,
  ): OwnConnectionRow {
    this.assertOpen();
    const table = this.tables.ownConnection;
    const { password, key, authenticationData, authenticationAnswers } = secret;
    const none = password === '' && key === '' && authenticationData === '' && authenticationAnswers.length === 0;
    const row = (own: number): OwnConnectionRow => ({
      id: own,
      project_id: projectId,
      settings,
      // bound to vault, row and version: a password pasted into another row does not open
      sealed: none
        ? null
        : seal(this.#connectionsKey, Buffer.from(JSON.stringify(secret)), [this.#vaultId, own, connectionSealVersion]),
      changed_at: this.now(),
    });
    if (id !== null) table.update(row(id));
    return table.get(id ?? table.insert(row)) as OwnConnectionRow;
  }

  /** Opens the secrets of a connection of one's own. @throws VAULT_TAMPERED when they were changed */
  openConnection({ id, sealed }: OwnConnectionRow): ConnectionSecret {
    this.assertOpen();
    if (!sealed) return noSecret;
    const plain = unseal(this.#connectionsKey, sealed, [this.#vaultId, id, connectionSealVersion]);
    if (!plain) throw new FieldkeyError('VAULT_TAMPERED', { table: 'own_connection', row: id });
    // those that were sealed before there were answers have none
    const secret = { ...noSecret, ...(JSON.parse(plain.toString()) as Partial<ConnectionSecret>) };
    plain.fill(0);
    return secret;
  }

  /** Forgets the keys in memory; further use throws VAULT_LOCKED. */
  close(): void {
    this.#open = false;
    // the keys that open private keys and passwords; those of the MACs are opaque to us and go with this object
    this.#keysKey.fill(0);
    this.#passwordsKey.fill(0);
    this.#recordingsKey.fill(0);
    this.#connectionsKey.fill(0);
  }

  /** @throws VAULT_LOCKED */
  assertOpen(): void {
    if (!this.#open) throw new FieldkeyError('VAULT_LOCKED', {});
  }
}
