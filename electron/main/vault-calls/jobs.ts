import { FieldkeyError, isErrorReport } from '../../../shared/errors.ts';
import type { CancelSignal, JobControl, JobProgress } from '../../../shared/model/job.ts';
import type { VaultSession } from '../../vault/session.ts';

/** ms between two reports of one job: at most ten a second (architecture, "Jobs"). */
const interval = 100;

export interface JobEvents {
  progress(jobId: string, progress: JobProgress): void;
  paused(jobId: string): void;
}

export interface JobOptions {
  readonly jobId: string;
  /** The vault file it works in; after a pause it goes on with this one only. */
  readonly file: string;
  /** True for work that passes over what is done already: it pauses with the vault. Other work ends with VAULT_LOCKED. */
  readonly resumes: boolean;
}

type Work<T> = (session: VaultSession, control: JobControl) => Promise<T>;

interface Job extends JobOptions {
  readonly work: Work<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly report: ProgressReport;
  stop: AbortController;
  /** Null while it is paused. */
  running: Promise<void> | null;
  why: 'cancelled' | 'locked' | null;
}

/** The long work in a vault's thread: progress, cancelling, and pausing while the vault is locked. */
export class VaultJobs {
  readonly #events: JobEvents;
  readonly #poll: () => void;
  readonly #jobs = new Map<string, Job>();

  /** `poll`: takes what was cancelled since, without waiting for the event loop; asked whenever work looks whether it goes on. */
  constructor(events: JobEvents, poll: () => void = () => undefined) {
    this.#events = events;
    this.#poll = poll;
  }

  /** Starts work under the id that the caller chose. Settles as the work does, after however many pauses. */
  run<T>(options: JobOptions, session: VaultSession, work: Work<T>): Promise<T> {
    if (this.#jobs.has(options.jobId)) {
      return Promise.reject(new FieldkeyError('INTERNAL', { detail: `there is a job ${options.jobId} already` }));
    }
    // between the wish to lock and the lock nothing new begins
    if (this.pausing) return Promise.reject(new FieldkeyError('VAULT_LOCKED', {}));
    return new Promise<T>((resolve, reject) => {
      const job: Job = {
        ...options,
        work,
        resolve: resolve as (value: unknown) => void,
        reject,
        report: new ProgressReport((progress) => this.#events.progress(options.jobId, progress)),
        stop: new AbortController(),
        running: null,
        why: null,
      };
      this.#jobs.set(job.jobId, job);
      this.#start(job, session);
    });
  }

  /** Finishes the unit that runs, then ends with JOB_CANCELLED; nothing for a job that is not there any more. */
  cancel(jobId: string): void {
    const job = this.#jobs.get(jobId);
    if (!job) return;
    job.why = 'cancelled';
    job.stop.abort();
    if (job.running === null) this.#settle(job, () => job.reject(new FieldkeyError('JOB_CANCELLED', job.report.last)));
  }

  get running(): boolean {
    return [...this.#jobs.values()].some((job) => job.running !== null);
  }

  get pausing(): boolean {
    return [...this.#jobs.values()].some((job) => job.running !== null && job.why === 'locked');
  }

  /** Stops everything after the unit that runs; resolves when nothing uses the session any more. */
  async pause(): Promise<void> {
    const running = [...this.#jobs.values()].filter((job) => job.running !== null);
    for (const job of running) {
      job.why ??= 'locked';
      job.stop.abort();
    }
    await Promise.all(running.map((job) => job.running));
  }

  /** Goes on with what was paused in this file. */
  resume(file: string, session: VaultSession): void {
    for (const job of this.#jobs.values()) if (job.running === null && job.file === file) this.#start(job, session);
  }

  #start(job: Job, session: VaultSession): void {
    job.why = null;
    job.stop = new AbortController();
    job.report.begin();
    const { signal } = job.stop;
    const poll = this.#poll;
    const looked: CancelSignal = {
      get aborted() {
        poll();
        return signal.aborted;
      },
    };
    const control: JobControl = { signal: looked, onProgress: (progress) => job.report.add(progress) };
    job.running = job.work(session, control).then(
      (value) => this.#settle(job, () => job.resolve(value)),
      (error: unknown) => this.#failed(job, error),
    );
  }

  #failed(job: Job, error: unknown): void {
    const stopped = isErrorReport(error) && ['JOB_CANCELLED', 'EXPORT_CANCELLED', 'VAULT_LOCKED'].includes(error.code);
    if (job.why !== 'locked' || !stopped) {
      this.#settle(job, () => job.reject(error));
      return;
    }
    if (!job.resumes) {
      this.#settle(job, () => job.reject(new FieldkeyError('VAULT_LOCKED', {})));
      return;
    }
    job.report.flush();
    job.running = null;
    this.#events.paused(job.jobId);
  }

  #settle(job: Job, settle: () => void): void {
    job.report.flush();
    this.#jobs.delete(job.jobId);
    settle();
  }
}

/**
 * One job's progress on its way out: thinned, the last word always told. Work that goes on after a pause counts only
 * what is left; here it is counted on from where it stood.
 */
class ProgressReport {
  readonly #tell: (progress: JobProgress) => void;
  #told = Number.NEGATIVE_INFINITY;
  #held: JobProgress | null = null;
  /** Of each step: what the first run said there is to do, and by how much the present run counts less. */
  readonly #totals = new Map<string, { total: number; offset: number | null }>();
  #last: JobProgress = { step: 'issue', done: 0, total: 0 };

  constructor(tell: (progress: JobProgress) => void) {
    this.#tell = tell;
  }

  get last(): { readonly done: number; readonly total: number } {
    return { done: this.#last.done, total: this.#last.total };
  }

  /** A run begins: the first report of each step shows how much is left. */
  begin(): void {
    for (const known of this.#totals.values()) known.offset = null;
  }

  add({ step, done, total }: JobProgress): void {
    const known = this.#totals.get(step) ?? { total, offset: null };
    this.#totals.set(step, known);
    known.offset ??= Math.max(0, known.total - total);
    const progress = { step, done: done + known.offset, total: total + known.offset };
    this.#last = progress;
    const now = performance.now();
    if (now - this.#told < interval && progress.done < progress.total) {
      this.#held = progress;
      return;
    }
    this.#told = now;
    this.#held = null;
    this.#tell(progress);
  }

  /** Tells what was held back. */
  flush(): void {
    if (this.#held) this.#tell(this.#held);
    this.#held = null;
  }
}
