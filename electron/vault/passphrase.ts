import { randomBytes } from 'node:crypto';
import { FieldkeyError } from '../../shared/errors.ts';
import { dropCopies, dropCopiesBeforeMigrations, keepCopy } from './copies.ts';
import type { Database } from './database.ts';
import { checkPassphrase, defaultKdfCost, deriveKek, type KdfCost, seal, unseal } from './key-wrapping.ts';
import { removeSlots } from './keychain-slots.ts';
import type { Log, VaultSession } from './session.ts';
import { vaultRow } from './vault-row.ts';

const wrapVersion = 1;

/** What a wrapped vault key is bound to besides the passphrase: the vault and the way the passphrase was stretched. */
export function wrapContext(vaultId: Buffer, cost: KdfCost, salt: Buffer) {
  return [vaultId, wrapVersion, cost.n, cost.r, cost.p, salt];
}

/**
 * Gives the vault another passphrase: only the vault's own key is wrapped anew, everything else stays as it is sealed. The
 * old passphrase is asked for again, because an unlocked screen is no proof of who sits in front of it. The copies beside
 * the vault open with the old one, so they are replaced by one that does not; backups and copies elsewhere keep theirs.
 * Whoever knew the old one may have let a computer open the vault by its keychain: all such slots end, but the one that the
 * person has who changes it (`keep`).
 * @throws PASSPHRASE_WRONG, PASSPHRASE_WEAK, VAULT_LOCKED, what `VaultSession.write` throws
 */
export function changePassphrase(
  session: VaultSession,
  file: string,
  { keep, ...passphrases }: { readonly old: string; readonly next: string; readonly keep?: string | null },
  cost: KdfCost = defaultKdfCost,
): Promise<void> {
  checkPassphrase(passphrases.next);
  return session.inTurn(async () => {
    session.assertWritable();
    const { database } = session;
    const { vaultKey } = await openVaultKey(database, passphrases.old);
    try {
      await wrapAnew(session, vaultKey, passphrases.next, cost, (log) => {
        log('passphrase.change', { subject: session.operator });
        removeSlots(session, log, (slot) => slot !== keep);
      });
    } finally {
      vaultKey.fill(0);
    }
    renewCopies(database, file);
  });
}

/**
 * The vault's own key, by its passphrase; whoever gets it wipes it. Asked for again by acts that go beyond the session. There is
 * no stored password hash: the wrapped key's tag proves the passphrase. `file` stands in errors.
 * @throws PASSPHRASE_WRONG, VAULT_TAMPERED, VAULT_DAMAGED
 */
export async function openVaultKey(
  database: Database,
  passphrase: string,
  file = database.name,
): Promise<{ vaultKey: Buffer; vaultId: Buffer }> {
  const row = vaultRow(database, file);
  const cost = { n: row.kdf_n, r: row.kdf_r, p: row.kdf_p };
  const kek = await deriveKek(passphrase, row.kdf_salt, cost);
  const vaultKey = unseal(kek, row.wrapped_key, wrapContext(row.vault_id, cost, row.kdf_salt));
  kek.fill(0);
  if (!vaultKey) throw new FieldkeyError('PASSPHRASE_WRONG', {});
  return { vaultKey, vaultId: row.vault_id };
}

/** Wraps the vault's key under another passphrase, in one transaction with the entry that says so. */
export async function wrapAnew(
  session: VaultSession,
  vaultKey: Buffer,
  passphrase: string,
  cost: KdfCost,
  tell: (log: Log) => void,
): Promise<void> {
  const { database } = session;
  const { vault_id: vaultId } = vaultRow(database);
  const salt = randomBytes(32);
  const kek = await deriveKek(passphrase, salt, cost);
  const wrapped = seal(kek, vaultKey, wrapContext(vaultId, cost, salt));
  kek.fill(0);
  session.write((log) => {
    database
      .prepare('UPDATE vault SET kdf_n = ?, kdf_r = ?, kdf_p = ?, kdf_salt = ?, wrapped_key = ? WHERE id = 1')
      .run(cost.n, cost.r, cost.p, salt, wrapped);
    tell(log);
  });
}

/** Wraps the vault's key anew when that was done at a lower cost than today's. */
export async function raiseCost(session: VaultSession, vaultKey: Buffer, passphrase: string, cost: KdfCost): Promise<void> {
  const { kdf_n, kdf_r, kdf_p } = vaultRow(session.database);
  if (kdf_n * kdf_r * kdf_p < cost.n * cost.r * cost.p) await wrapAnew(session, vaultKey, passphrase, cost, () => undefined);
}

/**
 * After what opened the vault was replaced, or a key left it: nothing beside it may open with the old one or hold the key. A copy of it as it is now takes the
 * place of the copies; those from before a migration go only when that copy could be made.
 */
export function renewCopies(database: Database, file: string): void {
  // the log holds the pages that were overwritten
  if (!database.memory) database.pragma('wal_checkpoint(TRUNCATE)');
  dropCopies(file);
  if (keepCopy(database, file) !== null) dropCopiesBeforeMigrations(file);
}
