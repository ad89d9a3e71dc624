import { useEffect, useSyncExternalStore } from 'react';
import type { CallInput, EventPayload } from '../../../../shared/contract.ts';
import type { ErrorReport } from '../../../../shared/errors.ts';
import type { CheckOutcome } from '../../../../shared/model/check.ts';
import { call, reportOf } from '../../bridge/client.ts';
import { callOptions, queryClient } from '../../bridge/queries.ts';

/** A run that goes on, or one that could not be done. It outlives the page: other pages are used meanwhile. */
export interface Run {
  readonly runId: string;
  readonly projectId: number;
  readonly place: string;
  readonly state: 'running' | 'stopping' | 'failed';
  readonly done: number;
  /** 0 = not known yet. */
  readonly total: number;
  readonly seen: Readonly<Record<CheckOutcome, number>>;
  readonly error: ErrorReport | null;
}

let run: Run | null = null;
const listeners = new Set<() => void>();
let listening = false;

function publish(next: Run | null): void {
  run = next;
  for (const each of listeners) each();
}

/** Changes the run with this id; one that is over by now stays so. */
function change(runId: string, part: Partial<Run>): void {
  if (run?.runId === runId) publish({ ...run, ...part });
}

function listen(): void {
  if (listening) return;
  listening = true;
  window.fieldkey.on('check.progress', (payload) => {
    const { runId, done, total, results } = payload as EventPayload<'check.progress'>;
    if (run?.runId !== runId) return;
    const seen = { ...run.seen };
    for (const { outcome } of results) seen[outcome]++;
    change(runId, { done, total, seen });
  });
  window.fieldkey.on('vault.changed', (payload) => {
    if ((payload as { state: string }).state !== 'unlocked') publish(null);
  });
}

export type RunInput = Omit<CallInput<'check.run'>, 'runId'>;

/** Begins a run; the takeover was accepted before. One at a time: a second one is not begun. */
export async function startRun(input: RunInput): Promise<void> {
  listen();
  if (run !== null && run.state !== 'failed') return;
  const { projectId, host, port } = input;
  const runId = crypto.randomUUID();
  const seen = { passed: 0, failed: 0, untried: 0 };
  publish({ runId, projectId, place: `${host}:${port}`, state: 'running', done: 0, total: 0, seen, error: null });
  try {
    const report = await call('check.run', { ...input, runId });
    queryClient.setQueryData(callOptions('check.latest', { projectId }).queryKey, report);
    if (run?.runId === runId) publish(null);
  } catch (cause) {
    change(runId, { state: 'failed', error: reportOf(cause) });
  }
}

export async function stopRun(): Promise<void> {
  if (run?.state !== 'running') return;
  const { runId } = run;
  change(runId, { state: 'stopping' });
  try {
    await call('check.cancel', { runId });
  } catch {
    // it ended in the meantime: its own answer is on the way
  }
}

/** Takes the note of a run that could not be done off the page. */
export function forgetRun(): void {
  if (run?.state === 'failed') publish(null);
}

/** The run of a project, as it goes on or as it failed; null = none. */
export function useRun(projectId: number): Run | null {
  useEffect(listen, []);
  const present = useSyncExternalStore(
    (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    () => run,
  );
  return present?.projectId === projectId ? present : null;
}
