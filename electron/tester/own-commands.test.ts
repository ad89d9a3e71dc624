import { execFile, spawn, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { connectAsync, type IPublishPacket } from 'mqtt';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newConnection, newWill, type OwnConnection } from '../../shared/model/own-connection.ts';
import type { ClientAct, CopiedClient } from '../../shared/rules/client-acts.ts';
import { type OwnClient, ownMosquittoCommand, ownOpensslCommand, passwordVariable } from '../../shared/rules/own-commands.ts';
import { ownNodeScript, ownPythonScript } from '../../shared/rules/own-scripts.ts';
import { propertiesOf } from './publish-properties.ts';
import { type AnyBroker, brokerLogin, startAnyBroker } from './testing/any-broker.ts';
import { startRecordingPeer } from './testing/recording-peer.ts';

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
const publish: ClientAct = { kind: 'publish', topic: "own/it's $HOME", payload: Buffer.from('a "b"'), qos: 1, retain: false };
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
    const line = ownMosquittoCommand('sh', { settings, protocolVersion: 5, password }, publish)?.text ?? '';
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
  const line = ownMosquittoCommand('sh', { settings, protocolVersion: 5, password: false }, listen)?.text ?? '';
  const messages = await heard(async () => {
    const child = spawn('sh', ['-c', `exec ${line}`], { cwd: folder, stdio: 'ignore' });
    await expect.poll(() => any.broker.log(), { timeout: 10_000, interval: 50 }).toMatch(/Received SUBSCRIBE from (told|pump-1)/);
    child.kill('SIGKILL');
  });
  expect(messages).toEqual(['own/will gone']);
});

it('openssl looks at the handshake, and Node sends by every way', async () => {
  const line = ownOpensslCommand('sh', { settings: withCertificate(), protocolVersion: 5, password: false })?.text ?? '';
  const { stderr } = await run('sh', ['-c', line], { cwd: folder });
  expect(stderr).toContain('Verification: OK');
  const plain = connection({ transport: 'mqtt', port: any.ports.mqtt });
  expect(ownOpensslCommand('sh', { settings: plain, protocolVersion: 5, password: false })).toBeNull();
  const wss = connection({ transport: 'wss', port: any.ports.wss, will: { ...newWill, topic: 'w', delay: 3 } });
  for (const settings of [withCertificate(), withPassword(), wss]) {
    const file = join(folder, 'client.mjs');
    await writeFile(file, ownNodeScript({ settings, protocolVersion: 5, password: settings.user !== '' }, publish).text);
    expect(await heard(() => run(process.execPath, [file], { cwd: folder, env }))).toEqual(['own/it\'s $HOME a "b"']);
  }
});

/** Everything that can be said of a message; bytes that are no text, and text that a shell could take for its own. */
const properties = {
  payloadFormat: 0,
  messageExpiry: 600,
  contentType: "it's $HOME",
  responseTopic: 'own/reply',
  correlationData: Buffer.from('ré'),
  userProperties: [
    ['b', '1'],
    ['a', '"2" %'],
    ['b', ''],
    ['__proto__', 'x'],
  ],
} as const;
const binary: ClientAct = { ...publish, payload: Buffer.from('deadbeef00250a5c277f', 'hex'), properties };
const everywhere = (act: ClientAct = binary): [name: string, text: string][] => {
  const client: OwnClient = { settings: withCertificate(), protocolVersion: 5, password: false };
  const mosquitto = ownMosquittoCommand('sh', client, act);
  expect(mosquitto?.notCarried).toEqual([]);
  return [
    ['sh', mosquitto?.text ?? ''],
    ['mjs', ownNodeScript(client, act).text],
    ...(paho ? ([['py', ownPythonScript(client, act).text]] as [string, string][]) : []),
  ];
};
/** What paho-mqtt does is run where it is installed; elsewhere only the syntax is looked at. */
const paho = spawnSync('python3', ['-c', 'import paho.mqtt.client as m; m.CallbackAPIVersion']).status === 0;
const runners = { sh: 'sh', mjs: process.execPath, py: 'python3' } as const;

