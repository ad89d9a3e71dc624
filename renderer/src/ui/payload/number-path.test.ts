import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readJson } from './json.ts';
import { leafAt, type NumberPath, nameOfPath, numberOf } from './number-path.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

test('every number of a document is found by its path, with the value that JSON.parse gives', () => {
  const walk = (value: unknown, path: NumberPath, found: [NumberPath, number][]) => {
    if (typeof value === 'number') found.push([path, value]);
    else if (Array.isArray(value)) for (const [at, each] of value.entries()) walk(each, [...path, at], found);
    else if (typeof value === 'object' && value !== null)
      for (const [key, each] of Object.entries(value)) walk(each, [...path, JSON.stringify(key)], found);
  };
  fc.assert(
    fc.property(fc.json(), (text) => {
      const found: [NumberPath, number][] = [];
      walk(JSON.parse(text), [], found);
      const { value } = readJson(bytes(text));
      for (const [path, number] of found) {
        const leaf = leafAt(value, path);
        expect(leaf && numberOf(leaf)).toBe(number);
      }
    }),
  );
});

test('what is not there or no number is null', () => {
  const { value } = readJson(bytes('{"a":{"b":[1,"2.5","x",true,{"a":3}]},"a":{"b":[7]},"big":1e999}'));
  const at = (...path: NumberPath) => {
    const leaf = leafAt(value, path);
    return leaf && numberOf(leaf);
  };
  expect([at('"a"', '"b"', 0), at('"a"', '"b"', 1), at('"a"'), at('"c"'), at('"big"'), at(0)]).toEqual([
    7,
    null,
    null,
    null,
    null,
    null,
  ]);
  const texts = readJson(bytes('["2.5","x",true,"",-0.5]')).value;
  expect([0, 1, 2, 3, 4].map((place) => numberOf(leafAt(texts, [place]) as never))).toEqual([2.5, null, null, null, -0.5]);
  expect(nameOfPath(['"power"', '"L1"', 3, 'alias 7'])).toBe('power.L1[3].alias 7');
});
