import { describe, expect, test } from 'vitest';
import { newConnection } from '../../../../shared/model/own-connection.ts';
import {
  type Choice,
  choiceProblem,
  emptyChoice,
  runInput,
  type StoredConnection,
  thrownOut,
  withConnection,
  withoutSecrets,
} from './choice.ts';
import { firstChoice } from './first-choice.ts';

const choice = (change: Partial<Choice> = {}): Choice => ({ ...emptyChoice, host: ' 10.0.1.6 ', ...change });

test('says what is missing before anything is sent', () => {
  expect(choiceProblem(choice())).toBeNull();
  expect(choiceProblem(choice({ host: '' }))).toBe('host');
  expect(choiceProblem(choice({ port: '88830' }))).toBe('port');
  expect(choiceProblem(choice({ kind: 'files' }))).toBe('certificate');
  expect(choiceProblem(choice({ kind: 'password', username: ' ' }))).toBe('username');
  expect(choiceProblem(choice({ kind: 'none', trust: 'file' }))).toBe('authority');
  // those of the project trust its authorities, whatever was typed for another one before
  expect(choiceProblem(choice({ kind: 'observer', trust: 'file' }))).toBeNull();
});

test('hands over what belongs to the kind of identity, and nothing else', () => {
  const typed = choice({
    certificate: '/a.p12',
    passphrase: 'secret',
    username: 'u',
    password: 'p',
    clientId: ' c ',
    serverName: ' x ',
  });
  const identity = (change: Partial<Choice>) => runInput({ ...typed, ...change }, 7, 'run-0001').identity;
  expect(runInput(typed, 7, 'run-0001')).toEqual({
    runId: 'run-0001',
    projectId: 7,
    host: '10.0.1.6',
    port: 8883,
    transport: 'mqtts',
    quick: false,
    serverName: 'x',
    identity: { kind: 'observer' },
  });
  expect(identity({ kind: 'device', device: { deviceId: 3, id: 'm' } })).toEqual({
    kind: 'device',
    deviceId: 3,
    takeoverAccepted: true,
  });
  expect(identity({ kind: 'files', username: '' })).toEqual({
    kind: 'files',
    certificate: '/a.p12',
    key: null,
    passphrase: 'secret',
    trust: { kind: 'project' },
    clientId: 'c',
    login: null,
  });
  expect(identity({ kind: 'password', trust: 'file', authority: '/ca.pem' })).toEqual({
    kind: 'password',
    login: { username: 'u', password: 'p' },
    trust: { kind: 'file', path: '/ca.pem' },
    clientId: 'c',
  });
  expect(identity({ kind: 'none', clientId: '' })).toEqual({ kind: 'none', trust: { kind: 'project' }, clientId: null });
});

test('keeps no secret while other pages are shown', () => {
  expect(JSON.stringify(withoutSecrets(choice({ passphrase: 'secret-1', password: 'secret-2' })))).not.toContain('secret-');
});

test('begins with what the link names, then what was tried, then the project', () => {
  const nothing = { device: null, connection: null };
  const broker = { names: ['mqtt.lab'], addresses: ['10.0.1.5'], port: 8884 };
  const first = (params: Record<string, string> = {}, before: Choice | null = null, device: Choice['device'] = null) =>
    firstChoice(broker, null, before, { device, connection: null }, params);
  expect(first()).toMatchObject({ kind: 'observer', host: 'mqtt.lab', port: '8884', transport: 'mqtts', quick: false });
  expect(first({ host: '10.0.1.6', port: '1', transport: 'wss' })).toMatchObject({
    host: '10.0.1.6',
    port: '1',
    transport: 'wss',
  });
  expect(first({ device: '3' }, null, { deviceId: 3, id: 'm' })).toMatchObject({
    kind: 'device',
    device: { id: 'm' },
    host: 'mqtt.lab',
  });
  expect(first({ as: 'files', host: 'h' })).toMatchObject({ kind: 'files', host: 'h' });
  expect(first({ as: 'somebody' }).kind).toBe('observer');
  expect(first({}, choice({ kind: 'none' }))).toMatchObject({ kind: 'none' });
  expect(first({ transport: 'gopher' }).transport).toBe('mqtts');
  expect(firstChoice(broker, { host: '0.0.0.0', port: 1883 }, null, nothing, {})).toMatchObject({
    host: '127.0.0.1',
    port: '1883',
  });
  expect(firstChoice(null, null, null, nothing, {}).host).toBe('');
});

describe('a connection of the project', () => {
  const stored: StoredConnection = {
    id: 7,
    settings: {
      ...newConnection,
      name: 'shore',
      host: 'shore.example',
      port: 8084,
      transport: 'wss',
      tls: { ...newConnection.tls, serverName: 'inner' },
    },
    has: { password: true, key: false, authenticationData: false, authenticationAnswers: 0 },
    certificate: null,
    speaker: null,
    authorities: [],
    device: null,
  };
  const at = { host: 'shore.example', port: '8084', transport: 'wss', serverName: 'inner' } as const;

  test('brings its place, which can be changed for this check', () => {
    const first = firstChoice(null, null, null, { device: null, connection: stored }, { connection: '7' });
    expect(first).toMatchObject({ kind: 'own', own: { connectionId: 7, name: 'shore', device: null }, ...at });
    expect(choiceProblem(first)).toBe(null);
    expect(choiceProblem({ ...first, own: null })).toBe('own');
    const input = runInput({ ...first, port: '8883' }, 1, 'run-00000001');
    expect(input).toMatchObject({ identity: { kind: 'own', ownId: 7 }, port: 8883, transport: 'wss', serverName: 'inner' });
    expect(thrownOut(first)).toBe(null);
  });

  test('that speaks as a device asks first, and says that it was accepted', () => {
    const device = { deviceId: 3, id: 'meter-001' };
    const choice = withConnection(emptyChoice, { ...stored, device });
    expect(thrownOut(choice)).toEqual({ chosen: device });
    expect(runInput(choice, 1, 'run-00000001').identity).toEqual({ kind: 'own', ownId: 7, takeoverAccepted: true });
  });
});
