import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readJson } from './json.ts';
import { mostLevels, mostValues, textOfValue } from './value.ts';
import { read } from './views.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const laidOut = (text: string) => textOfValue(readJson(bytes(text)).value);

test('JSON is laid out without touching a digit, an escape or a key that stands there twice', () => {
  expect(laidOut(' {"a":12345678901234567890,"b":[1.50,{}],"c":"x, {y}: \\"z\\u00e9\\"","a":[]}\n')).toBe(
    [
      '{',
      '  "a": 12345678901234567890,',
      '  "b": [',
      '    1.50,',
      '    {}',
      '  ],',
      '  "c": "x, {y}: \\"z\\u00e9\\"",',
      '  "a": []',
      '}',
    ].join('\n'),
  );
  expect(laidOut('230.4')).toBe('230.4');
});

test('takes what JSON.parse takes, and means the same', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(JSON.parse(laidOut(text))).toEqual(JSON.parse(text));
    }),
  );
});

test('refuses what JSON.parse refuses', () => {
  const pieces = [
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"a"',
    '"',
    '\\',
    '1',
    '-',
    '.5',
    'e3',
    '01',
    'true',
    'nul',
    ' ',
    '\n',
    '\t',
    '\u0001',
  ];
  const noise = fc.array(fc.constantFrom(...pieces), { maxLength: 7 }).map((each) => each.join(''));
  fc.assert(
    fc.property(noise, (text) => {
      let valid = true;
      try {
        JSON.parse(text);
      } catch {
        valid = false;
      }
      expect(read('json', bytes(text)) !== null).toBe(valid);
    }),
    { numRuns: 5_000 },
  );
  expect(read('json', Uint8Array.of(0x22, 0xff, 0x22))).toBeNull();
});

test('deep, endless and large payloads are read as far as they are shown', () => {
  expect(readJson(bytes('['.repeat(1_000_000))).cut).toBe('depth');
  expect(readJson(bytes(`[${'0,'.repeat(1_000_000)}0]`))).toMatchObject({ cut: 'values' });
  const { value } = readJson(bytes(`[${'0,'.repeat(mostValues * 2)}0]`));
  expect(value.kind === 'list' && value.items.length).toBe(mostValues);
  const most = '['.repeat(mostLevels) + ']'.repeat(mostLevels);
  expect(readJson(bytes(most)).cut).toBeNull();
  for (let length = 4_194_290; length < 4_194_310; length++) {
    const text = `{"a":1,"b":"${'x'.repeat(length - 100)}\\u00e4ä","c":[${'1 '.repeat(0)}7],"d":${' '.repeat(90)}true}`;
    expect(readJson(bytes(text)).value.kind).toBe('record');
  }
});
