import { useSyncExternalStore } from 'react';
import type { ErrorReport } from '../../../../shared/errors.ts';
import type { DoctorProgress, DoctorReport, DoctorStep, DoctorStepReport } from '../../../../shared/model/doctor.ts';
import type { DoctorEvidence } from '../../../../shared/model/doctor-evidence.ts';
import type { VaultState } from '../../../../shared/model/vault.ts';
import { call, reportOf } from '../../bridge/client.ts';
import { type Choice, runInput, withoutSecrets } from './choice.ts';

export interface Run {
  readonly runId: string;
  readonly projectId: number;
  /** Without passwords and passphrases. */
  readonly choice: Choice;
  readonly startedAt: number;
  readonly state: 'running' | 'cancelling' | 'done';
  /** What has ended so far, and the step at hand. */
  readonly steps: Readonly<Partial<Record<DoctorStep, DoctorStepReport>>>;
  readonly at: DoctorStep | null;
  readonly report: DoctorReport | null;
  /** Main refused the call itself. */
  readonly error: ErrorReport | null;
  /** From an earlier time, out of the vault. */
  readonly kept: boolean;
}

let run: Run | null = null;
let listening = false;
const listeners = new Set<() => void>();

function publish(next: Run | null): void {
  run = next;
  for (const each of listeners) each();
}

function change(runId: string, with_: (now: Run) => Partial<Run>): void {
  if (run?.runId === runId) publish({ ...run, ...with_(run) });
}

function listen(): void {
  if (listening) return;
  listening = true;
  window.fieldkey.on('doctor.progress', (payload) => take(payload as DoctorProgress));
  window.fieldkey.on('vault.changed', (payload) => {
    // what was seen with an open vault is not shown beside a locked one
    if ((payload as VaultState).state !== 'unlocked') publish(null);
  });
}

function take({ runId, step, report }: DoctorProgress): void {
  change(runId, ({ steps }) => (report ? { steps: { ...steps, [step]: report }, at: null } : { at: step }));
}

/** Begins a run; one that is there and over is forgotten. It goes on while other pages are shown. */
export async function startRun(projectId: number, choice: Choice): Promise<void> {
  if (run && run.state !== 'done') return;
  listen();
  const runId = crypto.randomUUID();
  const kept = withoutSecrets(choice);
  publish({
    runId,
    projectId,
    choice: kept,
    startedAt: Date.now(),
    state: 'running',
    steps: {},
    at: null,
    report: null,
    error: null,
    kept: false,
  });
  try {
    const report = await call('doctor.run', runInput(choice, projectId, runId));
    const steps = Object.fromEntries(report.steps.map((each) => [each.step, each]));
    change(runId, () => ({ state: 'done', report, steps, at: null }));
  } catch (cause) {
    change(runId, () => ({ state: 'done', error: reportOf(cause), at: null }));
  }
}

export async function cancelRun(): Promise<void> {
  if (run?.state !== 'running') return;
  const { runId } = run;
  change(runId, () => ({ state: 'cancelling' }));
  // it may have ended in the meantime: its own answer is on the way
  await call('doctor.cancel', { runId }).catch(() => undefined);
}

/** The run of this project; null = there was none. */
export function useRun(projectId: number): Run | null {
  const now = useSyncExternalStore(
    (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    () => run,
  );
  return now?.projectId === projectId ? now : null;
}

export type Standing = 'waiting' | 'running' | 'passed' | 'warned' | 'failed' | 'skipped';

/** How far each step is. */
export function standingOf({ steps, at, state }: Run, step: DoctorStep): Standing {
  const done = steps[step];
  if (done) return done.outcome;
  if (state === 'done') return 'skipped';
  return at === step ? 'running' : 'waiting';
}

/** What was seen in a step; null while it was not reached. */
export function evidenceOf<S extends DoctorStep>({ steps }: Pick<Run, 'steps'>, step: S): DoctorEvidence[S] | null {
  return (steps[step]?.evidence ?? null) as DoctorEvidence[S] | null;
}
