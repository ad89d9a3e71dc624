import { hostname } from 'node:os';
import { FieldkeyError, isErrorReport } from '../../../shared/errors.ts';
import type { VaultState } from '../../../shared/model/vault.ts';
import type { Keychain } from '../keychain.ts';
import type { VaultHost } from '../vault-host.ts';
import type { Handlers } from './answer-calls.ts';

export interface KeychainParts {
  readonly host: Pick<VaultHost, 'call'>;
  readonly keychain: Keychain;
  readonly vaultFile: () => string;
  readonly vaultState: () => VaultState | null;
  readonly changed: (state: VaultState) => VaultState;
}

type KeychainHandlers = Pick<
  Handlers,
  'keychain.show' | 'keychain.turnOn' | 'keychain.turnOff' | 'vault.unlockByKeychain' | 'passphrase.change'
>;

/** Opening a vault by this computer's keychain. Keys go from the keychain to the vault's thread and back, and are wiped here. */
export function createKeychainHandlers({ host, keychain, vaultFile, vaultState, changed }: KeychainParts): KeychainHandlers {
  /** Tells the vault's thread what is kept here: it says of a locked vault whether one of its slots is among it. */
  const tellHeld = () => host.call('keychain.held', { slots: keychain.slots });
  const practising = () => {
    const state = vaultState();
    return state?.state === 'unlocked' && state.practice;
  };
  return {
    'keychain.show': async () => {
      const slots = await host.call('keychain.slots', undefined);
      const obstacle = practising() ? 'practice' : keychain.obstacle();
      const kept = new Set(keychain.slots);
      const shown = slots.map((slot) => ({ ...slot, here: whereIs(slot, kept, keychain, obstacle === null) }));
      return { obstacle, computer: hostname(), slots: shown };
    },
    'keychain.turnOn': async ({ passphrase }) => {
      if (practising()) throw new FieldkeyError('KEYCHAIN_UNAVAILABLE', { reason: 'practice' });
      const before = await host.call('keychain.slot', undefined);
      // kept first: a slot in the vault whose key nobody has would be worth nothing
      const secret = keychain.keep(vaultFile());
      try {
        const replaces = before ?? undefined;
        await host.call('keychain.add', { ...secret, passphrase, computer: hostname(), replaces });
      } catch (error) {
        keychain.forget([secret.slot]);
        throw error;
      } finally {
        secret.key.fill(0);
      }
      if (before !== null) keychain.forget([before]);
      await tellHeld();
      return {};
    },
    'keychain.turnOff': async ({ slot }) => {
      await host.call('keychain.remove', { slot });
      keychain.forget([slot]);
      await tellHeld();
      return {};
    },
    'vault.unlockByKeychain': async ({ operator }) => {
      const slot = await host.call('keychain.slot', undefined);
      if (slot === null) throw new FieldkeyError('KEYCHAIN_LOST', {});
      const secret = keychain.take(slot);
      try {
        const state = await host.call('vault.unlockByKeychain', { ...secret, operator });
        keychain.moved(slot, vaultFile());
        return changed(state);
      } catch (error) {
        // the vault takes it no more; the key to nothing is not worth keeping
        if (isErrorReport(error) && error.code === 'KEYCHAIN_ENDED') keychain.forget([slot]);
        throw error;
      } finally {
        secret.key.fill(0);
      }
    },
    // the one slot that stays is that of the computer in front of which it is changed
    'passphrase.change': async (input) => {
      const keep = await host.call('keychain.slot', undefined);
      return host.call('passphrase.change', { ...input, keep });
    },
  };
}

/**
 * `yes`: this computer opens the vault by it. `lost`: it was made here, and what it needs is not here any more. `unusable`: it is
 * kept here, and the keychain cannot be used now. `no`: of another computer.
 */
function whereIs(
  { slot, computer }: { readonly slot: string; readonly computer: string },
  kept: ReadonlySet<string>,
  keychain: Keychain,
  usable: boolean,
): 'yes' | 'lost' | 'unusable' | 'no' {
  if (kept.has(slot)) return usable ? (keychain.opens(slot) ? 'yes' : 'lost') : 'unusable';
  return computer === hostname() ? 'lost' : 'no';
}
