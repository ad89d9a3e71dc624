import { describe, expect, it } from 'vitest';
import { networkMatcher } from './network-match.ts';

describe('whether an address lies in a network', () => {
  const inside = networkMatcher(['192.168.100.0/23', '10.0.0.7', 'fd00:1::/64', 'nonsense']);
  it.each([
    '192.168.100.0',
    '192.168.101.255',
    '10.0.0.7',
    'fd00:1::1',
    'FD00:0001:0:0:ffff::1',
    'fd00:1::1%eth0',
    '127.0.0.1',
    '127.8.8.8',
    '::1',
  ])('%s does', (address) => {
    expect(inside(address)).toBe(true);
  });
  it.each(['192.168.102.0', '192.168.99.255', '10.0.0.8', 'fd00:1:0:1::1', '::2', '::ffff:10.0.0.7', 'meter', ''])(
    '%s does not',
    (address) => {
      expect(inside(address)).toBe(false);
    },
  );
  it('a network of everybody holds everybody of its family', () => {
    const all = networkMatcher(['0.0.0.0/0']);
    expect([all('8.8.8.8'), all('2001:db8::1')]).toEqual([true, false]);
  });
  it('reads the last 32 bits of IPv6 as IPv4 writes them', () => {
    expect(networkMatcher(['64:ff9b::/96'])('64:ff9b::10.0.0.7')).toBe(true);
  });
});
