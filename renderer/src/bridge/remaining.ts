import type { JobProgress, JobStep } from '../../../shared/model/job.ts';

/** Where a step stood at two moments (ms of a steady clock): what its speed is measured from. */
export type Pace = {
  readonly step: JobStep;
  readonly startedAt: number;
  readonly startedWith: number;
  readonly at: number;
  readonly done: number;
  readonly total: number;
} | null;

/** Below this the speed is a guess that would jump about. */
const minimumTime = 1_500;

/** The pace after a report at `now` ms. A new step begins to be measured anew: keys and files have different speeds. */
export function paceAfter(pace: Pace, progress: JobProgress, now: number): Pace {
  const { step, done, total } = progress;
  if (pace?.step !== step || done < pace.done) return { step, startedAt: now, startedWith: done, at: now, done, total };
  return { ...pace, at: now, done, total };
}

/** How long the present step still takes, in ms; null while nobody can know. */
export function remainingTime(pace: Pace, now: number): number | null {
  if (pace === null || pace.total <= 0) return null;
  const time = pace.at - pace.startedAt;
  const work = pace.done - pace.startedWith;
  if (time < minimumTime || work <= 0) return null;
  const left = ((pace.total - pace.done) * time) / work - (now - pace.at);
  return Math.max(0, left);
}

/** As a person says it: seconds in steps of five, from 90 seconds on minutes, rounded up. */
export function spokenTime(ms: number): { readonly unit: 'seconds' | 'minutes'; readonly count: number } {
  const seconds = ms / 1_000;
  if (seconds <= 90) return { unit: 'seconds', count: Math.max(5, Math.ceil(seconds / 5) * 5) };
  return { unit: 'minutes', count: Math.ceil(seconds / 60) };
}
