import { encode as msgpack } from '@msgpack/msgpack';
import { encode as cbor } from 'cborg';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changesOf } from './changes.ts';
import { readJson } from './json.ts';
import { isStructured, naturalView, payloadViews, read } from './views.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const reading = { power: 230.4, phase: ['L1', 'L2'], ok: true };

test('each payload has a natural view', () => {
  expect(naturalView('t', bytes('{"w":1}'))).toBe('json');
  expect(naturalView('t', bytes('230.4'))).toBe('text');
  expect(naturalView('t', bytes('{oops'))).toBe('text');
  expect(naturalView('t', Uint8Array.of(0, 1, 2, 250))).toBe('hex');
  expect(naturalView('t', new Uint8Array())).toBe('text');
  expect(naturalView('t', cbor(reading))).toBe('cbor');
  expect(naturalView('t', msgpack(reading))).toBe('msgpack');
  expect(naturalView('t', Uint8Array.of(0xd9, 0xd9, 0xf7, 0x01))).toBe('cbor');
  // a single number is valid in both
  expect(naturalView('t', Uint8Array.of(0x01))).toBe('hex');
});

test('no payload throws on any topic in any view', () => {
  const topic = fc.constantFrom('lab/x', 'spBv1.0/G/NDATA/E', 'spBv1.0/STATE/host');
  fc.assert(
    fc.property(topic, fc.uint8Array({ maxLength: 300 }), (where, payload) => {
      const before = payload.slice();
      expect(payloadViews).toContain(naturalView(where, payload));
      for (const view of payloadViews) if (isStructured(view)) read(view, payload);
      expect(payload).toEqual(before);
    }),
    { numRuns: 10_000 },
  );
});

const changes = (before: string, after: string) => changesOf(readJson(bytes(before)), readJson(bytes(after)));

test('the fields that changed, came and went', () => {
  expect(changes('{"a":1,"b":{"c":[1,2]},"gone":null}', '{"b":{"c":[1,3]},"a":1,"new":"x"}')).toEqual([
    { path: 'b.c[1]', before: '2', after: '3' },
    { path: 'new', before: null, after: '"x"' },
    { path: 'gone', before: 'null', after: null },
  ]);
  expect(changes('{"a":1, "b":2}', '{"b":2,"a":1}')).toEqual([]);
  expect(changes('1', '2')).toEqual([{ path: '', before: '1', after: '2' }]);
  expect(changes('{"a":1,"a":2}', '{"a":1,"a":3}')).toEqual([{ path: 'a (2)', before: '2', after: '3' }]);
});

test('two values differ in nothing only when they are the same', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      const [one, other] = [JSON.stringify(a), JSON.stringify(b)];
      expect(changes(one, one)).toEqual([]);
      const same = canonical(JSON.parse(one)) === canonical(JSON.parse(other));
      expect(changes(one, other).length === 0).toBe(same);
    }),
  );
});

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const members = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`);
  return `{${members.sort().join()}}`;
}
