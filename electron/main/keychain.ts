import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { FieldkeyError } from '../../shared/errors.ts';
import type { KeychainObstacle } from '../../shared/model/keychain.ts';
import type { KeychainSecret } from '../vault/keychain-slots.ts';

/** What of Electron's `safeStorage` is used: it seals with a key that the system's keychain keeps for this account. */
export interface SafeStorage {
  isEncryptionAvailable(): boolean;
  /** Linux only. */
  getSelectedStorageBackend?(): string;
  encryptString(text: string): Buffer;
  decryptString(sealed: Buffer): string;
}

/** The keychains of Linux that protect something. `basic_text` encrypts with a word that everybody knows. */
const linuxKeychains: ReadonlySet<string> = new Set(['gnome_libsecret', 'kwallet', 'kwallet5', 'kwallet6']);

interface Entry {
  /** 16 bytes, hexadecimal. */
  readonly slot: string;
  /** Where the vault lay when it was last opened here. */
  readonly file: string;
  /** What `safeStorage` made of the key, base64. */
  readonly sealed: string;
}

/**
 * The keys to vaults that this computer keeps, each sealed by the system's keychain, in one file of the program's own folder:
 * never beside a vault, never in one, and never told to a page.
 */
export class Keychain {
  readonly #storage: SafeStorage;
  readonly #file: string;
  readonly #platform: NodeJS.Platform;
  #entries: readonly Entry[] | null = null;

  constructor(storage: SafeStorage, file: string, platform: NodeJS.Platform = process.platform) {
    this.#storage = storage;
    this.#file = file;
    this.#platform = platform;
  }

  /** Why nothing can be kept here; null = it can. Only after the app is ready. */
  obstacle(): KeychainObstacle | null {
    const backend = this.#platform === 'linux' ? this.#storage.getSelectedStorageBackend?.() : undefined;
    if (backend === 'basic_text') return 'plain';
    if (!this.#storage.isEncryptionAvailable()) return 'none';
    return this.#platform === 'linux' && !linuxKeychains.has(backend ?? '') ? 'none' : null;
  }

  /** The slots whose keys are kept here, hexadecimal; of all vaults. */
  get slots(): string[] {
    return this.#read().map(({ slot }) => slot);
  }

  /** For the first paint, before the vault was looked at: whether its slot may be here. */
  mayOpen(file: string): boolean {
    return this.#read().some((entry) => entry.file === file);
  }

  /**
   * Makes a new key and keeps it. It opens nothing until the vault has a slot for it; whoever gets it wipes it.
   * @throws KEYCHAIN_UNAVAILABLE
   */
  keep(file: string): KeychainSecret {
    this.#assertUsable();
    const key = randomBytes(32);
    const slot = randomBytes(16).toString('hex');
    const sealed = this.#storage.encryptString(key.toString('base64')).toString('base64');
    this.#write([...this.#read(), { slot, file, sealed }]);
    return { slot, key };
  }

  /** The key to a slot; whoever gets it wipes it. @throws KEYCHAIN_UNAVAILABLE, KEYCHAIN_LOST when the system does not give it */
  take(slot: string): KeychainSecret {
    const entry = this.#read().find((each) => each.slot === slot);
    if (!entry) throw new FieldkeyError('KEYCHAIN_LOST', {});
    this.#assertUsable();
    try {
      const key = Buffer.from(this.#storage.decryptString(Buffer.from(entry.sealed, 'base64')), 'base64');
      if (key.length === 32) return { slot, key };
    } catch (error) {
      throw new FieldkeyError('KEYCHAIN_LOST', {}, error);
    }
    throw new FieldkeyError('KEYCHAIN_LOST', {});
  }

  /** Whether the system gives the key to a slot. */
  opens(slot: string): boolean {
    try {
      this.take(slot).key.fill(0);
      return true;
    } catch {
      return false;
    }
  }

  /** Notes where a vault lies now. */
  moved(slot: string, file: string): void {
    const entries = this.#read();
    if (!entries.some((entry) => entry.slot === slot && entry.file !== file)) return;
    this.#write(entries.map((entry) => (entry.slot === slot ? { ...entry, file } : entry)));
  }

  /** Forgets the keys to slots; those it does not have are nothing to do. */
  forget(slots: readonly string[]): void {
    const entries = this.#read();
    const left = entries.filter(({ slot }) => !slots.includes(slot));
    if (left.length < entries.length) this.#write(left);
  }

  #assertUsable(): void {
    const reason = this.obstacle();
    if (reason !== null) throw new FieldkeyError('KEYCHAIN_UNAVAILABLE', { reason });
  }

  #read(): readonly Entry[] {
    this.#entries ??= entriesOf(this.#file);
    return this.#entries;
  }

  #write(next: readonly Entry[]): void {
    mkdirSync(dirname(this.#file), { recursive: true });
    writeFileSync(`${this.#file}.new`, JSON.stringify({ slots: next }, null, 2), { mode: 0o600 });
    renameSync(`${this.#file}.new`, this.#file);
    this.#entries = next;
  }
}

/** A missing or damaged file is an empty one: then the passphrase is asked for, and nothing is lost. */
function entriesOf(file: string): Entry[] {
  try {
    const { slots } = JSON.parse(readFileSync(file, 'utf8')) as { slots?: unknown };
    if (!Array.isArray(slots)) return [];
    return slots.filter(
      (entry: Partial<Entry> | null): entry is Entry =>
        typeof entry?.slot === 'string' && typeof entry.file === 'string' && typeof entry.sealed === 'string',
    );
  } catch {
    return [];
  }
}
