import { expect, it } from 'vitest';
import { withForm, withTarget } from './broker.ts';
import { standardKit } from './kit.ts';

const settings = {
  target: 'mosquitto-2.0',
  directory: '/etc/mosquitto',
  data: '/srv/mq',
  log: '/var/log/mosquitto',
  kit: { ...standardKit, form: 'drop-in', identity: 'password' },
} as const;

it('another software brings its own folders, but for those that somebody chose; the rest stays', () => {
  const changed = withTarget(settings, 'rabbitmq-3');
  expect(changed).toMatchObject({ target: 'rabbitmq-3', directory: '/etc/rabbitmq', data: '/srv/mq', log: '/var/log/rabbitmq' });
  expect(changed.kit).toEqual(settings.kit);
  expect(withTarget(changed, 'mosquitto-2.1').directory).toBe('/etc/mosquitto');
});

it('a form that the other software does not have becomes a whole configuration', () => {
  const changed = withTarget(settings, 'emqx-5');
  expect(changed).toMatchObject({ directory: '/etc/emqx', data: '/srv/mq', kit: { form: 'whole', identity: 'password' } });
  const contained = withForm(changed, 'container');
  expect(contained).toMatchObject({ directory: '/opt/emqx', data: '/srv/mq', log: '/opt/emqx-log', kit: { form: 'container' } });
  expect(withTarget(contained, 'rabbitmq-3')).toMatchObject({ directory: '/etc/rabbitmq', kit: { form: 'container' } });
});

it('another version of the same software changes nothing else', () => {
  expect(withTarget(settings, 'mosquitto-2.1')).toEqual({ ...settings, target: 'mosquitto-2.1' });
});
