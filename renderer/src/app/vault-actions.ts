import type { VaultState } from '../../../shared/model/vault.ts';
import { call } from '../bridge/client.ts';
import { setVault } from '../bridge/session.ts';

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
