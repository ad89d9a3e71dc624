import { ExtData, encode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readMsgpack } from './msgpack.ts';
import { textOfValue } from './value.ts';
import { read } from './views.ts';

const written = (bytes: Uint8Array) => textOfValue(readMsgpack(bytes).value).replace(/\n\s*/g, ' ');
const fromHex = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));

test('what another implementation wrote is read as it was meant', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const meant = JSON.parse(JSON.stringify(value));
      expect(JSON.parse(written(encode(meant)))).toEqual(meant);
    }),
  );
  for (const number of [
    0,
    127,
    128,
    255,
    256,
    65_535,
    65_536,
    4_294_967_295,
    2 ** 40,
    -1,
    -32,
    -33,
    -128,
    -129,
    -32_769,
    -(2 ** 40),
  ])
    expect(written(encode(number))).toBe(String(number));
  for (const length of [0, 31, 32, 255, 256, 65_535, 65_536]) {
    const text = 'ä'.repeat(length);
    expect(written(encode(text))).toBe(JSON.stringify(text));
    const list = new Array(Math.min(length, 4_000)).fill(true);
    expect(JSON.parse(written(encode(list)))).toEqual(list);
  }
  expect(written(encode(2n ** 63n, { useBigInt64: true }))).toBe('9223372036854775808');
  expect(written(encode(-(2n ** 63n), { useBigInt64: true }))).toBe('-9223372036854775808');
  expect(written(encode(230.1, { forceFloat32: true }))).toBe('230.1');
  expect(written(encode(1.5))).toBe('1.5');
  expect(written(encode(Uint8Array.of(1, 2)))).toBe("h'0102'");
  expect(written(encode(new ExtData(7, Uint8Array.of(1, 2, 3))))).toBe("ext(7, h'010203')");
});

test('timestamps in each of their three forms', () => {
  for (const iso of [
    '2026-03-01T12:00:00.000Z',
    '2026-03-01T12:00:00.250Z',
    '1900-01-01T00:00:00.500Z',
    '2600-01-01T00:00:00.000Z',
  ])
    expect(written(encode(new Date(iso)))).toBe(`timestamp(${iso.replace(/\.?0*Z$/, 'Z').replace(/(\.\d*?)0+Z$/, '$1Z')})`);
  expect(written(fromHex('d7ff0000000400000000'))).toBe('timestamp(1970-01-01T00:00:00.000000001Z)');
});

test.each(['c1', 'd9', '92', '81a161', '0000', 'c403ff'])('%s is no MessagePack', (hex) => {
  expect(read('msgpack', fromHex(hex))).toBeNull();
});

test('no bytes throw, and hostile ones end soon', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void read('msgpack', bytes)),
    { numRuns: 20_000 },
  );
  expect(readMsgpack(new Uint8Array(1_000_000).fill(0x91)).cut).toBe('depth');
  expect(readMsgpack(Uint8Array.of(0xdd, 255, 255, 255, 255, ...new Array(100_000).fill(1))).cut).toBe('values');
});
