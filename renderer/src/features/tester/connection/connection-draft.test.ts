import { expect, it } from 'vitest';
import { newConnection, newWill, type OwnConnection } from '../../../../../shared/model/own-connection.ts';
import { draftOf, problemsOf, type StoredConnection, settingsOf } from './connection-draft.ts';

const stored = (settings: OwnConnection, has: Partial<StoredConnection['has']> = {}): StoredConnection => ({
  id: 1,
  settings,
  has: { password: false, key: false, authenticationData: false, authenticationAnswers: 0, ...has },
  certificate: null,
  speaker: null,
  authorities: [],
  device: null,
});

const full: OwnConnection = {
  ...newConnection,
  name: 'pump',
  host: 'mqtt.example',
  user: 'me',
  mqtt: { ...newConnection.mqtt, sessionExpiry: 0, receiveMaximum: 7 },
  will: { ...newWill, topic: 'gone', delay: 5 },
};

it('gives back what was stored when nothing is changed', () => {
  expect(settingsOf(draftOf(stored(full)))).toEqual(full);
  expect(settingsOf(draftOf(null))).toEqual(newConnection);
  expect(problemsOf(draftOf(stored(full)), false).size).toBe(0);
});

it('says at which field something is wrong', () => {
  const draft = draftOf(stored(full));
  const wrong = {
    ...draft,
    name: ' ',
    port: '99999',
    mqtt: { ...draft.mqtt, keepAlive: 'soon', receiveMaximum: '0' },
    will: { ...draft.will, topic: 'a/#', payload: { form: 'hex' as const, text: 'abc' } },
  };
  expect([...problemsOf(wrong, false)].map(([path, { rule }]) => `${path} ${rule}`).sort()).toEqual([
    'mqtt.keepAlive number-range',
    'mqtt.receiveMaximum number-range',
    'name missing',
    'port number-range',
    'will.payload.text bytes-hex',
    'will.topic topic-wildcard',
  ]);
  // a will that is not left is nobody's business
  expect(problemsOf({ ...wrong, hasWill: false }, false).has('will.topic')).toBe(false);
  const file = { ...draft, tls: { ...draft.tls, trust: 'file' as const } };
  expect([...problemsOf(file, false).keys()]).toEqual(['tls.ca']);
  expect(problemsOf(file, true).size).toBe(0);
});

it('knows by what is stored how somebody is known, and forgets what is not wanted any more', () => {
  expect(draftOf(stored({ ...full, user: '' })).who).toBe('none');
  expect(draftOf(stored({ ...full, user: '' }, { password: true })).who).toBe('login');
  const certificate = { ...full, tls: { ...full.tls, certificate: 'PEM' } };
  expect(draftOf(stored(certificate)).who).toBe('files');
  expect(settingsOf({ ...draftOf(stored(certificate)), who: 'login' })).toMatchObject({ user: 'me', tls: { certificate: '' } });
  expect(settingsOf({ ...draftOf(stored(certificate)), who: 'none' })).toMatchObject({ user: '', tls: { certificate: '' } });
  // somebody of the vault brings nothing of its own, and has to be named
  const meter = { ...full, user: '', speaksAs: { kind: 'device' as const, device: 'meter-001' } };
  expect(draftOf(stored(meter))).toMatchObject({ who: 'device', device: 'meter-001' });
  expect(settingsOf(draftOf(stored(meter)))).toEqual(meter);
  const observer = { ...draftOf(stored(certificate)), who: 'observer' as const };
  expect(settingsOf(observer)).toMatchObject({ speaksAs: { kind: 'observer' }, user: '', tls: { certificate: '' } });
  expect([...problemsOf({ ...observer, who: 'device' }, false).keys()]).toEqual(['speaksAs.device']);
  expect([...problemsOf({ ...observer, transport: 'ws' }, false).values()]).toMatchObject([{ rule: 'identity-needs-tls' }]);
});
