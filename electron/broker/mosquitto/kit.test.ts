import { describe, expect, it } from 'vitest';
import { type BrokerSettings, brokerTargets, softwareOf } from '../../../shared/model/broker.ts';
import { earlierKit, type KitSettings, standardKit } from '../../../shared/model/kit.ts';
import type { KitList } from '../host/kit-lists.ts';
import { readmeBlocks } from '../testing/readme-commands.ts';
import { connectionTier } from './config.ts';
import { type MosquittoKitInput, mosquittoKit } from './kit.ts';

const settings: BrokerSettings = {
  names: ['mqtt.lab.example', 'localhost'],
  addresses: ['127.0.0.1'],
  port: 8883,
  target: 'mosquitto-2.0',
  directory: '/etc/mosquitto',
  data: '/var/lib/mosquitto',
  log: '/var/log/mosquitto',
  days: 397,
  kit: earlierKit,
};
const pem = (label: string) => `-----BEGIN ${label}-----\nAAAA\n-----END ${label}-----\n`;
const list: KitList = {
  pem: pem('X509 CRL'),
  issuer: 'CN=lab Root CA',
  issuerHash: '0123abcd',
  keyId: 'a1b2',
  number: 7n,
  nextUpdate: Date.UTC(2028, 0, 23),
  needed: true,
};
const input: MosquittoKitInput = {
  project: 'lab',
  settings,
  access: [{ role: 'device', write: ['{project}/energy/{device}'], read: ['{project}/commands/{device}'] }],
  members: [{ id: 'dash-1', role: 'dashboard' }],
  deviceCount: 1,
  observer: 'observer',
  tls: { ca: pem('CERTIFICATE'), certificate: pem('CERTIFICATE'), key: pem('PRIVATE KEY'), crls: [list], leftOut: [] },
};
const text = (kit: ReturnType<typeof mosquittoKit>, path: string) =>
  new TextDecoder().decode(kit.find((file) => file.path === `broker/${path}`)?.content);

describe('mosquittoKit', () => {
  it('has exactly the files of the layout, and marks the key as secret', () => {
    expect(mosquittoKit(input).map((file) => [file.path, file.secret])).toEqual([
      ['broker/mosquitto.conf', false],
      ['broker/acl', false],
      ['broker/certs/ca.crt', false],
      ['broker/certs/server.crt', false],
      ['broker/certs/server.key', true],
      ['broker/certs/crl.pem', false],
      ['broker/lists.sh', false],
      ['broker/systemd.conf', false],
      ['broker/logrotate.conf', false],
      ['broker/install.sh', false],
      ['broker/README.txt', false],
    ]);
  });

  it('is the same, byte for byte, for 1, 100 and 2,475 devices, and changes with the tier', () => {
    const of = (deviceCount: number) => mosquittoKit({ ...input, deviceCount });
    expect(of(100)).toEqual(of(1));
    expect(of(2_475)).toEqual(of(1));
    expect(text(of(1), 'mosquitto.conf')).toContain('\nmax_connections 5000\n');
    expect(text(of(2_476), 'mosquitto.conf')).toContain('\nmax_connections 20000\n');
    expect(text(of(1), 'systemd.conf')).toContain('\nLimitNOFILE=6000\n');
    expect(text(of(2_476), 'systemd.conf')).toContain('\nLimitNOFILE=21000\n');
  });

  it('has a tier for the largest fleet and refuses more', () => {
    expect([9_975, 9_976, 49_975, 250_000].map(connectionTier)).toEqual([20_000, 100_000, 100_000, 600_000]);
    expect(() => connectionTier(300_000)).toThrow('INTERNAL');
  });

  it('writes the whole configuration of a project without a choice of its own as it always was', () => {
    for (const target of brokerTargets.filter((target) => softwareOf(target) === 'mosquitto')) {
      const conf = text(
        mosquittoKit({ ...input, settings: { ...settings, target, directory: '/srv/my mq/', data: '/d', log: '/l/' } }),
        'mosquitto.conf',
      );
      expect(conf).toBe(`# Written by Fieldkey for Mosquitto ${target.slice(-3)}. The whole file: nothing else is included.
allow_anonymous false
acl_file /srv/my mq/acl
persistence true
persistence_location /d/
log_dest file /l/mosquitto.log
log_type error
log_type warning
log_type notice
log_type information
max_packet_size 1048576
max_inflight_messages 20
max_queued_messages 1000
connection_messages true
log_timestamp_format %Y-%m-%dT%H:%M:%S%z
listener 8883
max_connections 5000
cafile /srv/my mq/certs/ca.crt
certfile /srv/my mq/certs/server.crt
keyfile /srv/my mq/certs/server.key
crlfile /srv/my mq/certs/crl.pem
require_certificate true
use_identity_as_username true
use_username_as_clientid true
tls_version tlsv1.2
`);
    }
  });

  it('refuses what the target cannot do, devices among the members, and empty PEM', () => {
    const access = [{ role: 'device', write: ['dev-{device}'], read: [] }] as const;
    expect(() => mosquittoKit({ ...input, access, settings: { ...settings, target: 'mosquitto-2.1' } })).toThrow('INPUT_INVALID');
    expect(() => mosquittoKit({ ...input, members: [{ id: 'm', role: 'device' }] })).toThrow('INTERNAL');
    expect(() => mosquittoKit({ ...input, tls: { ...input.tls, crls: [] } })).toThrow('INTERNAL');
  });
});

