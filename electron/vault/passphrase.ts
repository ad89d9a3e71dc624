import { randomBytes } from 'node:crypto';
import { FieldkeyError } from '../../shared/errors.ts';
import { dropCopies, keepCopy } from './copies.ts';
import { checkPassphrase, defaultKdfCost, deriveKek, type KdfCost, seal, unseal } from './key-wrapping.ts';
import type { VaultSession } from './session.ts';

const wrapVersion = 1;

type Wrapping = { vault_id: Buffer; kdf_n: number; kdf_r: number; kdf_p: number; kdf_salt: Buffer; wrapped_key: Buffer };

/** What a wrapped vault key is bound to besides the passphrase: the vault and the way the passphrase was stretched. */
export function wrapContext(vaultId: Buffer, cost: KdfCost, salt: Buffer) {
  return [vaultId, wrapVersion, cost.n, cost.r, cost.p, salt];
}

/**
 * Gives the vault another passphrase: only the vault's own key is wrapped anew, everything else stays as it is sealed. The
 * old passphrase is asked for again, because an unlocked screen is no proof of who sits in front of it. The copies beside
 * the vault open with the old one, so they are replaced by one that does not; backups keep theirs.
 * @throws PASSPHRASE_WRONG, PASSPHRASE_WEAK, VAULT_LOCKED, what `VaultSession.write` throws
 */
export function changePassphrase(
  session: VaultSession,
  file: string,
  passphrases: { readonly old: string; readonly next: string },
  cost: KdfCost = defaultKdfCost,
): Promise<void> {
  checkPassphrase(passphrases.next);
  return session.inTurn(async () => {
    session.assertWritable();
    const { database } = session;
    const row = database.prepare<[], Wrapping>('SELECT * FROM vault WHERE id = 1').get();
    if (!row) throw new FieldkeyError('VAULT_DAMAGED', { file, detail: 'the row that holds the wrapped key is missing' });
    const before = { n: row.kdf_n, r: row.kdf_r, p: row.kdf_p };
    const kek = await deriveKek(passphrases.old, row.kdf_salt, before);
    const vaultKey = unseal(kek, row.wrapped_key, wrapContext(row.vault_id, before, row.kdf_salt));
    kek.fill(0);
    if (!vaultKey) throw new FieldkeyError('PASSPHRASE_WRONG', {});
    try {
      const salt = randomBytes(32);
      const fresh = await deriveKek(passphrases.next, salt, cost);
      const wrapped = seal(fresh, vaultKey, wrapContext(row.vault_id, cost, salt));
      fresh.fill(0);
      session.write((log) => {
        database
          .prepare('UPDATE vault SET kdf_n = ?, kdf_r = ?, kdf_p = ?, kdf_salt = ?, wrapped_key = ? WHERE id = 1')
          .run(cost.n, cost.r, cost.p, salt, wrapped);
        log('passphrase.change', { subject: session.operator });
      });
    } finally {
      vaultKey.fill(0);
    }
    dropCopies(file);
    keepCopy(database, file);
  });
}
