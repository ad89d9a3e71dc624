import { FieldkeyError } from '../../shared/errors.ts';
import { copyPath, putInPlace } from './copies.ts';
import type { VaultSession } from './session.ts';
import { Vault } from './vault.ts';
import type { VaultOptions } from './vault-options.ts';
import type { Verification } from './verify.ts';

/** Looks at a vault that was found sound, before it takes the place of another; what it throws leaves everything as it is. */
export type Judge = (session: VaultSession) => void;

/**
 * Checks a vault file without touching it: pages, every row, the audit log. Needs its passphrase, because only the
 * unlocked key tells a whole row from an edited one.
 * @throws PASSPHRASE_WRONG, COPY_UNSOUND, and what `Vault.read` throws
 */
export async function verifyFile(
  file: string,
  secret: { readonly passphrase: string; readonly operator: string },
  options: VaultOptions = {},
  judge?: Judge,
): Promise<Verification> {
  return verifyVaultFile(file, () => Vault.read(file, options), secret, judge);
}

/** As `verifyFile`, for bytes that are not in a file: they never touch a disk. `name` stands in errors. */
export async function verifyBytes(
  name: string,
  bytes: Buffer,
  secret: { readonly passphrase: string; readonly operator: string },
  options: VaultOptions = {},
  judge?: Judge,
): Promise<Verification> {
  return verifyVaultFile(name, () => Vault.readBytes(name, bytes, options), secret, judge);
}

async function verifyVaultFile(
  file: string,
  open: () => Vault,
  secret: { readonly passphrase: string; readonly operator: string },
  judge: Judge | undefined,
): Promise<Verification> {
  const vault = readable(file, open);
  try {
    const session = await vault.unlock(secret.passphrase, secret.operator);
    const found = session.trouble;
    if (found?.kind === 'damaged') throw new FieldkeyError('COPY_UNSOUND', { file, detail: found.detail });
    const result = await vault.check();
    if (!result.sound) throw new FieldkeyError('COPY_UNSOUND', { file, detail: result.findings[0] ?? '' });
    judge?.(session);
    return result;
  } finally {
    vault.close();
  }
}

function readable(file: string, open: () => Vault): Vault {
  try {
    return open();
  } catch (error) {
    if (error instanceof FieldkeyError && (error.code === 'VAULT_DAMAGED' || error.code === 'VAULT_NOT_A_VAULT'))
      throw new FieldkeyError('COPY_UNSOUND', { file, detail: String(error.params['detail' as never] ?? error.code) }, error);
    throw error;
  }
}

/**
 * Puts a copy that Fieldkey kept (`listCopies`) in the place of a damaged or missing vault, once the copy is found sound;
 * the damaged file is kept under another name, which is given (null when there was none). The vault must not be open. Publish
 * new revocation lists afterwards, above the deployed ones (`publishAboveDeployed`): the copy is older than they may be.
 * @throws as `verifyFile`; what `judge` throws; VAULT_NOT_FOUND, VAULT_FULL, VAULT_NOT_WRITABLE
 */
export async function restoreCopy(
  file: string,
  name: string,
  secret: { readonly passphrase: string; readonly operator: string },
  options: VaultOptions = {},
  judge?: Judge,
): Promise<string | null> {
  const copy = copyPath(file, name);
  await verifyFile(copy, secret, options, judge);
  return putInPlace(file, copy, (options.now ?? Date.now)());
}
