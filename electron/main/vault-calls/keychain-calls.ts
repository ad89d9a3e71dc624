import type { KeychainSlot } from '../../../shared/model/keychain.ts';
import { addKeychain, removeKeychain } from '../../vault/keychain.ts';
import { type KeychainSecret, keychainSlots } from '../../vault/keychain-slots.ts';
import type { VaultContext } from './context.ts';

/** What main asks the vault's thread about keychains; none of it is an answer to a page. */
export interface KeychainCalls {
  /** The slots whose keys this computer keeps, of all vaults, hexadecimal. */
  readonly 'keychain.held': (input: { slots: readonly string[] }) => void;
  /** The slot of the vault in use whose key this computer keeps; null = it has none. Also while the vault is locked. */
  readonly 'keychain.slot': () => string | null;
  readonly 'keychain.slots': () => KeychainSlot[];
  readonly 'keychain.add': (
    input: KeychainSecret & { passphrase: string; computer: string; replaces: string | undefined },
  ) => Promise<void>;
  readonly 'keychain.remove': (input: { slot: string }) => Promise<void>;
}

/** Which slots the vault in use has, and of which the keys are here. */
export class HeldSlots {
  #held: ReadonlySet<string> = new Set();
  #ofVault: readonly string[] = [];

  set held(slots: readonly string[]) {
    this.#held = new Set(slots);
  }

  /** The slots of the vault, as it was last seen. */
  set ofVault(slots: readonly string[]) {
    this.#ofVault = slots;
  }

  get first(): string | null {
    return this.#ofVault.find((slot) => this.#held.has(slot)) ?? null;
  }
}

export function keychainCalls({ session }: Pick<VaultContext, 'session'>, file: () => string, held: HeldSlots): KeychainCalls {
  const look = () => {
    held.ofVault = keychainSlots(session()).map(({ slot }) => slot);
  };
  return {
    'keychain.held': ({ slots }) => {
      held.held = slots;
    },
    'keychain.slot': () => held.first,
    'keychain.slots': () => keychainSlots(session()),
    'keychain.add': async ({ slot, key, ...input }) => {
      // what came through the thread's message is a copy
      const secret = { slot, key: Buffer.from(key) };
      try {
        await addKeychain(session(), secret, input);
        look();
      } finally {
        secret.key.fill(0);
        key.fill(0);
      }
    },
    'keychain.remove': async ({ slot }) => {
      await removeKeychain(session(), file(), slot);
      look();
    },
  };
}
