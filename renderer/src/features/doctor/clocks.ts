import type { DoctorClocks } from '../../../../shared/model/doctor-evidence.ts';

/** A difference as people say it: in the largest unit of which there is at least one. */
export function differenceOf(milliseconds: number): {
  readonly unit: 'seconds' | 'minutes' | 'hours' | 'days';
  readonly value: number;
} {
  const seconds = Math.round(Math.abs(milliseconds) / 1_000);
  if (seconds < 120) return { unit: 'seconds', value: seconds };
  if (seconds < 7_200) return { unit: 'minutes', value: Math.round(seconds / 60) };
  if (seconds < 172_800) return { unit: 'hours', value: Math.round(seconds / 3_600) };
  return { unit: 'days', value: Math.round(seconds / 86_400) };
}

/**
 * Both clocks are fit for checking certificates: they are issued a day before they are needed, so minutes do no harm, but a clock
 * that is off by more than that will be off by more one day.
 */
export const clockTolerance = 120_000;

/** How the clocks are to each other; `unknown`: the broker tells nothing. */
export function clockStanding({ own, broker, after, before }: DoctorClocks): 'fine' | 'apart' | 'between' | 'unknown' {
  if (broker !== null) return Math.abs(broker - own) <= clockTolerance ? 'fine' : 'apart';
  return after !== null && before !== null ? 'between' : 'unknown';
}
