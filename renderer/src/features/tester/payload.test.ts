import { expect, test } from 'vitest';
import { hexOf, isText, jsonOf, naturalView, previewOf, textOf } from './payload.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

test('JSON is laid out without touching a digit', () => {
  expect(jsonOf(bytes('{"a":12345678901234567890,"b":[1.50,{}],"c":"x, {y}: \\"z\\"","a":[]}'))).toBe(
    [
      '{',
      '  "a": 12345678901234567890,',
      '  "b": [',
      '    1.50,',
      '    {}',
      '  ],',
      '  "c": "x, {y}: \\"z\\"",',
      '  "a": []',
      '}',
    ].join('\n'),
  );
  expect(jsonOf(bytes('230.4'))).toBe('230.4');
  expect(jsonOf(bytes(''))).toBeNull();
  expect(jsonOf(bytes('{"a":}'))).toBeNull();
  expect(jsonOf(Uint8Array.of(0x22, 0xff, 0x22))).toBeNull();
});

test('text shows what it is made of', () => {
  expect(textOf(Uint8Array.of(0x61, 0x00, 0x1b, 0x7f, 0xff))).toBe('a␀␛␡�');
  expect(isText(bytes('Größe\t1\n'))).toBe(true);
  expect(isText(Uint8Array.of(1, 2))).toBe(false);
});

test('each payload has a natural view', () => {
  expect(naturalView(bytes('{"w":1}'))).toBe('json');
  expect(naturalView(bytes('230.4'))).toBe('text');
  expect(naturalView(bytes('{oops'))).toBe('text');
  expect(naturalView(Uint8Array.of(0, 1, 2, 250))).toBe('hex');
  expect(naturalView(new Uint8Array())).toBe('text');
});

test('hexadecimal in the usual layout', () => {
  expect(hexOf(bytes('Fieldkey 1234567\n'))).toBe(
    ['000000  46 69 65 6c 64 6b 65 79 20 31 32 33 34 35 36 37  Fieldkey 1234567', `000010  ${'0a'.padEnd(47)}  ·`].join('\n'),
  );
});

test('a preview is one short line', () => {
  expect(previewOf(bytes('{\n  "a": 1\n}'), 'json')).toBe('{ "a": 1 }');
  expect(previewOf(bytes('abcdef'), 'text', 3)).toBe('abc…');
  expect(previewOf(Uint8Array.of(1, 171), 'hex')).toBe('01 ab');
});
