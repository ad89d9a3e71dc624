import type { HandedKey } from '../../authority/issuer.ts';
import { authoritiesOf } from '../../authority/lookup.ts';
import { readAuthorityKey } from '../../jobs/authority-key.ts';
import type { VaultSession } from '../../vault/session.ts';

/** Runs an act with a key that the window brought, and wipes it afterwards. */
export async function withBroughtKey<T>(
  session: VaultSession,
  projectId: number | undefined,
  key: { readonly pem: string; readonly passphrase: string } | undefined,
  act: (handed: HandedKey | undefined) => Promise<T>,
): Promise<T> {
  if (!key || projectId === undefined) return act(undefined);
  const handed = await readAuthorityKey(session, authoritiesOf(session, projectId), key);
  try {
    return await act(handed);
  } finally {
    handed.pkcs8.fill(0);
  }
}
