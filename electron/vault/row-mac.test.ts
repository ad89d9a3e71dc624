import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { encodeFields, MacCheck, macOf } from './row-mac.ts';

const key = createSecretKey(Buffer.alloc(32, 7));

test('the encoding is type, length and value of each field', () => {
  expect(encodeFields([null, 1, '1', Buffer.from('1')]).toString('hex')).toBe('0000000000010000000131020000000131030000000131');
  expect(encodeFields(['a', 'bc'])).not.toEqual(encodeFields(['ab', 'c']));
  expect(encodeFields(['ñ€😀'])).toEqual(Buffer.concat([Buffer.from([2, 0, 0, 0, 9]), Buffer.from('ñ€😀')]));
  expect(encodeFields([-1.5e-300, Number.MIN_SAFE_INTEGER])).toEqual(
    Buffer.from('\u0001\0\0\0\u0009-1.5e-300\u0001\0\0\0\u0011-9007199254740991', 'latin1'),
  );
});

test('checks what createHmac made, of any length, and nothing else', () => {
  const check = new MacCheck(key);
  const texts = ['', 'a', 'ñ', '😀', '\ud800', 'x'.repeat(100), '€'.repeat(3_000)];
  const rows = [
    [],
    ...texts.map((text) => [1, text, null, Buffer.from(text)]),
    ...Array.from({ length: 200 }, (_, i) => [i, randomBytes(i), 'q'.repeat(i), randomBytes(i * 40)]),
  ];
  for (const row of rows) {
    const mac = createHmac('sha256', key).update(encodeFields(row)).digest();
    expect(macOf(key, row)).toEqual(mac);
    expect(check.matches(row, mac)).toBe(true);
    expect(check.matches([...row, null], mac)).toBe(false);
    mac[31] = (mac[31] ?? 0) ^ 1;
    expect(check.matches(row, mac)).toBe(false);
    expect(check.matches(row, mac.subarray(0, 31))).toBe(false);
    expect(check.matches(row, 'text')).toBe(false);
  }
  check.wipe();
  expect(check.matches(['a'], macOf(key, ['a']))).toBe(false);
});
