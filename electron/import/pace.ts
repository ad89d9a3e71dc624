import { FieldkeyError } from '../../shared/errors.ts';
import type { JobControl, JobStep } from '../../shared/model/job.ts';

/** ms of work at a stretch: a cancel or a lock must be heard while thousands of certificates are looked at. */
const breathTime = 40;

/** One step of reading what others left: tells how far it is, and lets whoever shares the thread have a turn. */
export class Pace {
  readonly #control: JobControl;
  readonly #step: JobStep;
  #breathed = performance.now();

  constructor(control: JobControl, step: JobStep) {
    this.#control = control;
    this.#step = step;
  }

  /** After each unit of the step. @throws JOB_CANCELLED */
  async tick(done: number, total: number): Promise<void> {
    this.#control.onProgress?.({ step: this.#step, done, total });
    if (performance.now() - this.#breathed > breathTime) {
      await new Promise((resolve) => setImmediate(resolve));
      this.#breathed = performance.now();
    }
    if (this.#control.signal?.aborted) throw new FieldkeyError('JOB_CANCELLED', { done, total });
  }
}
