import { useSyncExternalStore } from 'react';
import type { ErrorReport } from '../../../shared/errors.ts';
import type { RecordingState } from '../../../shared/model/recording.ts';
import type { VaultState } from '../../../shared/model/vault.ts';
import { call, reportOf } from './client.ts';
import { queryClient } from './queries.ts';

let states: ReadonlyMap<string, RecordingState> = new Map();
/** Why a recording could not be started, by its connection. */
let errors: ReadonlyMap<string, ErrorReport> = new Map();
const listeners = new Set<() => void>();
let listening = false;

function publish(next: ReadonlyMap<string, RecordingState>): void {
  states = next;
  for (const each of listeners) each();
}

/** What was asked of recordings before is old: a list is shown anew. */
export function recordingsChanged(): void {
  void queryClient.invalidateQueries({
    predicate: ({ queryKey: [name] }) => name === 'recording.list' || name === 'recording.show',
  });
}

function take(state: RecordingState): void {
  const before = states.get(state.connectionId);
  publish(new Map(states).set(state.connectionId, state));
  if (!before || before.recordingId !== state.recordingId || state.ended !== null) recordingsChanged();
}

/** Hears of recordings from the first component on that shows one; a page that was loaded again asks what goes on. */
function listen(): void {
  if (listening) return;
  listening = true;
  window.fieldkey.on('recording.changed', (payload) => take(payload as RecordingState));
  window.fieldkey.on('vault.changed', (payload) => {
    // what is recorded goes on behind the lock, and is asked for again when the vault is open
    if ((payload as VaultState).state === 'unlocked') askLive();
    else publish(new Map());
  });
  askLive();
}

function askLive(): void {
  void call('recording.live').then(
    (live) => publish(new Map([...live.map((state) => [state.connectionId, state] as const), ...states])),
    () => undefined,
  );
}

function subscribe(listener: () => void): () => void {
  listen();
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What is being recorded of a connection, or how its last recording ended; null = nothing was. */
export function useRecordingOf(connectionId: string | undefined): RecordingState | null {
  const all = useSyncExternalStore(subscribe, () => states);
  return (connectionId !== undefined && all.get(connectionId)) || null;
}

/** The state of a recording that goes on; null for all others. */
export function useLiveRecording(recordingId: string): RecordingState | null {
  const all = useSyncExternalStore(subscribe, () => states);
  return [...all.values()].find((state) => state.recordingId === recordingId && state.ended === null) ?? null;
}

/** Takes the note of an ended recording off its connection. */
export function forgetRecording(connectionId: string): void {
  if (states.get(connectionId)?.ended) publish(new Map([...states].filter(([id]) => id !== connectionId)));
}

/** Starts the recording of a connection, or ends the one that goes on. What went wrong is told by `useRecordingError`. */
export async function toggleRecording(connectionId: string): Promise<void> {
  const goes = states.get(connectionId)?.ended === null;
  errors = new Map([...errors].filter(([id]) => id !== connectionId));
  try {
    await call(goes ? 'recording.stop' : 'recording.start', { connectionId });
  } catch (cause) {
    errors = new Map(errors).set(connectionId, reportOf(cause));
  }
  publish(new Map(states));
}

export function useRecordingError(connectionId: string | undefined): ErrorReport | null {
  const all = useSyncExternalStore(subscribe, () => errors);
  return (connectionId !== undefined && all.get(connectionId)) || null;
}
