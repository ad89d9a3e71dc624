import { expect, test } from 'vitest';
import type { Medium } from '../../../../shared/model/export.ts';
import { isTooSmall, stillThere } from './media.ts';

const medium = (path: string, removable = true, free: number | null = 1_000): Medium => ({
  path,
  label: path,
  volumeId: '',
  removable,
  fileSystem: 'vfat',
  size: null,
  free,
});

test('the only stick is chosen by itself', () => {
  expect(stillThere(null, [medium('/a'), medium('/disk', false)], [])).toBe('/a');
  expect(stillThere(null, [medium('/a'), medium('/b')], [])).toBeNull();
  expect(stillThere(null, [medium('/disk', false)], [])).toBeNull();
});

test('what was chosen stays chosen while it is there', () => {
  expect(stillThere('/b', [medium('/a'), medium('/b')], [])).toBe('/b');
  expect(stillThere('/folder', [medium('/a')], [medium('/folder', false)])).toBe('/folder');
  // taken out: never silently another one, unless there is only one
  expect(stillThere('/gone', [medium('/a'), medium('/b')], [])).toBeNull();
});

test('only a known lack of space is one', () => {
  expect(isTooSmall(medium('/a', true, 10), 11)).toBe(true);
  expect(isTooSmall(medium('/a', true, 11), 11)).toBe(false);
  expect(isTooSmall(medium('/a', true, null), 11)).toBe(false);
  expect(isTooSmall(medium('/a', true, 10), null)).toBe(false);
});
