import { expect, it } from 'vitest';
import { askedFor, decisionsOf, problemsOf, type Reviewed, withRole } from './decisions.ts';

const device = (id: string, role: Reviewed['devices'][number]['role']) => ({
  id,
  role,
  places: [],
  key: 'P-256',
  keyHere: true,
  notAfter: 0,
  revoked: false,
  password: false,
  findings: [],
});
const review: Reviewed = {
  source: 'script',
  digest: 'd',
  project: 'lab',
  authorities: [],
  broker: { places: [], names: ['mqtt.lab.example'], addresses: ['192.0.2.1'], findings: [] },
  devices: [device('meter-1', 'device'), device('gw-1', 'gateway')],
  leftOut: [],
};
const standard = { port: 8883, target: 'mosquitto-2.0' } as const;

it('asks for what was proposed, and for what a person decided instead', () => {
  const proposed = decisionsOf(review, standard);
  expect(askedFor(proposed)).toEqual({
    project: 'lab',
    broker: {
      names: ['mqtt.lab.example'],
      addresses: ['192.0.2.1'],
      ...standard,
      directory: '/etc/mosquitto',
      data: '/var/lib/mosquitto',
      log: '/var/log/mosquitto',
    },
    roles: {},
  });
  const decided = withRole({ ...proposed, data: '/srv/mosquitto', port: ' 1883 ' }, review.devices, 'gateway');
  expect(askedFor(decided)).toMatchObject({ broker: { data: '/srv/mosquitto', port: 1883 }, roles: { 'meter-1': 'gateway' } });
  // back to what was proposed: no decision any more
  expect(askedFor(withRole(decided, review.devices.slice(0, 1), 'device'))?.roles).toEqual({});
});

it('proposes the folders of the software that new projects have', () => {
  const { directory, data, log } = decisionsOf(review, { port: 8883, target: 'emqx-5' });
  expect([directory, data, log]).toEqual(['/etc/emqx', '/var/lib/emqx', '/var/log/emqx']);
});

it('asks for nothing while something is wrong, and says what', () => {
  const proposed = decisionsOf(review, standard);
  const wrong = { ...proposed, project: 'a b', hosts: 'x y_ 10.0.0.1', port: '0', data: 'relative', log: '/etc/mosquitto/log' };
  const found = problemsOf(wrong);
  expect(found.project.map(({ rule }) => rule)).toEqual(['project-name']);
  expect(found.hosts.map(({ rule }) => rule)).toEqual(['host-name']);
  expect(found.port.map(({ rule }) => rule)).toEqual(['number-range']);
  expect(found.data.map(({ rule }) => rule)).toEqual(['path-absolute']);
  expect(found.log.map(({ rule }) => rule)).toEqual(['path-inside']);
  expect(askedFor(wrong)).toBeNull();
  expect(problemsOf({ ...proposed, hosts: ' , ' }).hosts.map(({ rule }) => rule)).toEqual(['broker-unreachable']);
});
