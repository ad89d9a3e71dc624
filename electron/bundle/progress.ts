import { FieldkeyError } from '../../shared/errors.ts';
import type { JobControl, JobStep } from '../../shared/model/job.ts';

/** At most ten reports a second (architecture, "Jobs"): eight, and the last of one step and the first of the next. */
const interval = 125;

/** Counts one step of an export, reports it, and stops it when it was cancelled. */
export class StepProgress {
  readonly #control: JobControl | undefined;
  readonly #step: JobStep;
  readonly #directory: string;
  #total: number;
  #done = 0;
  #reported = Number.NEGATIVE_INFINITY;

  constructor(control: JobControl | undefined, step: JobStep, total: number, directory: string) {
    this.#directory = directory;
    this.#control = control;
    this.#step = step;
    this.#total = total;
  }

  /** `count` more are finished. */
  add(count: number): void {
    this.#done += count;
    this.#total = Math.max(this.#total, this.#done);
    const now = performance.now();
    if (now - this.#reported < interval) return;
    this.#reported = now;
    this.#report();
  }

  /** @throws EXPORT_CANCELLED when that was asked for: unlike issuing, a half export keeps nothing */
  check(): void {
    if (this.#control?.signal?.aborted) throw new FieldkeyError('EXPORT_CANCELLED', { directory: this.#directory });
  }

  /** The last report of the step, whenever the one before it was. */
  finish(): void {
    this.#total = this.#done;
    this.#report();
  }

  #report(): void {
    this.#control?.onProgress?.({ step: this.#step, done: this.#done, total: this.#total });
  }
}
