import { useSyncExternalStore } from 'react';
import type { CallInput, CallOutput } from '../../../shared/contract.ts';
import type { ErrorReport } from '../../../shared/errors.ts';
import type { JobProgress } from '../../../shared/model/job.ts';
import { call, reportOf } from './client.ts';
import { queryClient } from './queries.ts';
import { type Pace, paceAfter } from './remaining.ts';

/** Calls that report progress and can be cancelled. */
export type JobCall =
  | 'project.provision'
  | 'device.add'
  | 'device.replace'
  | 'request.sign'
  | 'certificate.renew'
  | 'certificate.revokeMany'
  | 'certificate.releaseMany'
  | 'authority.replace'
  | 'authority.finish'
  | 'authority.reissue'
  | 'rotation.scan'
  | 'import.review'
  | 'import.run'
  | 'export.run'
  | 'export.rekey'
  | 'backup.write'
  | 'recording.export'
  | 'recording.replay';

export interface JobOf<N extends JobCall> {
  readonly id: string;
  readonly call: N;
  /** What it works on, for a line in the tray: a project, a device, a drive. Never a secret. */
  readonly subject: string;
  /** The page that shows it. */
  readonly href: string;
  readonly state: 'running' | 'cancelling' | 'paused' | 'done' | 'failed' | 'cancelled';
  readonly progress: JobProgress | null;
  readonly pace: Pace;
  readonly result: CallOutput<N> | null;
  readonly error: ErrorReport | null;
}
export type Job = { [N in JobCall]: JobOf<N> }[JobCall];

let jobs: readonly Job[] = [];
const listeners = new Set<() => void>();
let listening = false;

function publish(next: readonly Job[]): void {
  jobs = next;
  for (const each of listeners) each();
}

function change(id: string, with_: (job: Job) => Partial<JobOf<JobCall>>): void {
  publish(jobs.map((job) => (job.id === id ? ({ ...job, ...with_(job) } as Job) : job)));
}

/** Progress may arrive before the answer to the call, so the id is ours and the events are heard from the first job on. */
function listen(): void {
  if (listening) return;
  listening = true;
  window.fieldkey.on('job.progress', (payload) => {
    const { jobId, ...progress } = payload as { readonly jobId: string } & JobProgress;
    change(jobId, (job) => ({
      progress,
      pace: paceAfter(job.state === 'paused' ? null : job.pace, progress, performance.now()),
      ...(job.state === 'paused' ? { state: 'running' } : {}),
    }));
  });
  window.fieldkey.on('job.paused', (payload) => {
    const { jobId } = payload as { readonly jobId: string };
    change(jobId, () => ({ state: 'paused' }));
  });
}

/**
 * Starts long work and gives its id. It goes on while other pages are shown; whoever knows the id sees it with useJob.
 * The input goes to main and is not kept here: it may hold a passphrase.
 */
export function startJob<N extends JobCall>(
  name: N,
  input: Omit<CallInput<N>, 'jobId'>,
  about: { readonly subject: string; readonly href: string },
): string {
  listen();
  const id = crypto.randomUUID();
  const job = { id, call: name, ...about, state: 'running', progress: null, pace: null, result: null, error: null };
  publish([...jobs, job as unknown as Job]);
  const send = call as (name: JobCall, input: unknown) => Promise<unknown>;
  send(name, { ...input, jobId: id })
    .then(
      (result) => change(id, () => ({ state: 'done', result: result as CallOutput<JobCall> })),
      (cause: unknown) => {
        const error = reportOf(cause);
        change(id, () => ({
          state: error.code === 'JOB_CANCELLED' || error.code === 'EXPORT_CANCELLED' ? 'cancelled' : 'failed',
          error,
        }));
      },
    )
    // also a cancelled job has changed something; what is on screen is asked again
    .finally(() => {
      if (abandoned.delete(id)) dismissJob(id);
      void queryClient.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'app.start' });
    });
  return id;
}

/** Asks for an end: main finishes the current unit, then the job says what was kept. */
export async function cancelJob(id: string): Promise<void> {
  change(id, () => ({ state: 'cancelling' }));
  try {
    await call('job.cancel', { jobId: id });
  } catch {
    // it ended in the meantime: its own answer is on the way and says how
  }
}

/** Jobs whose result nobody waits for: they leave the list when they end. */
const abandoned = new Set<string>();

/** Takes work off the list whose result nobody waits for any more; what still runs is cancelled, and leaves when it has ended. */
export function abandonJob(id: string): void {
  const job = jobs.find((each) => each.id === id);
  if (!job) return;
  if (isActive(job)) {
    abandoned.add(id);
    void cancelJob(id);
  } else dismissJob(id);
}

/** Takes a finished job off the list. A running one stays: nothing works unseen. */
export function dismissJob(id: string): void {
  publish(jobs.filter((job) => job.id !== id || isActive(job)));
}

export function isActive(job: Job): boolean {
  return job.state === 'running' || job.state === 'cancelling' || job.state === 'paused';
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** All jobs of this window, the oldest first. */
export function useJobs(): readonly Job[] {
  return useSyncExternalStore(subscribe, () => jobs);
}

/** One job, or null when the id is null or the job was dismissed. */
export function useJob<N extends JobCall>(name: N, id: string | null): JobOf<N> | null {
  const found = useJobs().find((job) => job.id === id && job.call === name);
  return (found as JobOf<N> | undefined) ?? null;
}
