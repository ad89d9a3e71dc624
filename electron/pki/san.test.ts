import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ipToOctets, octetsToIp } from './ip.ts';
import { brokerCommonName, encodeAlternativeNames, namesInclude } from './san.ts';

describe('IP addresses', () => {
  test('of any octets come back, and the text is an address to Node too', () => {
    const octets = fc.oneof(fc.uint8Array({ minLength: 4, maxLength: 4 }), fc.uint8Array({ minLength: 16, maxLength: 16 }));
    fc.assert(
      fc.property(octets, (value) => {
        const text = octetsToIp(value) ?? '';
        expect(isIP(text)).toBe(value.length === 4 ? 4 : 6);
        expect(ipToOctets(text)).toEqual(Buffer.from(value));
      }),
    );
  });

  test('are taken exactly when Node takes them, zones apart', () => {
    const digits = fc.string({ unit: fc.constantFrom('0', '1', '2', 'f', ':', '.', '::'), maxLength: 24 });
    fc.assert(
      fc.property(fc.oneof(digits, fc.ipV6(), fc.ipV4()), (text) => {
        expect(ipToOctets(text) !== undefined, text).toBe(isIP(text) !== 0);
      }),
      { numRuns: 3000 },
    );
    expect(ipToOctets('fe80::1%eth0')).toBeUndefined();
    expect(ipToOctets('10.0.0.1/8')).toBeUndefined();
  });

  test.each([
    ['::', '::'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['::ffff:192.0.2.1', '::ffff:c000:201'],
    ['1::', '1::'],
  ])('%s is written %s (RFC 5952)', (text, canonical) => {
    expect(octetsToIp(ipToOctets(text) ?? Buffer.alloc(0))).toBe(canonical);
  });
});

describe('alternative names', () => {
  test('are written as GeneralNames, repeated ones once', () => {
    const der = encodeAlternativeNames({ dns: ['a.lab', 'A.lab'], ip: ['::1', '0:0::1', '127.0.0.1'] });
    const wanted = `301f8205${Buffer.from('a.lab').toString('hex')}8710${'00'.repeat(15)}0187047f000001`;
    expect(der.toString('hex')).toBe(wanted);
  });

  test('may repeat IPv4 addresses as host names for old mbedTLS', () => {
    const der = encodeAlternativeNames({ ip: ['192.0.2.1', '::1'], ipAsDns: true });
    expect(der.toString('latin1')).toContain('\x82\x09192.0.2.1');
    expect(der.toString('latin1')).not.toContain('::1');
  });

  test.each([
    '',
    'a b',
    'a..b',
    '-a.b',
    'a_b.c',
    'a.',
    '*',
    '*.b',
    'a.*.c',
    'm*.b.c',
    'ü.de',
    '1.2.3.4',
    'x'.repeat(64),
    `${'a.'.repeat(127)}a`,
  ])('refuse the host name %j', (name) => {
    expect(() => encodeAlternativeNames({ dns: [name] })).toThrow('san-host-name');
  });

  test.each(['localhost', 'a.b', '*.b.c', 'xn--mller-kva.de', '1.2.3.a', 'a--b'])('take the host name %j', (name) => {
    expect(encodeAlternativeNames({ dns: [name] }).toString('latin1')).toContain(name);
  });

  test.each(['', 'x', 'urn:', 'urn: x', '1a:b', 'ürn:x', 'http://a"b'])('refuse the URI %j', (uri) => {
    expect(() => encodeAlternativeNames({ uri: [uri] })).toThrow('san-uri');
  });

  test('give a broker its common name, the first that fits', () => {
    expect(brokerCommonName({ dns: [`${'a'.repeat(60)}.lab.example`, 'mqtt.lab'], ip: ['::1'] })).toBe('mqtt.lab');
    expect(brokerCommonName({ ip: ['::1'] })).toBe('::1');
    expect(brokerCommonName({ dns: [`${'a'.repeat(60)}.lab.example`] })).toBeUndefined();
    expect(namesInclude({ ip: ['0:0::1'] }, '::1')).toBe(true);
    expect(namesInclude({ dns: ['Mqtt.lab'] }, 'mqtt.LAB')).toBe(true);
    expect(namesInclude({ dns: ['mqtt.lab'] }, '127.0.0.1')).toBe(false);
  });
});
