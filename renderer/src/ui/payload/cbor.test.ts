import { encode } from 'cborg';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readCbor } from './cbor.ts';
import { textOfValue } from './value.ts';
import { read } from './views.ts';

const fromHex = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));
const written = (bytes: Uint8Array) => textOfValue(readCbor(bytes).value).replace(/\n\s*/g, ' ');

/** RFC 8949, Appendix A; floats of 32 bits with the digits that they need, strings of indefinite length in one piece. */
const examples: readonly (readonly [string, string])[] = [
  ['00', '0'],
  ['17', '23'],
  ['1818', '24'],
  ['1903e8', '1000'],
  ['1a000f4240', '1000000'],
  ['1bffffffffffffffff', '18446744073709551615'],
  ['c249010000000000000000', '18446744073709551616'],
  ['3bffffffffffffffff', '-18446744073709551616'],
  ['c349010000000000000000', '-18446744073709551617'],
  ['20', '-1'],
  ['3903e7', '-1000'],
  ['f90000', '0.0'],
  ['f98000', '-0.0'],
  ['f93c00', '1.0'],
  ['fb3ff199999999999a', '1.1'],
  ['f93e00', '1.5'],
  ['f97bff', '65504.0'],
  ['fa47c35000', '100000.0'],
  ['fa7f7fffff', '3.4028235e+38'],
  ['fb7e37e43c8800759c', '1e+300'],
  ['f90001', '5.960464477539063e-8'],
  ['f90400', '0.00006103515625'],
  ['f9c400', '-4.0'],
  ['f97c00', 'Infinity'],
  ['f97e00', 'NaN'],
  ['faff800000', '-Infinity'],
  ['f4', 'false'],
  ['f5', 'true'],
  ['f6', 'null'],
  ['f7', 'undefined'],
  ['f0', 'simple(16)'],
  ['f8ff', 'simple(255)'],
  ['c074323031332d30332d32315432303a30343a30305a', '0("2013-03-21T20:04:00Z")'],
  ['c11a514b67b0', '1(1363896240)'],
  ['d74401020304', "23(h'01020304')"],
  ['d818456449455446', "24(h'6449455446')"],
  ['40', "h''"],
  ['4401020304', "h'01020304'"],
  ['60', '""'],
  ['62225c', '"\\"\\\\"'],
  ['62c3bc', '"ü"'],
  ['64f0908591', '"𐅑"'],
  ['80', '[]'],
  ['8301820203820405', '[ 1, [ 2, 3 ], [ 4, 5 ] ]'],
  ['a0', '{}'],
  ['a201020304', '{ 1: 2, 3: 4 }'],
  ['a26161016162820203', '{ "a": 1, "b": [ 2, 3 ] }'],
  ['5f42010243030405ff', "h'0102030405'"],
  ['7f657374726561646d696e67ff', '"streaming"'],
  ['9fff', '[]'],
  ['9f018202039f0405ffff', '[ 1, [ 2, 3 ], [ 4, 5 ] ]'],
  ['bf61610161629f0203ffff', '{ "a": 1, "b": [ 2, 3 ] }'],
  ['bf6346756ef563416d7421ff', '{ "Fun": true, "Amt": -2 }'],
];

test.each(examples)('the standard’s example %s', (hex, text) => {
  expect(written(fromHex(hex))).toBe(text);
});

test.each(['1c', '18', '61', '5f6161ff', '9f', 'ff', 'f818', '8201', '0000', 'df00', '1f'])('%s is not well-formed', (hex) => {
  expect(read('cbor', fromHex(hex))).toBeNull();
});

test('what another implementation wrote is read as it was meant', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      const meant = JSON.parse(JSON.stringify(value));
      expect(JSON.parse(written(encode(meant)))).toEqual(meant);
    }),
  );
  expect(written(encode({ reading: 2n ** 63n, raw: Uint8Array.of(1, 255) }))).toBe(
    '{ "raw": h\'01ff\', "reading": 9223372036854775808 }',
  );
});

test('no bytes throw, and hostile ones end soon', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void read('cbor', bytes)),
    { numRuns: 20_000 },
  );
  expect(readCbor(new Uint8Array(1_000_000).fill(0x81)).cut).toBe('depth');
  expect(readCbor(new Uint8Array(1_000_000).fill(0xc1)).cut).toBe('depth');
  expect(readCbor(Uint8Array.of(0x5f, ...new Array(100_000).fill(0x40))).cut).toBe('values');
  expect(readCbor(Uint8Array.of(0x9b, ...new Array(8).fill(255), ...new Array(100_000).fill(1))).cut).toBe('values');
  expect(read('cbor', Uint8Array.of(0x9b, ...new Array(8).fill(255)))).toBeNull();
});
