import { expect, test } from 'vitest';
import { spanOf } from './end-span.ts';

const now = Date.UTC(2026, 10, 22, 10, 20);
const day = 86_400_000;

test('days from now, the same for a whole hour, what has ended already included', () => {
  const { within, ends } = spanOf({ within: '30' }, now);
  expect(within).toBe(30);
  expect(ends).toEqual({ endsBefore: Date.UTC(2026, 10, 22, 11) + 30 * day });
  expect(spanOf({ within: '30' }, now + 30 * 60_000).ends).toEqual(ends);
});

test('a bar of the calendar, and nothing at all', () => {
  expect(spanOf({ from: '1000', before: '2000' }, now)).toEqual({ ends: { endsFrom: 1000, endsBefore: 2000 } });
  expect(spanOf({ before: '2000' }, now)).toEqual({ ends: { endsBefore: 2000 } });
  for (const params of [{}, { within: '31' }, { from: '-1', before: '1e9' }, { from: 'x' }])
    expect(spanOf(params, now)).toEqual({ ends: {} });
});
