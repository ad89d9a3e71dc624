import { randomBytes } from 'node:crypto';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { FieldkeyError } from '../../shared/errors.ts';
import { moveAside } from './copies.ts';
import { closeDatabase, createDatabase, type Database, storageError } from './database.ts';
import { checkPassphrase, defaultKdfCost, deriveKek, seal } from './key-wrapping.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations.ts';
import { wrapContext } from './passphrase.ts';
import { VaultSession } from './session.ts';
import type { VaultOptions } from './vault-options.ts';

/**
 * Makes the file of a new vault: its key, wrapped, and the first entry of its audit log. Gives the key, which the caller wipes.
 * @throws VAULT_EXISTS, VAULT_NOT_WRITABLE, PASSPHRASE_WEAK
 */
export async function makeVaultFile(
  file: string,
  { passphrase, operator }: { readonly passphrase: string; readonly operator: string },
  options: VaultOptions,
): Promise<{ vaultKey: Buffer; vaultId: Buffer }> {
  checkPassphrase(passphrase);
  const vaultKey = randomBytes(32);
  const vaultId = randomBytes(16);
  const cost = options.kdfCost ?? defaultKdfCost;
  const salt = randomBytes(32);
  const kek = await deriveKek(passphrase, salt, cost);
  try {
    makeFile(file, options, (database) => {
      const session = new VaultSession(database, vaultKey, vaultId, operator, options.now ?? Date.now);
      const wrapped = seal(kek, vaultKey, wrapContext(vaultId, cost, salt));
      // the vault's row and the chain's first entry in one transaction: there is no vault without a head
      session.write((log) => {
        database
          .prepare(
            'INSERT INTO vault (id, vault_id, created_at, kdf_n, kdf_r, kdf_p, kdf_salt, wrapped_key, last_operator) VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)',
          )
          .run(vaultId, session.now(), cost.n, cost.r, cost.p, salt, wrapped, operator);
        log('vault.create', {
          subject: vaultId.toString('hex'),
          ...(options.practice ? { detail: { practice: true } } : {}),
        });
      });
      session.close();
    });
    return { vaultKey, vaultId };
  } catch (error) {
    vaultKey.fill(0);
    throw error;
  } finally {
    kek.fill(0);
  }
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
      migrate(database, options.migrations ?? migrations, (options.now ?? Date.now)());
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
