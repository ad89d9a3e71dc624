import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newConnection, newWill, type OwnConnection } from '../../shared/model/own-connection.ts';
import type { ClientAct } from '../../shared/rules/client-commands.ts';
import {
  ownMosquittoCommand,
  ownNodeScript,
  ownOpensslCommand,
  ownPythonScript,
  passwordVariable,
} from '../../shared/rules/own-commands.ts';
import { type AnyBroker, brokerLogin, startAnyBroker } from './testing/any-broker.ts';

const run = promisify(execFile);
let folder: string;
let any: AnyBroker;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fieldkey-own-commands-'));
  any = await startAnyBroker(join(folder, 'broker'));
  const pump = await any.authority.issue('pump-1');
  await writeFile(join(folder, 'ca.crt'), any.authority.ca);
  await writeFile(join(folder, 'client.crt'), pump.certificate);
  await writeFile(join(folder, 'client.key'), pump.key);
  await mkdir(join(folder, 'node_modules'));
  await symlink(join(import.meta.dirname, '../../node_modules/mqtt'), join(folder, 'node_modules/mqtt'));
});
afterAll(async () => {
  await any?.close();
  await rm(folder, { recursive: true, force: true });
});

const connection = (change: Partial<OwnConnection>): OwnConnection => ({
  ...newConnection,
  name: 'x',
  host: 'localhost',
  tls: { ...newConnection.tls, trust: 'file', ca: 'PEM' },
  ...change,
});
const withCertificate = () =>
  connection({ port: any.ports.mutual, tls: { ...newConnection.tls, trust: 'file', ca: 'PEM', certificate: 'PEM' } });
const withPassword = () => connection({ port: any.ports.login, user: brokerLogin.username });
const publish: ClientAct = { kind: 'publish', topic: "own/it's $HOME", payload: 'a "b"', qos: 1, retain: false };
const env = { ...process.env, [passwordVariable]: brokerLogin.password };

/** What arrives at the broker while something runs. */
async function heard(work: () => Promise<unknown>): Promise<string[]> {
  const client = await connectAsync(`mqtt://127.0.0.1:${any.ports.mqtt}`, { protocolVersion: 5, reconnectPeriod: 0 });
  const messages: string[] = [];
  client.on('message', (topic, payload) => void messages.push(`${topic} ${payload.toString()}`));
  await client.subscribeAsync('own/#', { qos: 1 });
  await work();
  await expect.poll(() => messages.length, { timeout: 10_000, interval: 20 }).toBeGreaterThan(0);
  await client.endAsync();
  return messages;
}

it('mosquitto_pub with a certificate, with a password, and in the clear', async () => {
  for (const settings of [withCertificate(), withPassword(), connection({ transport: 'mqtt', port: any.ports.mqtt })]) {
    const password = settings.user !== '';
    const line = ownMosquittoCommand('sh', { settings, protocolVersion: 5, password }, publish) ?? '';
    expect(line).not.toContain(brokerLogin.password);
    expect(await heard(() => run('sh', ['-c', line], { cwd: folder, env }))).toEqual(['own/it\'s $HOME a "b"']);
  }
  const socket = connection({ transport: 'ws', port: any.ports.ws });
  expect(ownMosquittoCommand('sh', { settings: socket, protocolVersion: 5, password: false }, publish)).toBeNull();
});

it('mosquitto_sub says every option that it can, and its last will is published', async () => {
  const settings: OwnConnection = {
    ...withCertificate(),
    clientId: 'told',
    mqtt: {
      ...newConnection.mqtt,
      cleanStart: false,
      sessionExpiry: 60,
      receiveMaximum: 5,
      topicAliasMaximum: 3,
      userProperties: [{ name: 'site', value: 'roof 1' }],
    },
    will: { ...newWill, topic: 'own/will', payload: { form: 'text', text: 'gone' }, contentType: 'text/plain', qos: 1 },
  };
  const listen: ClientAct = { kind: 'subscribe', filters: [{ filter: 'a/#', qos: 1 }] };
  const line = ownMosquittoCommand('sh', { settings, protocolVersion: 5, password: false }, listen) ?? '';
  const messages = await heard(async () => {
    const child = spawn('sh', ['-c', `exec ${line}`], { cwd: folder, stdio: 'ignore' });
    await expect.poll(() => any.broker.log(), { timeout: 10_000, interval: 50 }).toMatch(/Received SUBSCRIBE from (told|pump-1)/);
    child.kill('SIGKILL');
  });
  expect(messages).toEqual(['own/will gone']);
});

it('openssl looks at the handshake, and Node sends by every way', async () => {
  const line = ownOpensslCommand('sh', { settings: withCertificate(), protocolVersion: 5, password: false }) ?? '';
  const { stderr } = await run('sh', ['-c', line], { cwd: folder });
  expect(stderr).toContain('Verification: OK');
  const plain = connection({ transport: 'mqtt', port: any.ports.mqtt });
  expect(ownOpensslCommand('sh', { settings: plain, protocolVersion: 5, password: false })).toBeNull();
  const wss = connection({ transport: 'wss', port: any.ports.wss, will: { ...newWill, topic: 'w', delay: 3 } });
  for (const settings of [withCertificate(), withPassword(), wss]) {
    const file = join(folder, 'client.mjs');
    await writeFile(file, ownNodeScript({ settings, protocolVersion: 5, password: settings.user !== '' }, publish));
    expect(await heard(() => run(process.execPath, [file], { cwd: folder, env }))).toEqual(['own/it\'s $HOME a "b"']);
  }
});

it('Python, as far as its syntax goes', async () => {
  for (const settings of [
    withCertificate(),
    withPassword(),
    connection({ transport: 'ws', tls: { ...newConnection.tls, verify: false } }),
  ]) {
    const script = ownPythonScript({ settings, protocolVersion: 5, password: true }, publish);
    await writeFile(join(folder, 'client.py'), script);
    await run('python3', ['-m', 'py_compile', 'client.py'], { cwd: folder });
    expect(script).not.toContain(brokerLogin.password);
  }
});
