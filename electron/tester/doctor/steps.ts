import type {
  DoctorProgress,
  DoctorStep,
  DoctorStepReport,
  DoctorVerdict,
  SkipReason,
  StepOutcome,
} from '../../../shared/model/doctor.ts';
import type { DoctorEvidence } from '../../../shared/model/doctor-evidence.ts';
import type { DoctorFinding } from '../../../shared/model/doctor-findings.ts';

/** What came of a step: what was seen and found, or why it was not done. `milliseconds` where it was measured apart. */
export type StepResult<S extends DoctorStep> =
  | { readonly findings: readonly DoctorFinding[]; readonly evidence: DoctorEvidence[S] | null; readonly milliseconds?: number }
  | { readonly skipped: SkipReason };

/** Runs steps one after the other and keeps what came of them. After the first failure, and after a cancel, the rest is skipped. */
export class StepLog {
  readonly #runId: string;
  readonly #tell: (progress: DoctorProgress) => void;
  readonly #signal: AbortSignal;
  readonly #reports: DoctorStepReport[] = [];

  constructor(runId: string, tell: (progress: DoctorProgress) => void, signal: AbortSignal) {
    this.#runId = runId;
    this.#tell = tell;
    this.#signal = signal;
  }

  get reports(): readonly DoctorStepReport[] {
    return this.#reports;
  }

  get failed(): boolean {
    return this.#reports.some(({ outcome }) => outcome === 'failed');
  }

  /** Gives whether the next step may follow. */
  async run<S extends DoctorStep>(step: S, work: () => Promise<StepResult<S>> | StepResult<S>): Promise<boolean> {
    const startedAt = Date.now();
    const begun = performance.now();
    const add = (report: DoctorStepReport) => {
      this.#reports.push(report);
      this.#tell({ runId: this.#runId, step, report });
    };
    const skip = (skipped: SkipReason) =>
      add({ step, outcome: 'skipped', skipped, startedAt, milliseconds: 0, findings: [], evidence: null } as DoctorStepReport);
    if (this.failed) skip('failed-before');
    else if (this.#signal.aborted) skip('cancelled');
    else {
      this.#tell({ runId: this.#runId, step, report: null });
      const result = await work();
      // what was cut off says nothing
      if (this.#signal.aborted) skip('cancelled');
      else if ('skipped' in result) skip(result.skipped);
      else {
        const { findings, evidence } = result;
        const milliseconds = result.milliseconds ?? performance.now() - begun;
        add({
          step,
          outcome: outcomeOf(findings),
          skipped: null,
          startedAt,
          milliseconds,
          findings,
          evidence,
        } as DoctorStepReport);
      }
    }
    return !this.failed && !this.#signal.aborted;
  }
}

function outcomeOf(findings: readonly DoctorFinding[]): StepOutcome {
  if (findings.some(({ weight }) => weight === 'error')) return 'failed';
  return findings.some(({ weight }) => weight === 'warning') ? 'warned' : 'passed';
}

/** The first step that failed says why, with its first error. */
export function verdictOf(steps: readonly DoctorStepReport[]): DoctorVerdict {
  const failed = steps.find(({ outcome }) => outcome === 'failed');
  if (failed)
    return { outcome: 'failed', step: failed.step, cause: failed.findings.find(({ weight }) => weight === 'error') ?? null };
  if (steps.some(({ skipped }) => skipped === 'cancelled')) return { outcome: 'cancelled', step: null, cause: null };
  const remarks = steps.some(({ outcome }) => outcome === 'warned');
  return { outcome: remarks ? 'remarks' : 'healthy', step: null, cause: null };
}
