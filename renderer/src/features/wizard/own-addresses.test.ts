import { expect, test } from 'vitest';
import { ownAddresses } from './own-addresses.ts';

const at = (name: string, address: string, more: { family?: 4 | 6; internal?: boolean } = {}) => ({
  name,
  address,
  family: 4 as const,
  internal: false,
  ...more,
});

test('what devices can reach: no loopback, nothing of containers, IPv4 before IPv6, each once', () => {
  const found = [
    at('lo', '127.0.0.1', { internal: true }),
    at('eth0', '2001:db8::5', { family: 6 }),
    at('eth0', '192.168.1.20'),
    at('docker0', '172.17.0.1'),
    at('vEthernet (WSL)', '172.29.0.1'),
    at('wlan0', '192.168.1.20'),
    at('wlan0', '10.0.1.9'),
  ];
  expect(ownAddresses(found)).toEqual(['192.168.1.20', '10.0.1.9', '2001:db8::5']);
});

test('a computer without a network has none, and one with many shows a few', () => {
  expect(ownAddresses([at('lo', '127.0.0.1', { internal: true })])).toEqual([]);
  expect(ownAddresses(Array.from({ length: 9 }, (_, index) => at('eth0', `10.0.0.${index + 1}`)))).toHaveLength(3);
});