describe('the choices of a kit', () => {
  const of = (kit: Partial<KitSettings>, more: Partial<MosquittoKitInput> = {}) =>
    mosquittoKit({ ...input, ...more, settings: { ...settings, kit: { ...standardKit, ...kit } } });
  const paths = (kit: ReturnType<typeof mosquittoKit>) => kit.map((file) => file.path.replace('broker/', ''));

  it('has no authority and no list where clients need no certificate, and no password file where none is read', () => {
    expect(paths(of({ identity: 'password' })).filter((path) => path.startsWith('certs/'))).toEqual([
      'certs/server.crt',
      'certs/server.key',
    ]);
    expect(text(of({ identity: 'password' }), 'mosquitto.conf')).not.toMatch(/cafile|crlfile|require_certificate true/);
    expect(text(of({ identity: 'certificate' }), 'mosquitto.conf')).not.toContain('password_file');
    const users = [
      { user: 'm-1@2', hash: 'h2', device: { id: 'm-1', role: 'device' } },
      { user: 'm-1', hash: 'h1', device: { id: 'm-1', role: 'device' } },
    ];
    expect(paths(of({ identity: 'certificate' }, { users }))).not.toContain('passwd');
    expect(text(of({ identity: 'certificate' }, { users }), 'acl')).not.toContain('@2');
    expect(text(of({ identity: 'password' }, { users }), 'passwd')).toBe('m-1:h1\nm-1@2:h2\n');
    expect(text(of({ identity: 'password' }, { users }), 'acl')).toContain(
      '\nuser m-1@2\ntopic deny lab/energy/m-1@2\ntopic deny lab/commands/m-1@2\ntopic write lab/energy/m-1\ntopic read lab/commands/m-1\n',
    );
    const both = text(of({ identity: 'certificate-password' }), 'mosquitto.conf');
    expect(both).toContain('\npassword_file /etc/mosquitto/passwd\n');
    expect(both).toMatch(/require_certificate true\nuse_identity_as_username false\n/);
  });

  it('gives whoever runs a broker already what they need, and nothing that starts or stops one', () => {
    const kit = of({ form: 'fragments' }, { tls: { ...input.tls, key: null } });
    expect(paths(kit)).toEqual([
      'global.conf',
      'listener.conf',
      'acl',
      'certs/ca.crt',
      'certs/server.crt',
      'certs/crl.pem',
      'lists.sh',
      'README.txt',
    ]);
    for (const name of ['global.conf', 'listener.conf'])
      expect(text(kit, name)).not.toMatch(/^(listener|persistence|log_dest|include_dir)/m);
    expect(text(kit, 'README.txt')).not.toContain('install.sh');
  });

  it('writes down limits, log and ciphers as they were chosen', () => {
    const conf = text(
      of({
        maxConnections: 77,
        maxPacketSize: 4096,
        maxInflightMessages: 5,
        maxQueuedMessages: 6,
        logDetail: 'debug',
        connectionMessages: false,
      }),
      'mosquitto.conf',
    );
    for (const line of [
      'max_connections 77',
      'max_packet_size 4096',
      'max_inflight_messages 5',
      'max_queued_messages 6',
      'log_type debug',
      'connection_messages false',
    ])
      expect(conf.split('\n')).toContain(line);
    // so few connections are within what a service may open
    expect(paths(of({ maxConnections: 77 }))).not.toContain('systemd.conf');
    const modern = text(of({ tlsMinimum: 'tlsv1.3', ciphersTls13: 'TLS_AES_128_GCM_SHA256' }), 'mosquitto.conf');
    expect(modern).toMatch(/tls_version tlsv1.3\nciphers_tls1.3 TLS_AES_128_GCM_SHA256\n$/);
  });

  it('keeps the broker for this machine when a proxy stands before it', () => {
    const proxied = of({ connectionRate: 20 });
    expect(text(proxied, 'mosquitto.conf')).toContain('\nlistener 18883 127.0.0.1\n');
    expect(text(proxied, 'haproxy.cfg')).toContain('server broker 127.0.0.1:18883\n');
    expect(text(of({ connectionRate: 20, form: 'container' }), 'docker-compose.yml')).toContain('- "127.0.0.1:18883:8883"');
  });

  it('is the same, byte for byte, for the same choices', () => {
    const rich = {
      form: 'container',
      networks: ['10.0.0.0/8', 'fd00::/8'],
      connectionRate: 9,
      shipping: 'syslog',
      shippingTarget: 'logs.example',
    } as const;
    expect(of(rich)).toEqual(of(rich));
    expect(of(rich, { deviceCount: 2_000 })).toEqual(of(rich));
  });
});

