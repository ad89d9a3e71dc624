import { expect, test } from 'vitest';
import { base64Of, hexOf, isText, previewOf, textOf } from './bytes.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

test('text shows what it is made of', () => {
  expect(textOf(Uint8Array.of(0x61, 0x00, 0x1b, 0x7f, 0xff))).toBe('a␀␛␡�');
  expect(isText(bytes('Größe\t1\n'))).toBe(true);
  expect(isText(Uint8Array.of(1, 2))).toBe(false);
});

test('hexadecimal in the usual layout', () => {
  expect(hexOf(bytes('Fieldkey 1234567\n'))).toBe(
    ['000000  46 69 65 6c 64 6b 65 79 20 31 32 33 34 35 36 37  Fieldkey 1234567', `000010  ${'0a'.padEnd(47)}  ·`].join('\n'),
  );
});

test('a preview is one short line', () => {
  expect(previewOf(bytes('{\n  "a": 1\n}'), 'text')).toBe('{ "a": 1 }');
  expect(previewOf(bytes('abcdef'), 'text', 3)).toBe('abc…');
  expect(previewOf(Uint8Array.of(1, 171), 'hex')).toBe('01 ab');
});

test('base64 as Node writes it, in lines', () => {
  const all = Uint8Array.from({ length: 300 }, (_, index) => index & 255);
  expect(base64Of(all).replaceAll('\n', '')).toBe(Buffer.from(all).toString('base64'));
  expect(
    Math.max(
      ...base64Of(all)
        .split('\n')
        .map((line) => line.length),
    ),
  ).toBe(76);
});
