const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

export interface RelativeTime {
  /** Positive in the future. */
  readonly value: number;
  readonly unit: 'minute' | 'hour' | 'day' | 'month' | 'year';
}

function midnight(time: number): number {
  return new Date(time).setHours(0, 0, 0, 0);
}

/** Whole calendar months from `from` to `to`, `from` being the earlier one. */
function monthsBetween(from: Date, to: Date): number {
  const months = (to.getFullYear() - from.getFullYear()) * 12 + to.getMonth() - from.getMonth();
  return to.getDate() < from.getDate() ? months - 1 : months;
}

/**
 * The distance of a time (ms) as a person says it: days as calendar days in the local zone ("tomorrow" is never the
 * day after), from two months on months, from two years on years; both rounded down, a promise rather too short.
 */
export function relativeTime(time: number, now: number): RelativeTime {
  const sign = time < now ? -1 : 1;
  const distance = Math.abs(time - now);
  if (distance < hour) return { value: sign * Math.round(distance / minute) || 0, unit: 'minute' };
  if (distance < day) return { value: sign * Math.round(distance / hour), unit: 'hour' };
  const [from, to] = sign === 1 ? [now, time] : [time, now];
  const months = monthsBetween(new Date(from), new Date(to));
  if (months >= 24) return { value: sign * Math.floor(months / 12), unit: 'year' };
  if (months >= 2) return { value: sign * months, unit: 'month' };
  // daylight saving makes a day of 23 or 25 hours: rounding absorbs it
  return { value: sign * Math.round((midnight(to) - midnight(from)) / day), unit: 'day' };
}
