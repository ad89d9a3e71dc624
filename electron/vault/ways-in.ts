import type { Database } from './database.ts';
import { checkPassphrase, type KdfCost } from './key-wrapping.ts';
import { type KeychainSecret, openSlot, removeSlots } from './keychain-slots.ts';
import { openVaultKey, raiseCost, renewCopies, wrapAnew } from './passphrase.ts';
import { recoverVaultKey } from './recovery.ts';
import type { VaultSession } from './session.ts';

/** The vault's key, and by which means it was opened; whoever enters with it wipes it. */
export interface WayIn {
  readonly by: 'passphrase' | 'shares' | 'keychain';
  readonly vaultKey: Buffer;
  /** Runs before all other writes of the session, and only when the vault can be written. */
  readonly greet: (session: VaultSession) => Promise<void>;
}

/** The locked vault that is to be opened, and the cost for what is wrapped anew. */
interface Door {
  readonly file: string;
  readonly database: Database;
  readonly cost: KdfCost;
}

/**
 * Derives the key from the passphrase (about a second, off the event loop). A wrapping that was cheaper than today's is made
 * anew. @throws PASSPHRASE_WRONG, VAULT_TAMPERED, VAULT_DAMAGED
 */
export async function byPassphrase({ database, file, cost }: Door, passphrase: string): Promise<WayIn> {
  const { vaultKey } = await openVaultKey(database, passphrase, file);
  return { by: 'passphrase', vaultKey, greet: (session) => raiseCost(session, vaultKey, passphrase, cost) };
}

/**
 * By recovery shares; the vault gets a new passphrase, and the shares stay good. No computer opens it without that any more.
 * @throws PASSPHRASE_WEAK, what `recoverVaultKey` throws
 */
export async function byShares({ database, file, cost }: Door, shares: readonly string[], passphrase: string): Promise<WayIn> {
  checkPassphrase(passphrase);
  const { vaultKey, indices } = await recoverVaultKey(database, shares);
  const greet = async (session: VaultSession) => {
    await wrapAnew(session, vaultKey, passphrase, cost, (log) => {
      log('passphrase.recover', { subject: session.operator, detail: { shares: indices.join(' ') } });
      removeSlots(session, log, () => true);
    });
    renewCopies(database, file);
  };
  return { by: 'shares', vaultKey, greet };
}

/** By what a computer's keychain keeps. @throws what `openSlot` throws */
export async function byKeychain({ database, file }: Door, secret: KeychainSecret): Promise<WayIn> {
  return { by: 'keychain', vaultKey: openSlot(database, secret, file), greet: async () => undefined };
}
