import type { CallInput } from '../../../shared/contract.ts';
import type { VaultState } from '../../../shared/model/vault.ts';
import { call } from '../bridge/client.ts';
import { keepRestore } from '../bridge/restored.ts';
import { lockVault, setVault } from '../bridge/session.ts';
import { hrefOf } from '../ui/route.ts';

/** The system's dialog answers null when the person cancelled: then everything stays as it was. */
function adopt(vault: VaultState | null): void {
  if (vault) setVault(vault);
}

export async function chooseVault(): Promise<void> {
  adopt(await call('vault.choose'));
}

export async function choosePlace(): Promise<void> {
  adopt(await call('vault.createAt'));
}

export async function createVault(passphrase: string, operator: string): Promise<void> {
  adopt(await call('vault.create', { passphrase, operator: operator.trim() }));
}

export async function unlockVault(passphrase: string, operator: string): Promise<void> {
  adopt(await call('vault.unlock', { passphrase, operator: operator.trim() }));
}

/** By what this computer's keychain keeps; the page never sees it. */
export async function unlockByKeychain(operator: string): Promise<void> {
  adopt(await call('vault.unlockByKeychain', { operator: operator.trim() }));
}

/** Set by whoever wants the locked page to begin with the copies. */
let restoreWanted = false;

/** True once after `restoreInstead`. */
export function takeRestoreWish(): boolean {
  const wanted = restoreWanted;
  restoreWanted = false;
  return wanted;
}

/** Lets go of the damaged vault and shows its copies. */
export async function restoreInstead(): Promise<void> {
  restoreWanted = true;
  await lockVault();
}

/** Restores a copy, and goes to the page that says what was done. */
export async function restoreVault(input: CallInput<'vault.restore'>): Promise<void> {
  window.location.hash = hrefOf('backup');
  const { vault, ...restored } = await call('vault.restore', input);
  keepRestore({ ...restored, manifest: null });
  adopt(vault);
}

/** For a vault whose file is gone: asks for a place, and goes on there after unlocking. */
export async function saveVaultCopy(): Promise<void> {
  adopt(await call('vault.saveCopy'));
}

export async function confirmClock(): Promise<void> {
  adopt(await call('clock.confirm'));
}

export async function recoverVault(shares: readonly string[], passphrase: string, operator: string): Promise<void> {
  adopt(await call('shares.recover', { shares: [...shares], passphrase, operator: operator.trim() }));
}

/** Restores, and goes to the page that says what was done. */
export async function restoreFromBackup(input: CallInput<'backup.restore'>): Promise<void> {
  // main tells of the open vault before it answers: the page is to be there then
  window.location.hash = hrefOf('backup');
  const { vault, ...restored } = await call('backup.restore', input);
  keepRestore({ ...restored, own: 0 });
  adopt(vault);
}
