import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TestMessage } from '../../../../../shared/model/connection.ts';
import { csvOf } from './csv.ts';
import { mostSeries, nameOfField, PlotStore } from './plot-store.ts';
import { aligned, Points, thin } from './series.ts';

let seq = 0;
const message = (topic: string, text: string, at = ++seq): TestMessage => ({
  seq: ++seq,
  at,
  direction: 'in',
  topic,
  payload: new TextEncoder().encode(text),
  qos: 0,
  retain: false,
  reasonCode: null,
});
const points = (series: { points: Points } | undefined) =>
  Array.from({ length: series?.points.length ?? 0 }, (_, at) => [series?.points.time(at), series?.points.value(at)]);
const power = { topic: 'a', view: 'json', path: ['"power"'] } as const;

/** A store whose clock stands still: there is time for everything at once. */
const unhurried = () => new PlotStore(undefined, () => 0);

describe('lines', () => {
  test('begin with what is kept and go on with what comes; other topics and directions are not theirs', () => {
    const store = unhurried();
    expect(store.add(power, [message('a', '{"power":1}', 10), message('b', '{"power":2}', 11), message('a', '7', 12)])).toBe(
      true,
    );
    store.take([
      message('a', '{"power":"3.5"}', 20),
      { ...message('a', '{"power":9}', 21), direction: 'out' },
      message('b', '{"power":9}', 21),
      message('a', '{"power":null}', 22),
    ]);
    const bare = { topic: 'b', view: 'json', path: [] } as const;
    store.add(bare, [message('b', ' 230.4\n', 30)]);
    expect(store.series.map(points)).toEqual([
      [
        [10, 1],
        [20, 3.5],
      ],
      [[30, 230.4]],
    ]);
    expect([store.series[0]?.without, store.series.map(({ style }) => style)]).toEqual([2, [0, 1]]);
    expect(store.add(power, [])).toBe(true);
    expect(store.series.length).toBe(2);
    store.remove(store.series[0]?.id ?? '');
    expect(store.add({ ...power, topic: 'c' }, [])).toBe(true);
    expect(store.series.map(({ topic, style }) => [topic, style])).toEqual([
      ['b', 1],
      ['c', 0],
    ]);
  });

  test('are eight at most', () => {
    const store = unhurried();
    for (let line = 0; line < mostSeries; line++) expect(store.add({ ...power, topic: `t${line}` }, [])).toBe(true);
    expect(store.add(power, [])).toBe(false);
  });

  test('are read a few milliseconds at a time, in order and to the end; only what is beyond all patience is skipped, and counted', () => {
    let now = 0;
    const turns: (() => void)[] = [];
    const store = new PlotStore(
      undefined,
      () => now++,
      (work) => turns.push(work),
    );
    store.add(power, []);
    now = 0;
    store.take(Array.from({ length: 100 }, (_, value) => message('a', `{"power":${value}}`)));
    const first = store.series[0]?.points.length ?? 0;
    expect(first).toBeLessThan(20);
    store.take([message('a', '{"power":100}')]);
    for (let turn = turns.shift(); turn; turn = turns.shift()) turn();
    expect(points(store.series[0]).map(([, value]) => value)).toEqual(Array.from({ length: 101 }, (_, value) => value));
    expect(store.skipped).toBe(0);
    store.take(Array.from({ length: 30_000 }, () => message('a', '1')));
    expect(store.skipped).toBe(10_000);
    store.clear();
    for (let turn = turns.shift(); turn; turn = turns.shift()) turn();
    expect([store.series[0]?.points.length, store.skipped]).toEqual([0, 0]);
  });

  test('a metric of Sparkplug goes by its name', () => {
    expect(nameOfField({ view: 'sparkplug', path: ['metrics', '"Voltage/L1"', 'value'] })).toBe('Voltage/L1');
    expect(nameOfField({ view: 'json', path: ['"a"', 0] })).toBe('a[0]');
  });
});

describe('points', () => {
  const values = fc.array(fc.tuple(fc.integer({ min: -50, max: 1_000 }), fc.double({ noNaN: true, min: -1e6, max: 1e6 })), {
    maxLength: 300,
  });
  test('the newest are kept, and times never fall', () => {
    fc.assert(
      fc.property(values, (all) => {
        const kept = new Points(50);
        for (const [time, value] of all) kept.push(time, value);
        expect([kept.length, kept.gone]).toEqual([Math.min(50, all.length), Math.max(0, all.length - 50)]);
        for (let at = 0; at < kept.length; at++) {
          expect(kept.value(at)).toBe(all[all.length - kept.length + at]?.[1]);
          if (at > 0) expect(kept.time(at)).toBeGreaterThanOrEqual(kept.time(at - 1));
        }
      }),
    );
  });

  test('thinned out they keep their lowest and highest, their order and their ends', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 40 }), (all, columns) => {
        const kept = new Points(1_000);
        for (const [time, value] of all.toSorted(([a], [b]) => a - b)) kept.push(time, value);
        const some = thin(kept, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, columns);
        expect(some.length).toBeLessThanOrEqual(columns * 2);
        const of = (pairs: readonly (readonly [number, number])[]) => pairs.map(([, value]) => value);
        if (all.length > 0) {
          expect(Math.max(...of(some))).toBe(Math.max(...of(all)));
          expect(Math.min(...of(some))).toBe(Math.min(...of(all)));
        }
        for (let at = 1; at < some.length; at++) expect(some[at]?.[0]).toBeGreaterThanOrEqual(some[at - 1]?.[0] ?? 0);
      }),
    );
    const line = new Points();
    for (let at = 0; at < 10; at++) line.push(at, at);
    expect(thin(line, 4, 6, 100).map(([time]) => time)).toEqual([3, 4, 5, 6]);
  });

  test('of several lines stand over one row of times, none is lost', () => {
    const line = fc
      .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer()), { selector: ([time]) => time, maxLength: 30 })
      .map((each) => each.toSorted(([a], [b]) => a - b));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 4 }), (lines) => {
        const [times, ...columns] = aligned(lines);
        expect(times).toEqual([...new Set(lines.flatMap((each) => each.map(([time]) => time)))].toSorted((a, b) => a - b));
        lines.forEach((each, at) => {
          const back = times.flatMap((time, row) => {
            const value = columns[at]?.[row];
            return value === null || value === undefined ? [] : [[time, value]];
          });
          expect(back).toEqual(each);
        });
      }),
    );
    // two points of one line at the same time
    expect(
      aligned([
        [
          [1, 5],
          [1, 6],
        ],
        [[1, 7]],
      ]),
    ).toEqual([
      [1, 1],
      [5, 6],
      [7, null],
    ]);
  });
});

test('every point goes into the CSV; nothing in it is a formula', () => {
  const store = unhurried();
  store.add({ ...power, topic: '=a,"b"' }, [message('=a,"b"', '{"power":-1.5}', 1_767_225_600_000)]);
  store.add({ ...power, topic: 'c' }, [message('c', '{"power":2}', 1_767_225_599_000)]);
  expect(csvOf(store.series)).toBe(
    'time,topic,field,value\r\n2025-12-31T23:59:59.000Z,c,power,2\r\n' + `2026-01-01T00:00:00.000Z,"'=a,""b""",power,-1.5\r\n`,
  );
});
