import { expect, test } from 'vitest';
import { readFilterLines } from './filter-lines.ts';

test('filters are read line by line, with what is wrong and where', () => {
  const { filters, problems } = readFilterLines('lab/#\r\n\n  lab/+/power \nlab/#\na/#/b\n$share/g/lab/{x}\rb+');
  expect(filters).toEqual(['lab/#', 'lab/+/power', '$share/g/lab/{x}']);
  expect(problems.map(({ line, problem }) => [line, problem.rule])).toEqual([
    [5, 'topic-hash'],
    [7, 'topic-plus'],
  ]);
  expect(readFilterLines(' \n')).toEqual({ filters: [], problems: [] });
});
