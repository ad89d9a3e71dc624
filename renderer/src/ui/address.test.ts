import { expect, test } from 'vitest';
import { addressProblem, firstAddress } from './address.ts';

test.each([
  ['mqtt.lab.example', '8883', null],
  [' 10.0.1.5 ', '1', null],
  ['::1', '65535', null],
  ['', '8883', 'host'],
  ['mqtts://broker', '8883', 'host'],
  ['a b', '8883', 'host'],
  ['broker', '0', 'port'],
  ['broker', '65536', 'port'],
  ['broker', '88x', 'port'],
  ['broker', '', 'port'],
])('%j : %j → %j', (host, port, problem) => {
  expect(addressProblem({ host, port })).toBe(problem);
});

test('a wildcard name is not offered', () => {
  expect(firstAddress({ names: ['*.lab.example'], addresses: ['10.0.1.5'], port: 8883 })).toEqual({
    host: '10.0.1.5',
    port: '8883',
  });
});