describe('README.txt of the broker', () => {
  const readme = text(
    mosquittoKit({ ...input, notAfter: Date.UTC(2027, 11, 24, 6, 5), crlNextUpdate: Date.UTC(2028, 0, 23) }),
    'README.txt',
  );

  it('is plain text of at most 100 columns besides its command lines', () => {
    expect(readme).toMatch(/^[\n\x20-\x7e]+\n$/);
    for (const line of readme.split('\n').filter((l) => !l.startsWith('    '))) expect(line.length).toBeLessThanOrEqual(100);
  });

  it('has the command blocks under their titles', () => {
    const blocks = readmeBlocks(readme);
    expect(blocks.map((block) => block.title)).toEqual([
      'Step 1: install the files and start the broker',
      'Step 2: look whether it runs',
      'By hand, instead of step 1: install the files',
      'By hand, instead of step 1: start the broker',
      'Firewall',
      'Firewall',
      'Later',
      'Later',
    ]);
    expect(blocks[0]?.commands).toEqual(['sh install.sh']);
    expect(blocks[1]?.commands).toEqual([
      'systemctl is-active mosquitto',
      "ss -ltn 'sport = :8883'",
      "tail -n 20 '/var/log/mosquitto/mosquitto.log'",
    ]);
    expect(blocks[6]?.commands).toEqual(['sh install.sh crl']);
    expect(blocks[7]?.commands.at(-1)).toBe('systemctl restart mosquitto');
  });

  it('says how many lists there are, where each authority has one, and that they belong together', () => {
    const lists = (count: number) =>
      text(mosquittoKit({ ...input, tls: { ...input.tls, crls: Array(count).fill(list) } }), 'README.txt').replace(/\s+/g, ' ');
    expect(lists(1)).toContain('has to print "-----END X509 CRL-----"; if it does not');
    expect(lists(1)).not.toContain('SEVERAL LISTS');
    expect(lists(3)).toContain('has to print "-----END X509 CRL-----" 3 times, once for each list; if it does not');
    expect(lists(3)).toContain('certs/crl.pem holds 3 revocation lists');
  });

  it('names the dates that were handed in', () => {
    expect(readme).toContain('2027-12-24 06:05 UTC');
    expect(readme).toContain('2028-01-23 00:00 UTC');
  });

  it('points systemd to another folder, and names what Mosquitto cannot forbid', () => {
    const other = mosquittoKit({
      ...input,
      settings: { ...settings, directory: '/srv/my mq' },
      access: [
        { role: 'device', write: ['{project}/alarms', 'dev-{device}'], read: [] },
        { role: 'dashboard', write: [], read: ['{project}/#'] },
      ],
    });
    const words = text(other, 'README.txt');
    expect(text(other, 'systemd.conf')).toContain('\nExecStart=\nExecStart=/usr/sbin/mosquitto -c "/srv/my mq/mosquitto.conf"\n');
    expect(words.replaceAll('\n', ' ')).toContain('dash-1 (write lab/alarms)');
    expect(words).toContain('BEFORE AN UPGRADE to Mosquitto 2.1');
  });
});
