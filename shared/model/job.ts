/** Long work as the window sees it. Progress counts only committed work. */
export const jobSteps = [
  'read',
  'check',
  'keys',
  'issue',
  'store',
  'revoke',
  'publish',
  'write',
  'verify',
  'backup',
  'prove',
  'replay',
] as const;
export type JobStep = (typeof jobSteps)[number];

export interface JobProgress {
  readonly step: JobStep;
  readonly done: number;
  readonly total: number;
}

/**
 * An AbortSignal, as far as work looks at it (shared/ knows neither Node nor the DOM). To look is enough: work that does not give its
 * thread back, as inside of a transaction, sees that it was cancelled all the same.
 */
export interface CancelSignal {
  readonly aborted: boolean;
}

/** How running work talks to whoever started it. */
export interface JobControl {
  /** Aborted = finish the current unit, then stop with JOB_CANCELLED. */
  readonly signal?: CancelSignal | undefined;
  readonly onProgress?: ((progress: JobProgress) => void) | undefined;
}
