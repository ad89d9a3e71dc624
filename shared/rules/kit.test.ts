import { expect, test } from 'vitest';
import { standardKit } from '../model/kit.ts';
import { checkCiphers, checkKit, checkTls13Suites, kitSchema, syslogTarget } from './kit.ts';
import { checkNetwork, parseNetwork } from './network.ts';
import { checkPlan } from './plan.ts';

const rules = (found: readonly { rule: string }[]) => found.map(({ rule }) => rule).join();

test('a plan that says nothing of the kit gets the standard one, and a part of it keeps the rest', () => {
  expect(kitSchema.parse({})).toEqual(standardKit);
  expect(kitSchema.parse({ identity: 'password', networks: ['10.0.0.0/8'] })).toEqual({
    ...standardKit,
    identity: 'password',
    networks: ['10.0.0.0/8'],
  });
});

test('what is wrong is told with its path', () => {
  const plan = {
    project: 'lab',
    broker: {
      names: ['a.example'],
      kit: { maxPacketSize: 10, networks: ['10.0.0.1/8'], ciphers: 'A B', ciphersTls13: 'X', form: 'zip', connectionRate: 0 },
    },
  };
  const result = checkPlan(plan);
  expect('problems' in result && result.problems.map(({ path, rule }) => `${path} ${rule}`).sort()).toEqual([
    'broker.kit.ciphers cipher-list',
    'broker.kit.ciphersTls13 cipher-suite',
    'broker.kit.connectionRate number-range',
    'broker.kit.form choice',
    'broker.kit.maxPacketSize number-range',
    'broker.kit.networks[0] network-host-bits',
  ]);
  const target = checkPlan({ project: 'lab', broker: { names: ['a.example'], kit: { shipping: 'loki' } } });
  expect('problems' in target && target.problems).toEqual([{ path: 'broker.kit.shippingTarget', rule: 'missing', params: {} }]);
});

test.each([
  ['192.168.100.0/24', ''],
  ['10.1.2.3', ''],
  ['fd00:1::/64', ''],
  ['2001:db8::1', ''],
  ['::ffff:10.0.0.0/104', ''],
  ['', 'missing'],
  ['192.168.100.0/33', 'network'],
  ['192.168.100/24', 'network'],
  ['fd00::/129', 'network'],
  ['0.0.0.0/0', 'network-everybody'],
  ['::/0', 'network-everybody'],
  ['192.168.100.7/24', 'network-host-bits'],
  ['10.0.0.0/8; reboot', 'network'],
  ['fd00::1/64', 'network-host-bits'],
])('the network %j: %s', (text, expected) => expect(rules(checkNetwork(text))).toBe(expected));

test('the network that was meant is named', () => {
  expect(checkNetwork('192.168.100.7/23')[0]?.params).toMatchObject({ network: '192.168.100.0/23' });
  expect(checkNetwork('fd00:1::7/64')[0]?.params).toMatchObject({ network: 'fd00:1::/64' });
  expect(parseNetwork('10.0.0.1')).toEqual({ family: 4, address: '10.0.0.1', prefix: 32 });
});

test('ciphers', () => {
  expect(checkCiphers(standardKit.ciphers)).toEqual([]);
  expect(rules(checkCiphers('!aNULL'))).toBe('cipher-list');
  expect(rules(checkCiphers('ALL\nuser root'))).toBe('cipher-list');
  expect(checkTls13Suites('TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384')).toEqual([]);
  expect(rules(checkTls13Suites('TLS_AES_128_GCM_SHA256:TLS_AES_128_GCM_SHA256'))).toBe('duplicate');
});

test.each([
  ['loki', 'https://logs.example:3100/loki/api/v1/push', ''],
  ['loki', 'logs.example', 'log-target'],
  ['loki', 'https://x.example/a"b', 'log-target'],
  ['loki', '', 'missing'],
  ['syslog', 'logs.example', ''],
  ['syslog', '10.0.0.9:6514', ''],
  ['syslog', '[fd00::9]:514', ''],
  ['syslog', 'fd00::9', ''],
  ['syslog', 'logs.example:70000', 'log-target'],
  ['syslog', '*.example', 'log-target'],
  ['none', '', ''],
] as const)('logs to %s %j: %s', (shipping, shippingTarget, expected) =>
  expect(rules(checkKit({ ...standardKit, shipping, shippingTarget }))).toBe(expected),
);

test('the port of syslog', () => {
  expect(syslogTarget('logs.example')).toEqual({ host: 'logs.example', port: 514 });
  expect(syslogTarget('[fd00::9]:6514')).toEqual({ host: 'fd00::9', port: 6514 });
});
