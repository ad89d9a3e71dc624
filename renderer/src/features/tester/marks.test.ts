import { expect, test } from 'vitest';
import { colourOf, freeMark, marker } from './marks.ts';
import type { Subscription } from './panes.ts';

const subscription = (filter: string, mark: number, colour?: number): Subscription => ({
  filter,
  qos: 0,
  reasonCode: 0,
  mark,
  colour,
});

test('a message shows the signs of all subscriptions that bring it', () => {
  const of = marker([subscription('lab/#', 1), subscription('lab/+/power', 3, 6), subscription('$share/g/lab/heat/#', 10)]);
  expect(of('lab/a/power').map(({ mark, colour }) => [mark, colour])).toEqual([
    [1, 0],
    [3, 6],
  ]);
  expect(of('lab/heat').map(({ mark }) => mark)).toEqual([1, 10]);
  expect(of('other')).toEqual([]);
});

test('a sign stays with its subscription; a new one takes the first that is free', () => {
  expect(freeMark([])).toBe(1);
  expect(freeMark([subscription('a', 1), subscription('b', 3)])).toBe(2);
  expect([colourOf(subscription('a', 9)), colourOf(subscription('a', 2)), colourOf(subscription('a', 2, 5))]).toEqual([0, 1, 5]);
});
