import type { HandedKey } from '../authority/issuer.ts';
import { authoritiesOf } from '../authority/lookup.ts';
import { readAuthorityKey } from '../jobs/authority-key.ts';
import type { VaultSession } from '../vault/session.ts';
import type { CommandContext } from './context.ts';
import { askPassphrase } from './passphrase.ts';

/**
 * Runs an act with the key of an authority that is kept outside of the vault, from the file of `--key`; its passphrase is
 * FIELDKEY_AUTHORITY_PASSPHRASE or asked for. The key is wiped when the act has ended. Without `--key` it just runs.
 * @throws AUTHORITY_KEY_OTHER, KEY_PASSPHRASE_WRONG, FILE_MALFORMED
 */
export async function authorityKey<T>(
  context: CommandContext,
  session: VaultSession,
  projectId: number,
  options: { readonly key?: string | undefined },
  act: (handed: HandedKey | undefined) => Promise<T>,
): Promise<T> {
  if (options.key === undefined) return act(undefined);
  const passphrase = await askPassphrase('Passphrase of the authority key', {
    twice: false,
    variable: 'FIELDKEY_AUTHORITY_PASSPHRASE',
  });
  const handed = await readAuthorityKey(session, authoritiesOf(session, projectId), {
    file: context.path(options.key),
    passphrase,
  });
  try {
    return await act(handed);
  } finally {
    handed.pkcs8.fill(0);
  }
}
