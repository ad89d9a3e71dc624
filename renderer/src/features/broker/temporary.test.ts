import { expect, test } from 'vitest';
import { everywhere, notNamed, portOf } from './temporary.ts';

const found = [
  { address: '127.0.0.1', family: 4, internal: true },
  { address: '192.168.1.7', family: 4, internal: false },
  { address: '10.0.0.2', family: 4, internal: false },
  { address: 'FD00::7', family: 6, internal: false },
] as const;

test('addresses that devices would refuse', () => {
  expect(notNamed(everywhere, found, ['10.0.0.2'])).toEqual(['192.168.1.7']);
  expect(notNamed(everywhere, found, ['10.0.0.2', '192.168.1.7'])).toEqual([]);
  expect(notNamed('127.0.0.1', found, [])).toEqual(['127.0.0.1']);
  expect(notNamed('FD00::7', found, ['fd00::7'])).toEqual([]);
});

test.each([
  ['8883', 8883],
  [' 1 ', 1],
  ['0', null],
  ['65536', null],
  ['88x', null],
])('port %s', (text, port) => expect(portOf(text)).toBe(port));
