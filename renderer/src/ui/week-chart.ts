const week = 7 * 86_400_000;

export interface ExpiryWeek {
  /** Monday, UTC, in ms. */
  readonly weekStart: number;
  readonly count: number;
}

export interface Bar {
  readonly start: number;
  readonly count: number;
  /** A fraction of the highest bar between 0 and 1. */
  readonly height: number;
  /** True while its certificates are already to be renewed. */
  readonly soon: boolean;
}

export interface WeekChart {
  readonly bars: readonly Bar[];
  readonly weeksPerBar: number;
  readonly total: number;
  /** The bar with most certificates; null when there are none. */
  readonly peak: Bar | null;
  /** Bars at which a month begins: where the axis gets a word. */
  readonly ticks: readonly number[];
}

/** Half a year at least, so that the bars of a young fleet do not become walls. */
const minimumBars = 26;
const steps = [1, 2, 4, 13, 26] as const;

/** Ticks that stand closer than this many bars would run into each other. */
const tickDistance = 4;

/**
 * Lays the counts out as bars without gaps from this week on, in as few weeks per bar as `maximumBars` allows.
 * `soonUntil` (ms): bars that begin before it are drawn as due.
 */
export function weekChart(weeks: readonly ExpiryWeek[], now: number, soonUntil: number, maximumBars = 54): WeekChart {
  const counted = weeks.filter(({ count }) => count > 0);
  const first = Math.min(now, ...weeks.map(({ weekStart }) => weekStart));
  // weeks as main counts them where it sent any, otherwise the days from now on
  const origin = weeks[0]?.weekStart ?? first;
  const last = Math.max(origin, ...counted.map(({ weekStart }) => weekStart));
  const needed = Math.round((last - origin) / week) + 1;
  const weeksPerBar = steps.find((step) => Math.ceil(needed / step) <= maximumBars) ?? Math.ceil(needed / maximumBars);
  const size = Math.max(minimumBars, Math.ceil(needed / weeksPerBar));
  const counts = new Array<number>(size).fill(0);
  for (const { weekStart, count } of counted) {
    const at = Math.floor(Math.round((weekStart - origin) / week) / weeksPerBar);
    counts[at] = (counts[at] ?? 0) + count;
  }
  const highest = Math.max(1, ...counts);
  const bars = counts.map((count, index): Bar => {
    const start = origin + index * weeksPerBar * week;
    return { start, count, height: count / highest, soon: start < soonUntil };
  });
  const peak = bars.reduce<Bar | null>((best, bar) => (bar.count > (best?.count ?? 0) ? bar : best), null);
  return { bars, weeksPerBar, total: counts.reduce((a, b) => a + b, 0), peak, ticks: monthTicks(bars) };
}

/** The first bar is "now"; then the first bar of each month, as many as there is room for. January names its year and is longer. */
function monthTicks(bars: readonly Bar[]): number[] {
  const minimum = Math.max(tickDistance, Math.ceil(bars.length / 9));
  const withYear = Math.ceil(minimum * 1.7);
  const ticks = [0];
  bars.forEach((bar, index) => {
    const before = bars[index - 1];
    if (!before || new Date(before.start).getUTCMonth() === new Date(bar.start).getUTCMonth()) return;
    const last = ticks.at(-1) ?? 0;
    const january = last > 0 && new Date(bars[last]?.start ?? 0).getUTCMonth() === 0;
    if (index - last >= (january ? withYear : minimum) && index <= bars.length - 2) ticks.push(index);
  });
  return ticks;
}