async function runIt(name: string, text: string): Promise<void> {
  const file = join(folder, `copied.${name}`);
  await writeFile(file, text);
  await run(runners[name as keyof typeof runners], [file], { cwd: folder, env });
}

it('every program sends the very bytes, with their properties', async () => {
  const client = await connectAsync(`mqtt://127.0.0.1:${any.ports.mqtt}`, { protocolVersion: 5, reconnectPeriod: 0 });
  const packets: IPublishPacket[] = [];
  client.on('message', (_topic, _payload, packet) => void packets.push(packet));
  await client.subscribeAsync('own/#', { qos: 1 });
  for (const [name, text] of everywhere()) {
    packets.length = 0;
    await runIt(name, text);
    await expect.poll(() => packets.length, { timeout: 10_000, interval: 20 }).toBe(1);
    const [packet] = packets;
    expect(packet && Buffer.from(packet.payload).toString('hex'), name).toBe('deadbeef00250a5c277f');
    const { messageExpiry, ...kept } = (packet && propertiesOf(packet)) ?? {};
    const { messageExpiry: _told, correlationData, ...wanted } = properties;
    expect({ ...kept, correlationData: Buffer.from(kept.correlationData ?? []).toString() }, name).toEqual({
      ...wanted,
      correlationData: correlationData.toString(),
    });
    expect(messageExpiry, name).toBeGreaterThan(500);
  }
  await client.endAsync();
});

it('every program says all of CONNECT, with a last will of bytes, over TLS as it was chosen', async () => {
  const server = await any.authority.issue('copied.example', 'serverAuth');
  const will = {
    ...newWill,
    topic: 'own/will',
    payload: { form: 'hex', text: '00 ff' },
    qos: 1,
    retain: true,
    delay: 5,
    utf8: false,
    messageExpiry: 60,
    contentType: 'text/plain',
    responseTopic: 'own/after',
    correlationData: { form: 'base64', text: '/wA=' },
    userProperties: [
      { name: 'w', value: '1' },
      { name: 'v', value: '2' },
      { name: 'w', value: '3' },
    ],
  } as const;
  const settings = (port: number): OwnConnection => ({
    ...connection({ host: '127.0.0.1', port, clientId: 'told', reconnect: 'never', will }),
    tls: {
      ...newConnection.tls,
      trust: 'file',
      ca: 'PEM',
      certificate: 'PEM',
      minimum: 'TLSv1.3',
      serverName: 'localhost',
      alpn: ['mqtt', 'x'],
    },
    mqtt: {
      ...newConnection.mqtt,
      cleanStart: false,
      keepAlive: 17,
      sessionExpiry: 60,
      receiveMaximum: 5,
      maximumPacketSize: 9_000,
      topicAliasMaximum: 3,
      requestResponseInformation: true,
      requestProblemInformation: false,
      userProperties: [{ name: 'site', value: 'roof 1' }],
    },
  });
  const told = (port: number): OwnClient => ({ settings: settings(port), protocolVersion: 5, password: false });
  const scripts: [string, (client: OwnClient, act: ClientAct) => CopiedClient][] = [['mjs', ownNodeScript]];
  if (paho) scripts.push(['py', ownPythonScript]);
  for (const [name, make] of scripts) {
    const peer = await startRecordingPeer({ tls: { cert: server.certificate, key: server.key, ALPNProtocols: ['mqtt'] } });
    const { text, notCarried } = make(told(peer.port), publish);
    expect(notCarried).toEqual([]);
    await writeFile(join(folder, `copied.${name}`), text);
    const child = spawn(runners[name as keyof typeof runners], [`copied.${name}`], { cwd: folder, env, stdio: 'ignore' });
    await expect.poll(() => peer.connects.length, { timeout: 20_000, interval: 20 }).toBe(1);
    child.kill('SIGKILL');
    expect(peer.handshakes, name).toEqual([{ serverName: 'localhost', alpn: 'mqtt', protocol: 'TLSv1.3' }]);
    const [packet] = peer.connects;
    expect(packet, name).toMatchObject({
      clientId: 'told',
      clean: false,
      keepalive: 17,
      protocolVersion: 5,
      properties: {
        sessionExpiryInterval: 60,
        receiveMaximum: 5,
        maximumPacketSize: 9_000,
        topicAliasMaximum: 3,
        requestResponseInformation: true,
        requestProblemInformation: false,
        userProperties: { site: 'roof 1' },
      },
      will: { topic: 'own/will', qos: 1, retain: true },
    });
    expect(Buffer.from(packet?.will?.payload ?? '').toString('hex'), name).toBe('00ff');
    const { correlationData, userProperties, ...rest } = packet?.will?.properties ?? {};
    expect(rest, name).toMatchObject({
      willDelayInterval: 5,
      messageExpiryInterval: 60,
      contentType: 'text/plain',
      responseTopic: 'own/after',
    });
    expect(Buffer.from(correlationData ?? '').toString('hex'), name).toBe('ff00');
    expect(userProperties, name).toMatchObject({ w: ['1', '3'], v: '2' });
    await peer.close();
  }
  // what mosquitto_pub cannot say is told, and a will without its payload would be another one
  const line = ownMosquittoCommand('sh', told(1), publish);
  expect(line?.text).not.toContain('--will');
  expect(line?.notCarried).toEqual(['serverName', 'alpn', 'will']);
});

