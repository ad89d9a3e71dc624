import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { CheckComparison, CheckMatch } from '../../../shared/model/check.ts';
import { payloadMatches } from './match.ts';

const judge = (payload: string | Uint8Array, match: CheckMatch, published: string | Uint8Array = '') =>
  payloadMatches(Buffer.from(payload), match, Buffer.from(published));

it('compares whole texts, parts of them, and bytes', () => {
  expect(judge('', { kind: 'any' })).toBe(true);
  expect(judge('on', { kind: 'text', text: 'on' })).toBe(true);
  expect(judge('on ', { kind: 'text', text: 'on' })).toBe(false);
  expect(judge('größe 7', { kind: 'contains', text: 'öß' })).toBe(true);
  expect(judge('größe 7', { kind: 'contains', text: '8' })).toBe(false);
  expect(judge(Buffer.from('00ff', 'hex'), { kind: 'bytes', text: '00 FF' })).toBe(true);
  expect(judge(Buffer.from('00fe', 'hex'), { kind: 'bytes', text: '00 FF' })).toBe(false);
});

it('knows the same bytes, whatever they are, and no others', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array(), (one, other) => {
      expect(judge(one, { kind: 'same' }, one)).toBe(true);
      expect(judge(one, { kind: 'same' }, other)).toBe(Buffer.from(one).equals(Buffer.from(other)));
    }),
  );
});

it.each<[string, string, boolean]>([
  ['{"a":1,"b":2}', '{"a":1}', true],
  ['{"a":1}', '{"a":1,"b":2}', false],
  ['{"a":{"b":1,"c":2}}', '{"a":{"c":2}}', true],
  ['{"a":[1,2]}', '{"a":[1,2]}', true],
  ['{"a":[1,2,3]}', '{"a":[1,2]}', false],
  ['{"a":[{"b":1,"c":2}]}', '{"a":[{"b":1}]}', false],
  ['{"a":null}', '{"a":null}', true],
  ['{}', '{"a":null}', false],
  ['{"a":"1"}', '{"a":1}', false],
  ['{}', '{"toString":{}}', false],
  ['[1]', '{}', false],
  ['null', 'null', true],
  ['not JSON', '{}', false],
])('%s has the members of %s: %s', (payload, text, holds) => expect(judge(payload, { kind: 'json', text })).toBe(holds));

const reading = '{"power":{"value":3.5,"unit":"kW","on":true,"at":null}}';
it.each<[string, CheckComparison, string, boolean]>([
  ['$.power.value', 'equal', '3.5', true],
  ['$.power.value', 'equal', '3.50', true],
  ['$.power.value', 'equal', '"3.5"', false],
  ['$.power.value', 'different', '4', true],
  ['$.power.value', 'below', '4', true],
  ['$.power.value', 'below', '3.5', false],
  ['$.power.value', 'at-most', '3.5', true],
  ['$.power.value', 'above', '3', true],
  ['$.power.value', 'at-least', '3.6', false],
  ['$.power.value', 'above', '"3"', false],
  ['$.power.unit', 'equal', 'kW', true],
  ['$.power.unit', 'equal', '"kW"', true],
  ['$.power.unit', 'below', 'kX', true],
  ['$.power.on', 'equal', 'true', true],
  ['$.power.on', 'above', 'false', false],
  ['$.power.at', 'equal', 'null', true],
  ['$.power.at', 'exists', '', true],
  ['$.power', 'equal', '{"at":null,"on":true,"unit":"kW","value":3.5}', true],
  ['$.power', 'equal', '{"value":3.5}', false],
  ['$.energy', 'exists', '', false],
  ['$.energy', 'different', '1', false],
])('%s %s %s: %s', (path, compare, value, holds) => expect(judge(reading, { kind: 'path', path, compare, value })).toBe(holds));
