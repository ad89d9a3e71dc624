import { expect, it } from 'vitest';
import { withTarget } from './broker.ts';
import { standardKit } from './kit.ts';

const settings = {
  target: 'mosquitto-2.0',
  directory: '/etc/mosquitto',
  data: '/srv/mq',
  log: '/var/log/mosquitto',
  kit: { ...standardKit, form: 'drop-in', identity: 'password' },
} as const;

it('another software brings its own folders, but for those that somebody chose, and a kit that it knows', () => {
  const changed = withTarget(settings, 'rabbitmq-3');
  expect(changed).toMatchObject({ target: 'rabbitmq-3', directory: '/etc/rabbitmq', data: '/srv/mq', log: '/var/log/rabbitmq' });
  expect(changed.kit).toMatchObject({ form: 'whole', identity: 'certificate', logWeeks: standardKit.logWeeks });
  expect(withTarget(changed, 'mosquitto-2.1').directory).toBe('/etc/mosquitto');
});

it('another version of the same software changes nothing else', () => {
  expect(withTarget(settings, 'mosquitto-2.1')).toEqual({ ...settings, target: 'mosquitto-2.1' });
});