it('says what a program cannot be told, and nothing where it was told all', () => {
  const client = (change: Partial<OwnConnection>): OwnClient => ({
    settings: connection(change),
    protocolVersion: 5,
    password: false,
  });
  const mqtt = { ...newConnection.mqtt, cleanStart: false, keepAlive: 0, authenticationMethod: 'SCRAM' };
  const tls = { ...newConnection.tls, trust: 'system', verify: false } as const;
  const own = client({ reconnect: 'never', mqtt, tls });
  const options = { noLocal: true, retainAsPublished: false, retainHandling: 0, identifier: null } as const;
  const listen: ClientAct = {
    kind: 'subscribe',
    filters: [
      { filter: 'a', qos: 0, options },
      { filter: 'b', qos: 1 },
    ],
  };
  const missing = ['verify', 'session', 'keepAlive', 'reconnect', 'authentication', 'subscriptionQos', 'subscriptionOptions'];
  expect(ownMosquittoCommand('sh', own, listen)?.notCarried).toEqual(missing);
  expect(ownNodeScript(own, listen).notCarried).toEqual(['authentication']);
  expect(ownNodeScript(client({ tls: { ...tls, verify: true } }), listen).notCarried).toEqual(['systemAuthorities']);
  expect(ownPythonScript(own, listen).notCarried).toEqual(['keepAlive', 'authentication']);
  const odd = { ...binary, properties: { correlationData: Uint8Array.of(0xff) } };
  expect(ownMosquittoCommand('sh', client({}), odd)?.notCarried).toEqual(['correlation']);
  for (const act of [binary, publish]) expect(ownMosquittoCommand('sh', client({}), act)?.notCarried).toEqual([]);
  // of MQTT 3.1.1 nothing of it is
  expect(ownMosquittoCommand('sh', { ...client({}), protocolVersion: 4 }, odd)).toMatchObject({ notCarried: [] });
});

it('PowerShell writes bytes into a file first: its pipes carry text', () => {
  const { text } =
    ownMosquittoCommand('powershell', { settings: withCertificate(), protocolVersion: 5, password: false }, binary) ?? {};
  expect(text).toContain("[Convert]::FromBase64String('3q2+7wAlClwnfw==')");
  expect(text).toMatch(/\nmosquitto_pub .*-f payload\.bin$/s);
});

it('Python, as far as its syntax goes, with the very bytes', async () => {
  const odd = connection({
    transport: 'wss',
    tls: { ...newConnection.tls, verify: false, serverName: 'x.example' },
    reconnect: 'never',
  });
  for (const settings of [withCertificate(), withPassword(), odd]) {
    const script = ownPythonScript({ settings, protocolVersion: 5, password: true }, binary).text;
    await writeFile(join(folder, 'client.py'), script);
    await run('python3', ['-m', 'py_compile', 'client.py'], { cwd: folder });
    expect(script).not.toContain(brokerLogin.password);
    expect(script).toContain('bytes.fromhex("deadbeef00250a5c277f")');
  }
});
