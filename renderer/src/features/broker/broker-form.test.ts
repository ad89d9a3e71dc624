import { expect, test } from 'vitest';
import { standardKit } from '../../../../shared/model/kit.ts';
import { draftOf, needsNewCertificate, problemsOf, settingsOf } from './broker-form.ts';

const settings = {
  names: ['mqtt.lab.example'],
  addresses: ['10.0.1.5'],
  port: 8883,
  target: 'mosquitto-2.0',
  directory: '/etc/mosquitto',
  data: '/var/lib/mosquitto',
  log: '/var/log/mosquitto',
  days: 397,
  kit: standardKit,
} as const;
const draft = draftOf(settings);

test('what was read is what would be saved', () => {
  expect(settingsOf(draft)).toEqual(settings);
});

test.each([
  [{ port: '0' }],
  [{ port: '8883x' }],
  [{ days: '900' }],
  [{ names: [], addresses: [] }],
  [{ names: ['a_b'] }],
  [{ addresses: ['10.0.1.256'] }],
  [{ directory: 'etc' }],
  [{ data: '' }],
])('%j is not saved', (change) => {
  expect(settingsOf({ ...draft, ...change })).toBeNull();
});

test('a problem stands at its field', () => {
  expect(problemsOf({ ...draft, log: 'x' }).log.map(({ rule }) => rule)).toContain('path-absolute');
  expect(problemsOf({ ...draft, log: 'x' }).data).toEqual([]);
});

test('only other names or addresses need another certificate', () => {
  expect(needsNewCertificate(draft, { ...draft, port: '8884' })).toBe(false);
  expect(needsNewCertificate(draft, { ...draft, names: ['b', 'mqtt.lab.example'] })).toBe(true);
});
