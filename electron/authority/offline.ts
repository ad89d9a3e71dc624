import { renewCopies } from '../vault/passphrase.ts';
import type { AuthorityRow } from '../vault/rows.ts';
import type { VaultSession } from '../vault/session.ts';

/**
 * Removes an authority's private key from the vault, with its audit entry; SQLite writes zeros over it (secure_delete). The copies
 * beside the vault still hold the key and open with the same passphrase, so one of the vault as it is now takes their place.
 */
export function forgetAuthorityKey(session: VaultSession, authority: AuthorityRow, file: string): void {
  session.write((log) => {
    const row = session.tables.privateKey.get(authority.key_id);
    if (row) session.tables.privateKey.update({ ...row, sealed: null });
    log('authority.offline', {
      projectId: authority.project_id,
      subject: authority.name,
      detail: { authority: authority.id, offline: true, file },
    });
  });
  renewCopies(session.database, session.file);
}
