import { expect, test } from 'vitest';
import { headState, rangeOf, type Selection, withDevices } from './selection.ts';

const device = (deviceId: number) => ({ deviceId, id: `m-${deviceId}`, serial: null });

test('adds and takes out without touching the others', () => {
  const none: Selection = new Map();
  const three = withDevices(none, [device(1), device(2), device(3)], true);
  expect([...withDevices(three, [device(2)], false).keys()]).toEqual([1, 3]);
  expect(none.size).toBe(0);
  expect(withDevices(three, [device(1)], true).size).toBe(3);
});

test('a range goes both ways, and is one row without an anchor', () => {
  expect(rangeOf(2, 5)).toEqual({ first: 2, last: 5 });
  expect(rangeOf(5, 2)).toEqual({ first: 2, last: 5 });
  expect(rangeOf(null, 4)).toEqual({ first: 4, last: 4 });
});

test('the box in the head', () => {
  expect([headState(0, 9), headState(3, 9), headState(9, 9)]).toEqual(['none', 'some', 'all']);
});
