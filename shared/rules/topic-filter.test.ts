import { describe, expect, it } from 'vitest';
import { filterCovers, filtersOverlap } from './topic-filter.ts';

describe('filterCovers', () => {
  it.each([
    ['lab/#', 'lab/energy/dash-1'],
    ['lab/#', 'lab'],
    ['lab/#', 'lab/+/x/#'],
    ['lab/+/x', 'lab/y/x'],
    ['#', 'a/b'],
    ['#', '#'],
    ['+/#', 'a/b/c'],
    ['$SYS/#', '$SYS/broker/#'],
  ])('%s covers %s', (outer, inner) => expect(filterCovers(outer, inner)).toBe(true));

  it.each([
    ['lab/+', 'lab/a/b'],
    ['lab/+', 'lab/#'],
    ['lab/a', 'lab/+'],
    ['lab/a/b', 'lab/a'],
    ['#', '$SYS/broker'],
    ['+/broker', '$SYS/broker'],
    ['lab/#', '#'],
  ])('%s does not cover %s', (outer, inner) => expect(filterCovers(outer, inner)).toBe(false));
});

describe('filtersOverlap', () => {
  it.each([
    ['lab/+/x', 'lab/y/+'],
    ['lab/a/#', 'lab/a'],
    ['lab/a/b', 'lab/#'],
  ])('%s and %s', (one, other) => {
    expect(filtersOverlap(one, other)).toBe(true);
    expect(filtersOverlap(other, one)).toBe(true);
  });

  it.each([
    ['lab/a', 'lab/b'],
    ['lab/a', 'lab/a/b'],
    ['#', '$SYS/x'],
  ])('not %s and %s', (one, other) => {
    expect(filtersOverlap(one, other)).toBe(false);
    expect(filtersOverlap(other, one)).toBe(false);
  });
});
