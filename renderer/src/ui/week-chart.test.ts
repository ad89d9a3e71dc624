import { expect, test } from 'vitest';
import { weekChart } from './week-chart.ts';

const week = 7 * 86_400_000;
const monday = Date.UTC(2026, 10, 16);
const weeks = (...counts: number[]) => counts.map((count, index) => ({ weekStart: monday + index * week, count }));

test('half a year is shown even when nothing ends later', () => {
  const chart = weekChart(weeks(3, 0, 1), monday, monday + 2 * week);
  expect(chart.bars).toHaveLength(26);
  expect(chart.weeksPerBar).toBe(1);
  expect(chart.total).toBe(4);
  expect(chart.bars.slice(0, 3).map(({ height }) => height)).toEqual([1, 0, 1 / 3]);
  expect(chart.bars.slice(0, 3).map(({ soon }) => soon)).toEqual([true, true, false]);
  expect(chart.peak?.start).toBe(monday);
});

test('weeks that main left out are gaps, not missing bars', () => {
  const chart = weekChart([...weeks(1), { weekStart: monday + 30 * week, count: 5 }], monday, monday);
  expect(chart.bars).toHaveLength(31);
  expect(chart.bars[30]?.count).toBe(5);
});

test('a long time is gathered into wider bars and no certificate is lost', () => {
  const chart = weekChart([...weeks(2), { weekStart: monday + 150 * week, count: 7 }], monday, monday);
  expect(chart.weeksPerBar).toBe(4);
  expect(chart.bars.length).toBeLessThanOrEqual(54);
  expect(chart.total).toBe(9);
});

test('nothing to show is no division by zero', () => {
  const chart = weekChart([], monday, monday);
  expect(chart.peak).toBeNull();
  expect(chart.bars.every(({ height }) => height === 0)).toBe(true);
});

test('month words keep their distance', () => {
  const { ticks } = weekChart(weeks(...new Array(53).fill(1)), monday, monday);
  expect(ticks[0]).toBe(0);
  for (const [index, tick] of ticks.entries()) if (index > 0) expect(tick - (ticks[index - 1] ?? 0)).toBeGreaterThanOrEqual(4);
});

test('January names its year, and the word after it keeps more distance', () => {
  for (const length of [26, 53]) {
    const { ticks, bars } = weekChart(weeks(...new Array(length).fill(1)), monday, monday);
    const january = ticks.findIndex((tick) => tick > 0 && new Date(bars[tick]?.start ?? 0).getUTCMonth() === 0);
    expect(january).toBeGreaterThan(0);
    expect((ticks[january + 1] ?? 0) - (ticks[january] ?? 0)).toBeGreaterThanOrEqual(length === 26 ? 7 : 11);
  }
});
