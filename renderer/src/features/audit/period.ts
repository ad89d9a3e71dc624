/** The stretches of time that can be asked for. */
export const periods = ['all', 'today', 'week', 'month', 'quarter', 'year', 'custom'] as const;
export type PeriodName = (typeof periods)[number];

export interface Period {
  readonly name: PeriodName;
  /** Days as `2026-11-22` of the local calendar; empty = open. For `custom` only. */
  readonly from: string;
  readonly to: string;
}

export interface Range {
  readonly since?: number;
  readonly until?: number;
}

const days = { today: 1, week: 7, month: 30, quarter: 90, year: 365 } as const;

/** The beginning of a local day, so many days later; undefined when it is no day. */
function startOf(text: string, later = 0): number | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) return undefined;
  // not by adding 24 hours: days of a change of the clock are shorter or longer
  return new Date(Number(match[1]), Number(match[2]) - 1, Number(match[3]) + later).getTime();
}

/** From the first moment of the first day, up to before the first moment after the last day (ms, local days). */
export function rangeOf(period: Period, now: number): Range {
  if (period.name === 'all') return {};
  if (period.name === 'custom') {
    const since = startOf(period.from);
    const until = startOf(period.to, 1);
    return { ...(since === undefined ? {} : { since }), ...(until === undefined ? {} : { until }) };
  }
  const today = new Date(now);
  return { since: new Date(today.getFullYear(), today.getMonth(), today.getDate() - days[period.name] + 1).getTime() };
}

/** A moment as a local day. */
export function dayOf(time: number): string {
  const date = new Date(time);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
