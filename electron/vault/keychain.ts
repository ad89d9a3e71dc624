import { FieldkeyError } from '../../shared/errors.ts';
import { insertSlot, type KeychainSecret, removeSlots } from './keychain-slots.ts';
import { openVaultKey, renewCopies } from './passphrase.ts';
import type { VaultSession } from './session.ts';

/**
 * Lets a computer open this vault by what its keychain keeps (`secret`). The passphrase goes on opening it. It is asked for
 * here, because an unlocked screen is no proof of who sits in front of it. `replaces`: an earlier slot of the same computer.
 * @throws PASSPHRASE_WRONG, what `VaultSession.write` throws
 */
export function addKeychain(
  session: VaultSession,
  secret: KeychainSecret,
  {
    passphrase,
    computer,
    replaces,
  }: { readonly passphrase: string; readonly computer: string; readonly replaces?: string | undefined },
): Promise<void> {
  return session.inTurn(async () => {
    session.assertWritable();
    const { vaultKey } = await openVaultKey(session.database, passphrase);
    try {
      session.write((log) => {
        removeSlots(session, log, (slot) => slot === replaces);
        insertSlot(session, vaultKey, secret, computer);
        log('keychain.add', { subject: computer, detail: { slot: secret.slot } });
      });
    } finally {
      vaultKey.fill(0);
    }
  });
}

/**
 * Ends a computer's slot: from now on it asks for the passphrase. Copies beside the vault that still had the slot are renewed;
 * backups and copies made elsewhere keep it. @throws KEYCHAIN_ENDED when there is none, what `VaultSession.write` throws
 */
export function removeKeychain(session: VaultSession, file: string, slot: string): Promise<void> {
  return session.inTurn(async () => {
    session.write((log) => {
      if (removeSlots(session, log, (each) => each === slot) === 0) throw new FieldkeyError('KEYCHAIN_ENDED', {});
    });
    renewCopies(session.database, file);
  });
}

/** Ends all slots, in a vault that was put back to an earlier state: some of them may have been ended since. */
export function removeAllKeychains(session: VaultSession): void {
  if (session.tables.keychain.where('1 = 1 LIMIT 1').length === 0) return;
  session.write((log) => removeSlots(session, log, () => true));
}
