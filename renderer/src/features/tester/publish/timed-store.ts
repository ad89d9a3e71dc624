import { useSyncExternalStore } from 'react';
import type { TimedState } from '../../../../../shared/model/timed.ts';
import { call } from '../../../bridge/client.ts';

/** The newest state of the timed run of each connection. */
let runs: ReadonlyMap<string, TimedState> = new Map();
const listeners = new Set<() => void>();
let listening = false;

function put(state: TimedState): void {
  runs = new Map(runs).set(state.connectionId, state);
  for (const each of listeners) each();
}

function listen(): void {
  if (listening) return;
  listening = true;
  window.fieldkey.on('timed.changed', (payload) => put(payload as TimedState));
  window.fieldkey.on('vault.changed', (payload) => {
    if ((payload as { state: string }).state === 'unlocked') return findRunning();
    runs = new Map();
    for (const each of listeners) each();
  });
  findRunning();
}

/** A page that was loaded again, or whose vault was locked meanwhile, finds what runs. */
function findRunning(): void {
  void call('timed.list')
    .then((list) => list.forEach(put))
    .catch(() => undefined);
}

/** How the timed run of a connection stands; null when it never had one. */
export function useTimed(connectionId: string | undefined): TimedState | null {
  const all = useSyncExternalStore(
    (changed) => {
      listen();
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    () => runs,
  );
  return (connectionId !== undefined && all.get(connectionId)) || null;
}

/** The answer of the call that started it. */
export function noteTimed(state: TimedState): void {
  put(state);
}

/** It was seen. */
export function forgetTimed(connectionId: string): void {
  const next = new Map(runs);
  next.delete(connectionId);
  runs = next;
  for (const each of listeners) each();
}
