import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { app } from 'electron';
import type { CallOutput, Settings } from '../../shared/contract.ts';
import type { VaultState } from '../../shared/model/vault.ts';

/** Everything that the first paint of a page needs: written into the page where it is known, and the answer to `app.start`. */
export type StartSnapshot = CallOutput<'app.start'>;

export function startSnapshot(vault: VaultState, settings: Settings): StartSnapshot {
  const { platform } = process;
  return {
    vault,
    settings,
    systemLanguage: app.getLocale(),
    systemUser: systemUser(),
    platform: platform === 'win32' || platform === 'darwin' || platform === 'linux' ? platform : 'other',
    version: app.getVersion(),
  };
}

/**
 * What is known of a vault that was used here before, without looking into it. Null where only its thread knows: nobody
 * used it here, or the file is gone. `keychain`: its key may be kept here.
 */
export function rememberedSnapshot(
  file: string,
  lastOperator: string | null,
  keychain: { mayOpen(file: string): boolean },
  settings: Settings,
): StartSnapshot | null {
  if (lastOperator === null || !existsSync(file)) return null;
  return startSnapshot({ state: 'locked', file, lastOperator, keychain: keychain.mayOpen(file) }, settings);
}

/** Offered as the operator's name where nobody has given one. An account without an entry has no name. */
export function systemUser(): string {
  try {
    return userInfo().username.slice(0, 64);
  } catch {
    return '';
  }
}
