import type { CallInput, CallOutput } from '../../../shared/contract.ts';
import type { VaultState } from '../../../shared/model/vault.ts';
import { call } from './client.ts';
import { useBridgeEvent } from './events.ts';
import { queryClient, useCall } from './queries.ts';

/** The snapshot of the first paint, kept up to date by main's events. */
export type Session = CallOutput<'app.start'>;

const key = ['app.start', undefined] as const;

function update(change: (session: Session) => Session): void {
  queryClient.setQueryData<Session>(key, (session) => session && change(session));
}

/** Takes over a new state of the vault, from an event or from the reply of the call that caused it. */
export function setVault(vault: VaultState): void {
  // what was read from an open vault must not outlive it in this process
  if (vault.state !== 'unlocked') queryClient.removeQueries({ predicate: (query) => query.queryKey[0] !== key[0] });
  const before = queryClient.getQueryData<Session>(key)?.vault;
  update((session) => ({ ...session, vault }));
  // a vault that turned out to be damaged is read in another way from then on
  if (kindOf(before) !== kindOf(vault))
    void queryClient.invalidateQueries({ predicate: (found) => found.queryKey[0] !== key[0] });
}

function kindOf(vault: VaultState | undefined): string | undefined {
  return vault?.state === 'unlocked' ? vault.trouble?.kind : undefined;
}

/** The vault as the window knows it now; undefined before main has answered. */
export function vaultNow(): VaultState | undefined {
  return queryClient.getQueryData<Session>(key)?.vault;
}

export function useSession() {
  const query = useCall('app.start', undefined);
  useBridgeEvent('vault.changed', setVault);
  useBridgeEvent('settings.changed', (settings) => update((session) => ({ ...session, settings })));
  useBridgeEvent('project.changed', () => {
    // one project's change shows in the list, the overview and the table: all that is on screen is asked again
    void queryClient.invalidateQueries({ predicate: (found) => found.queryKey[0] !== key[0] });
  });
  return query;
}

/** For pages that exist only behind the lock: the snapshot is there. */
export function useLoadedSession(): Session {
  const { data } = useCall('app.start', undefined);
  if (!data) throw new Error('used before app.start was answered');
  return data;
}

export async function changeSettings(change: CallInput<'settings.change'>): Promise<void> {
  const settings = await call('settings.change', change);
  update((session) => ({ ...session, settings }));
}

export async function lockVault(): Promise<void> {
  setVault(await call('vault.lock'));
}
