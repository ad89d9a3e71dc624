import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placeRows, scrollFor, tallest } from './long-list.ts';

const row = 44;
const view = 500;

test('a short list lies as it is', () => {
  expect(placeRows(100, row, view, 440)).toEqual({ height: 4_400, first: 10, offset: 440 });
  expect(placeRows(3, row, view, 0)).toEqual({ height: 132, first: 0, offset: 0 });
  expect(placeRows(0, row, view, 0)).toEqual({ height: 0, first: 0, offset: 0 });
});

test('of a long one both ends are reached, and what is in view is there without a gap', () => {
  fc.assert(
    fc.property(fc.integer({ min: 300_000, max: 50_000_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (count, part) => {
      const top = part * (tallest - view);
      const { height, first, offset } = placeRows(count, row, view, top);
      expect(height).toBe(tallest);
      // the first row begins at the upper edge or above, less than a row
      expect(offset).toBeLessThanOrEqual(top + 0.01);
      expect(offset).toBeGreaterThan(top - row - 0.01);
      expect(first * row).toBeLessThanOrEqual(count * row - view + 0.01);
    }),
  );
  const end = placeRows(1_000_000, row, view, tallest - view);
  expect(end.first + Math.ceil(view / row)).toBeGreaterThanOrEqual(999_999);
});

test('a row that is asked for comes into view, whatever the length', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5_000_000 }).chain((count) => fc.tuple(fc.constant(count), fc.nat({ max: count - 1 }))),
      fc.double({ min: 0, max: 1, noNaN: true }),
      ([count, index], part) => {
        const room = Math.max(0, Math.min(count * row, tallest) - view);
        const top = scrollFor(index, count, row, view, part * room) ?? part * room;
        const { first, offset } = placeRows(count, row, view, top);
        const begins = offset + (index - first) * row;
        expect(begins).toBeGreaterThanOrEqual(top - 0.5);
        expect(begins + row).toBeLessThanOrEqual(top + view + 0.5);
      },
    ),
  );
});
