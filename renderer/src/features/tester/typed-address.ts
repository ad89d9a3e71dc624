import { useSyncExternalStore } from 'react';
import { useLoadedSession } from '../../bridge/session.ts';
import type { Address } from '../../ui/address.ts';

/** By vault and project: another vault counts its projects from 1 as well. */
const typed = new Map<string, Address>();
const listeners = new Set<() => void>();

/** The address that somebody typed for a project, null while nobody has. It stays while other pages are looked at, and over a lock. */
export function useTypedAddress(projectId: number): readonly [Address | null, (address: Address) => void] {
  const key = `${projectId} ${useLoadedSession().vault.file}`;
  const address = useSyncExternalStore(
    (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    () => typed.get(key) ?? null,
  );
  return [
    address,
    (next) => {
      typed.set(key, next);
      for (const changed of listeners) changed();
    },
  ];
}
