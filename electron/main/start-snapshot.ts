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

/** Offered as the operator's name where nobody has given one. An account without an entry has no name. */
export function systemUser(): string {
  try {
    return userInfo().username.slice(0, 64);
  } catch {
    return '';
  }
}
