import { expect, test } from 'vitest';
import { pageSize, pagesOf } from './paging.ts';

test('asks for the pages in view and no others', () => {
  expect(pagesOf(0, 20)).toEqual([0]);
  expect(pagesOf(pageSize - 5, pageSize + 5)).toEqual([0, 1]);
  expect(pagesOf(99_990, 99_999)).toEqual([499]);
});

test('an empty view is the first page', () => {
  expect(pagesOf(0, -1)).toEqual([0]);
});
