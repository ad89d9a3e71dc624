import { expect, it } from 'vitest';
import { parseJsonPath, valueAt } from './json-path.ts';

const document = { meter: { values: [1, { unit: 'kWh' }], "it's": true, 'a"b': null, größe: 2 } };

it.each<[string, unknown]>([
  ['$', document],
  ['$.meter.values[0]', 1],
  ['$.meter.values[-1].unit', 'kWh'],
  ["$['meter']['it\\'s']", true],
  ['$["meter"]["it\'s"]', true],
  [`$.meter['a"b']`, null],
  ['$.meter["a\\"b"]', null],
  ['$.meter.größe', 2],
  ['$.meter["gr\\u00f6\\u00dfe"]', 2],
])('%s', (path, value) => {
  expect(valueAt(document, parseJsonPath(path) ?? ['nowhere'])).toEqual({ found: true, value });
});

it.each(['$.nothing', '$.meter.values[2]', '$.meter.values[-3]', '$.meter[0]', '$.meter.values.length', '$.toString'])(
  '%s is not there',
  (path) => expect(valueAt(document, parseJsonPath(path) ?? [])).toEqual({ found: false }),
);

it.each(['', 'meter', '$meter', '$.', '$..a', '$.a.*', '$[*]', '$[01]', '$.a b', "$['a]", '$[?@.a]', '$.a[0:2]'])(
  '"%s" is no place',
  (path) => expect(parseJsonPath(path)).toBeNull(),
);
