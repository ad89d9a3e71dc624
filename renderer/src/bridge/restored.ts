import { useSyncExternalStore } from 'react';
import type { CallOutput } from '../../../shared/contract.ts';

/** A backup, or a copy that lay beside the vault: then there is no manifest. */
export type Restored = Omit<CallOutput<'vault.restore'>, 'vault'> & {
  readonly manifest: CallOutput<'backup.restore'>['manifest'] | null;
};

let latest: Restored | null = null;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What the last restore of this window did; the page that restored is gone when the vault opens. */
export function useLastRestore(): Restored | null {
  return useSyncExternalStore(subscribe, () => latest);
}

export function keepRestore(restored: Restored | null): void {
  latest = restored;
  for (const each of listeners) each();
}
