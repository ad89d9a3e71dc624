import { describe, expect, it } from 'vitest';
import type { BrokerSettings } from '../../shared/model/broker.ts';
import { standardKit } from '../../shared/model/kit.ts';
import { readmeBlocks } from '../broker/testing/readme-commands.ts';
import { type DeviceBundleInput, deviceBundle } from './device.ts';
import { shellWord } from './device-readme.ts';
import { brokerEndpoint } from './mqtt-json.ts';

const broker: BrokerSettings = {
  names: ['mqtt.lab.example', 'localhost'],
  addresses: ['127.0.0.1', '::1'],
  port: 8883,
  target: 'mosquitto-2.0',
  directory: '/etc/mosquitto',
  data: '/var/lib/mosquitto',
  log: '/var/log/mosquitto',
  days: 397,
  kit: standardKit,
};
const pem = (label: string, length = 4) => `-----BEGIN ${label}-----\n${'A'.repeat(length)}\n-----END ${label}-----\n`;
const input: DeviceBundleInput = {
  project: 'lab',
  device: { id: 'meter-001', role: 'device' },
  broker,
  access: [
    {
      role: 'device',
      write: ['{project}/energy/{device}/#', '{project}/energy/{device}'],
      read: ['{project}/commands/{device}'],
    },
    { role: 'dashboard', write: [], read: ['{project}/#'] },
  ],
  ca: pem('CERTIFICATE'),
  certificateChain: pem('CERTIFICATE') + pem('CERTIFICATE'),
  key: { pem: pem('PRIVATE KEY'), encrypted: false, sec1: pem('EC PRIVATE KEY') },
  notAfter: Date.UTC(2027, 10, 22, 1, 45),
  serial: '4a3f00112233445566778899aabbccdd',
  fingerprint: 'ab'.repeat(32),
};
const bundle = (more: Partial<DeviceBundleInput> = {}) =>
  new Map(deviceBundle({ ...input, ...more }).map((file) => [file.path.replace(/^devices\/[^/]+\//, ''), file]));
const text = (files: ReturnType<typeof bundle>, name: string) => new TextDecoder().decode(files.get(name)?.content);
const json = (more: Partial<DeviceBundleInput> = {}) => JSON.parse(text(bundle(more), 'mqtt.json'));
const readme = (more: Partial<DeviceBundleInput> = {}) => text(bundle(more), 'README.txt');
const flat = (words: string) => words.replace(/\s+/g, ' ');

describe('deviceBundle', () => {
  it('has exactly the files of the layout; those with the key are secret', () => {
    expect(deviceBundle(input).map((file) => [file.path, file.secret])).toEqual([
      ['devices/meter-001/ca.crt', false],
      ['devices/meter-001/client.crt', false],
      ['devices/meter-001/client.key', true],
      ['devices/meter-001/mqtt.json', true],
      ['devices/meter-001/README.txt', false],
    ]);
    expect(text(bundle(), 'client.key')).toBe(pem('PRIVATE KEY'));
  });

  it('writes mqtt.json in the keys of the whatwatt Go, with the SEC1 key', () => {
    expect(json()).toEqual({
      enable: true,
      url: 'mqtts://mqtt.lab.example:8883',
      client_id: 'meter-001',
      skip_cn_check: false,
      publish: { topic: 'lab/energy/meter-001' },
      subscribe: { topic: 'lab/commands/meter-001' },
      broker: { certificate: pem('CERTIFICATE') },
      client: { certificate: pem('CERTIFICATE') + pem('CERTIFICATE'), key: pem('EC PRIVATE KEY') },
    });
  });

  it('takes the encrypted key where there is one, and never writes a passphrase', () => {
    const key = { pem: pem('ENCRYPTED PRIVATE KEY'), encrypted: true, sec1: pem('EC PRIVATE KEY') };
    expect(json({ key }).client).toEqual({ certificate: input.certificateChain, key: key.pem });
    expect(flat(readme({ key }))).toContain('Both ask for the passphrase');
    expect(flat(readme({ key }))).toContain('the key is encrypted: add "key_password"');
  });

  it('leaves the key out where the vault has none', () => {
    const files = bundle({ key: null });
    expect([...files.keys()]).toEqual(['ca.crt', 'client.crt', 'mqtt.json', 'README.txt']);
    expect(files.get('mqtt.json')?.secret).toBe(false);
    expect(JSON.parse(text(files, 'mqtt.json')).client).toEqual({ certificate: input.certificateChain });
    expect(flat(text(files, 'README.txt'))).toContain('The private key is not here');
    expect(text(files, 'README.txt')).not.toContain('mosquitto_pub');
  });

  it('leaves publish out for who only reads', () => {
    const dash = json({ device: { id: 'dash-1', role: 'dashboard' } });
    expect(dash.publish).toBeUndefined();
    expect(dash.subscribe).toEqual({ topic: 'lab/#' });
  });

  it.each<[string, Partial<DeviceBundleInput>]>([
    ['the URL has 137 bytes, it takes 127', { broker: { ...broker, names: [`${'a'.repeat(60)}.${'b'.repeat(60)}.de`] } }],
    ['the topic has 129 bytes, it takes 127', { access: [{ role: 'device', write: [`${'é'.repeat(60)}{device}`], read: [] }] }],
    ['the whole file has', { ca: pem('CERTIFICATE', 8_000) }],
    ['there is no topic that it may publish to', { access: [{ role: 'device', write: ['a/#'], read: ['b'] }] }],
  ])('says what a whatwatt Go would refuse: %s', (objection, more) => {
    expect(flat(readme(more))).toContain(objection);
    expect(readme(more)).not.toContain('curl');
    expect(json(more).enable).toBe(true);
  });
});

describe('brokerEndpoint', () => {
  it.each([
    [{ names: ['*.lab.example', 'b.lab.example'], addresses: [] }, 'mqtts://b.lab.example:8883', false],
    [{ names: ['*.lab.example'], addresses: ['2001:db8::1'] }, 'mqtts://[2001:db8::1]:8883', false],
    [{ names: ['*.lab.example'], addresses: [] }, 'mqtts://mqtt.lab.example:8883', true],
    [{ names: [], addresses: ['10.0.0.1'] }, 'mqtts://10.0.0.1:8883', false],
  ])('%j → %s', (where, url, guessed) => {
    expect(brokerEndpoint({ ...broker, ...where })).toMatchObject({ url, guessed });
  });

  it('says that the name is only an example', () => {
    expect(flat(readme({ broker: { ...broker, names: ['*.lab.example'], addresses: [] } }))).toContain(
      'replace mqtt.lab.example',
    );
  });
});

describe('README.txt of a device', () => {
  it('shows serial, fingerprint and end as openssl and the window do, one fact a line', () => {
    expect(readme()).toContain('Valid until   2027-11-22 01:45 UTC\n');
    expect(readme()).toContain('Serial        4A3F00112233445566778899AABBCCDD\n');
    expect(readme()).toContain(`SHA-256       ${Array(32).fill('AB').join(':')}\n`);
    for (const line of readme()
      .split('\n')
      .filter((l) => !l.startsWith('    ')))
      expect(line.length).toBeLessThanOrEqual(110);
    expect(readmeBlocks(readme()).map((block) => [block.title, block.commands.length])).toEqual([
      ['Try it', 1],
      ['Try it', 1],
      ['whatwatt Go', 1],
    ]);
  });
});

describe('shellWord', () => {
  it.each([
    ['lab/energy/meter-001', 'lab/energy/meter-001'],
    ['lab/#', '"lab/#"'],
    ['a b&c|d', '"a b&c|d"'],
    ["it's", `"it's"`],
    ['$SYS/#', "'$SYS/#'"],
    ["$SYS/it's", "'$SYS/it'\\''s'"],
  ])('%s → %s', (word, quoted) => expect(shellWord(word)).toBe(quoted));
});
