import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { LinkOptions, MqttOptions, WillOrder } from '../../shared/model/connect-options.ts';
import type { ConnectOrder, TestCertificate } from './channel.ts';
import { strictLink } from './link-socket.ts';
import { type AnyBroker, brokerLogin, startAnyBroker } from './testing/any-broker.ts';
import { type LocalTester, localTester } from './testing/local-tester.ts';
import { type RecordingPeer, startRecordingPeer } from './testing/recording-peer.ts';

/** Connections of one's own, against a broker that runs anywhere, and against a peer that writes down what it is told. */
const patient = { timeout: 30_000, interval: 20 };
let folder: string;
let any: AnyBroker;
let tester: LocalTester;
let peer: RecordingPeer | undefined;
let count = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fieldkey-own-'));
  any = await startAnyBroker(join(folder, 'broker'));
  tester = localTester({ connect: 4_000, probe: 1_000, backOff: [100] });
});
afterEach(async () => {
  await tester.closeAll();
  await peer?.close();
  peer = undefined;
});
afterAll(async () => {
  await any?.close();
  await rm(folder, { recursive: true, force: true });
});

const plainMqtt: MqttOptions = {
  protocol: 'auto',
  cleanStart: true,
  keepAlive: 30,
  sessionExpiry: null,
  receiveMaximum: null,
  maximumPacketSize: null,
  topicAliasMaximum: null,
  requestResponseInformation: false,
  requestProblemInformation: true,
  userProperties: [],
  authentication: null,
  will: null,
};
const plainWill: WillOrder = {
  topic: 'wills/pump',
  payload: Buffer.from([0, 255, 10]),
  qos: 1,
  retain: false,
  delay: null,
  utf8: false,
  messageExpiry: null,
  contentType: '',
  responseTopic: '',
  correlationData: null,
  userProperties: [],
};

interface Wanted {
  readonly port: number;
  readonly host?: string;
  readonly link?: Partial<LinkOptions>;
  readonly mqtt?: Partial<MqttOptions>;
  readonly identity?: Partial<TestCertificate>;
  readonly reconnects?: boolean;
}

async function connect({ port, host = 'localhost', link = {}, mqtt = {}, identity = {}, reconnects = false }: Wanted) {
  const connectionId = `own-connection-${++count}`;
  const order: ConnectOrder = {
    connectionId,
    host,
    port,
    reconnects,
    identity: { id: `own-${count}`, certificateChain: '', key: new Uint8Array(), ca: any.authority.ca, ...identity },
    link: { ...strictLink, ...link },
    mqtt: { ...plainMqtt, ...mqtt },
  };
  return { connectionId, state: await tester.call('connect', order) };
}

const received = (connectionId: string) => tester.messages(connectionId).filter((message) => message.direction === 'in');

describe('ways to a broker', () => {
  it.each([
    ['mqtt', 'mqtt'],
    ['mqtts', 'mqtts'],
    ['ws', 'ws'],
    ['wss', 'wss'],
  ] as const)('%s brings messages in both directions, of any size', async (transport, name) => {
    const { connectionId, state } = await connect({ port: any.ports[name], link: { transport, path: '/mqtt' } });
    expect(state).toMatchObject({ phase: 'connected', protocolVersion: 5, failure: null });
    expect(state.tls === null).toBe(transport === 'mqtt' || transport === 'ws');
    await tester.call('subscribe', { connectionId, filter: `ways/${transport}`, qos: 1 });
    const payload = new Uint8Array(30_000).map((_, i) => i * 7);
    await tester.call('publish', { connectionId, topic: `ways/${transport}`, payload, qos: 1, retain: false });
    await expect.poll(() => received(connectionId).length, patient).toBe(1);
    expect(received(connectionId)[0]?.payload).toEqual(payload);
    // and a goodbye that the broker understood
    await tester.call('disconnect', { connectionId });
    await expect.poll(() => any.broker.log(), patient).toMatch(new RegExp(`Client own-${count} disconnected\\.`));
  });

  it('shows a client certificate where one is asked for, and says what is missing where it has none', async () => {
    const pump = await any.authority.issue('pump-1');
    const identity = { certificateChain: pump.certificate, key: Buffer.from(pump.key) };
    expect((await connect({ port: any.ports.mutual, identity })).state).toMatchObject({ phase: 'connected' });
    expect((await connect({ port: any.ports.mutual })).state.failure).toMatchObject({ cause: 'client-certificate-required' });
  });

  it('says user name and password, and neither when there are none', async () => {
    const port = any.ports.login;
    expect((await connect({ port, identity: { login: brokerLogin } })).state).toMatchObject({ phase: 'connected' });
    const wrong = { ...brokerLogin, password: 'salt water 7' };
    expect((await connect({ port, identity: { login: wrong } })).state.failure).toMatchObject({ cause: 'not-authorized' });
    expect((await connect({ port })).state.failure).toMatchObject({ cause: 'not-authorized' });
  });

  it('explains a way that the port does not speak', async () => {
    const web = createServer((_, response) => response.writeHead(404).end('nothing here'));
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    const { port } = web.address() as AddressInfo;
    const cause = async (wanted: Wanted) => (await connect(wanted)).state.failure;
    expect(await cause({ port: any.ports.mqtts, link: { transport: 'mqtt' } })).toMatchObject({ cause: 'tls-port' });
    expect(await cause({ port: any.ports.mutual, link: { transport: 'mqtt' } })).toMatchObject({ cause: 'tls-port' });
    expect(await cause({ port: any.ports.wss, link: { transport: 'ws', path: '/' } })).toMatchObject({ cause: 'tls-port' });
    expect(await cause({ port: any.ports.mqtt })).toMatchObject({ cause: 'plain-port' });
    expect(await cause({ port: any.ports.ws })).toMatchObject({ cause: 'not-tls' });
    expect(await cause({ port, link: { transport: 'ws', path: '/mqtt' } })).toMatchObject({
      cause: 'websocket-refused',
      params: { status: 404 },
    });
    expect(await cause({ port, link: { transport: 'mqtt' } })).toMatchObject({ cause: 'not-mqtt' });
    // a plain MQTT port closes without a word
    expect(await cause({ port: any.ports.mqtt, link: { transport: 'ws', path: '/' } })).toMatchObject({
      cause: expect.stringMatching(/^(closed-by-broker|websocket-refused)$/),
    });
    expect(await cause({ port: any.ports.mqtts, link: { transport: 'wss', path: '/' } })).toMatchObject({
      cause: expect.stringMatching(/^(closed-by-broker|websocket-refused)$/),
    });
    expect(await cause({ port: 1, link: { transport: 'ws', path: '/' } })).toMatchObject({ cause: 'refused' });
    await new Promise((resolve) => web.close(resolve));
  });
});

describe('TLS', () => {
  it('verifies by default, takes anything only when told so, and trusts who is chosen', async () => {
    const port = any.ports.mqtts;
    const stranger = { identity: { ca: (await connectStranger()).ca } };
    expect((await connect({ port, ...stranger })).state.failure).toMatchObject({ cause: 'broker-authority-recreated' });
    expect((await connect({ port, ...stranger, link: { verify: false } })).state).toMatchObject({ phase: 'connected' });
    expect((await connect({ port, identity: { ca: '' }, link: { systemAuthorities: true } })).state.failure).toMatchObject({
      cause: 'broker-other-root',
    });
    const before = process.env['SSL_CERT_FILE'];
    process.env['SSL_CERT_FILE'] = any.authority.caFile;
    // a list of one's own beside the system's counts as well
    const { state } = await connect({ port, link: { systemAuthorities: true } });
    if (before === undefined) delete process.env['SSL_CERT_FILE'];
    else process.env['SSL_CERT_FILE'] = before;
    expect(state).toMatchObject({ phase: 'connected' });
  });

  it('sends the server name, the protocols and the minimum version that were chosen', async () => {
    const server = await any.authority.issue('other.example', 'serverAuth');
    peer = await startRecordingPeer({
      tls: { cert: server.certificate, key: server.key, ALPNProtocols: ['mqtt'], maxVersion: 'TLSv1.2' },
    });
    const { port } = peer;
    const old = await connect({ port, host: '127.0.0.1', link: { serverName: 'localhost', alpn: ['x-amzn-mqtt-ca', 'mqtt'] } });
    expect(old.state).toMatchObject({ phase: 'connected', tls: { protocol: 'TLSv1.2' } });
    expect(peer.handshakes).toEqual([{ serverName: 'localhost', alpn: 'mqtt', protocol: 'TLSv1.2' }]);
    expect((await connect({ port, link: { minVersion: 'TLSv1.3' } })).state.failure).toMatchObject({ cause: 'protocol-version' });
    expect((await connect({ port, link: { alpn: ['x-amzn-mqtt-ca'] } })).state.failure).toMatchObject({ cause: 'alpn' });
    // the name that was asked for is the one that is looked for
    expect((await connect({ port, link: { serverName: 'broker.example' } })).state.failure).toMatchObject({
      cause: 'broker-name-mismatch',
    });
  });

  async function connectStranger() {
    const { makeTestAuthority } = await import('../broker/testing/certificates.ts');
    return makeTestAuthority(join(folder, `stranger-${++count}`));
  }
});

describe('what CONNECT says', () => {
  it('nothing beyond the protocol when nothing was chosen', async () => {
    peer = await startRecordingPeer();
    await connect({ port: peer.port, link: { transport: 'mqtt' } });
    const [packet] = peer.connects;
    expect(packet).toMatchObject({ protocolVersion: 5, clean: true, keepalive: 30, clientId: `own-${count}` });
    expect(packet?.will).toBeUndefined();
    expect(packet?.username).toBeUndefined();
    expect(packet?.properties ?? {}).toEqual({});
  });

  it('every option that was chosen', async () => {
    peer = await startRecordingPeer({ connack: { properties: { responseInformation: 'answers/own', serverKeepAlive: 17 } } });
    const { state } = await connect({
      port: peer.port,
      link: { transport: 'mqtt' },
      identity: { id: 'chosen', login: { username: 'me', password: '' } },
      mqtt: {
        cleanStart: false,
        keepAlive: 61,
        sessionExpiry: 4_294_967_295,
        receiveMaximum: 7,
        maximumPacketSize: 70_000,
        topicAliasMaximum: 3,
        requestResponseInformation: true,
        requestProblemInformation: false,
        userProperties: [
          { name: 'site', value: 'roof' },
          { name: 'site', value: 'cellar' },
          { name: '__proto__', value: 'x' },
        ],
        authentication: { method: 'K', data: Buffer.from([1, 0, 2]), answers: [] },
        will: {
          ...plainWill,
          retain: true,
          delay: 2,
          utf8: true,
          messageExpiry: 60,
          contentType: 'text/plain',
          responseTopic: 'wills/answer',
          correlationData: Buffer.from([9, 0]),
          userProperties: [{ name: 'why', value: 'gone' }],
        },
      },
    });
    const [packet] = peer.connects;
    expect(packet).toMatchObject({ clean: false, keepalive: 61, clientId: 'chosen', username: 'me' });
    expect(packet?.password).toBeUndefined();
    const { userProperties, ...properties } = packet?.properties ?? {};
    expect(properties).toEqual({
      sessionExpiryInterval: 4_294_967_295,
      receiveMaximum: 7,
      maximumPacketSize: 70_000,
      topicAliasMaximum: 3,
      requestResponseInformation: true,
      requestProblemInformation: false,
      authenticationMethod: 'K',
      authenticationData: Buffer.from([1, 0, 2]),
    });
    expect(Object.entries(userProperties ?? {})).toContainEqual(['site', ['roof', 'cellar']]);
    expect(packet?.will).toMatchObject({ topic: 'wills/pump', payload: Buffer.from([0, 255, 10]), qos: 1, retain: true });
    const { userProperties: why, ...will } = packet?.will?.properties ?? {};
    expect(will).toEqual({
      willDelayInterval: 2,
      payloadFormatIndicator: true,
      messageExpiryInterval: 60,
      contentType: 'text/plain',
      responseTopic: 'wills/answer',
      correlationData: Buffer.from([9, 0]),
    });
    expect({ ...why }).toEqual({ why: 'gone' });
    expect(state.granted).toEqual({
      sessionPresent: false,
      properties: { responseInformation: 'answers/own', serverKeepAlive: 17 },
      userProperties: [],
    });
  });

  it('the version that was chosen, and no other', async () => {
    peer = await startRecordingPeer();
    const { port } = peer;
    const link = { transport: 'mqtt' } as const;
    const older = await connect({ port, link, mqtt: { protocol: 4, sessionExpiry: 5, will: plainWill } });
    expect(older.state).toMatchObject({ phase: 'connected', protocolVersion: 4 });
    expect(peer.connects[0]).toMatchObject({ protocolVersion: 4, will: { topic: 'wills/pump' } });
    await peer.close();
    peer = await startRecordingPeer({ connack: { reasonCode: 132, returnCode: 1 } });
    const newer = await connect({ port: peer.port, link, mqtt: { protocol: 5 } });
    expect(newer.state.failure).toMatchObject({ cause: 'mqtt-version' });
    expect(peer.connects).toHaveLength(1);
  });
});

describe('with a real broker', () => {
  it('publishes the last will with all its properties when it is cut, and not when it says goodbye', async () => {
    const { connectAsync } = await import('mqtt');
    const other = await connectAsync(`mqtt://127.0.0.1:${any.ports.mqtt}`, { protocolVersion: 5, reconnectPeriod: 0 });
    const wills: unknown[] = [];
    other.on('message', (topic, payload, { properties, retain }) =>
      wills.push({ topic, payload, retain, ...properties, userProperties: { ...properties?.userProperties } }),
    );
    await other.subscribeAsync('wills/#', { qos: 1 });
    const will: WillOrder = {
      ...plainWill,
      utf8: false,
      messageExpiry: 60,
      contentType: 'application/octet-stream',
      responseTopic: 'wills/answer',
      correlationData: Buffer.from([1, 2]),
      userProperties: [{ name: 'why', value: 'gone' }],
    };
    const polite = await connect({ port: any.ports.mqtts, mqtt: { will: { ...will, topic: 'wills/polite' } } });
    await tester.call('disconnect', { connectionId: polite.connectionId });
    const cut = await connect({ port: any.ports.mqtts, mqtt: { will } });
    await tester.call('disconnect', { connectionId: cut.connectionId, cut: true });
    await expect.poll(() => wills.length, patient).toBe(1);
    expect(wills[0]).toMatchObject({
      topic: 'wills/pump',
      payload: Buffer.from([0, 255, 10]),
      contentType: 'application/octet-stream',
      responseTopic: 'wills/answer',
      correlationData: Buffer.from([1, 2]),
      userProperties: { why: 'gone' },
    });
    // and the delay: the will of a session that comes back in time is never published
    const delayed = { delay: 600, topic: 'wills/delayed' };
    const session = { sessionExpiry: 600, cleanStart: false, will: { ...will, ...delayed } };
    const first = await connect({ port: any.ports.mqtts, identity: { id: 'patient' }, mqtt: session });
    await tester.call('disconnect', { connectionId: first.connectionId, cut: true });
    const second = await connect({ port: any.ports.mqtts, identity: { id: 'patient' }, mqtt: session });
    expect(second.state.granted).toMatchObject({ sessionPresent: true });
    await tester.call('disconnect', { connectionId: second.connectionId });
    expect(wills).toHaveLength(1);
    await other.endAsync();
  });

  it('finds its session again with what waited in it, and asks for nothing twice', async () => {
    const identity = { id: 'resumes' };
    const mqtt = { cleanStart: false, sessionExpiry: 3_600 };
    const first = await connect({ port: any.ports.mqtt, link: { transport: 'mqtt' }, identity, mqtt });
    expect(first.state.granted).toMatchObject({ sessionPresent: false });
    await tester.call('subscribe', { connectionId: first.connectionId, filter: 'kept/#', qos: 1 });
    await tester.call('disconnect', { connectionId: first.connectionId });
    const sender = await connect({ port: any.ports.mqtts });
    const message = { topic: 'kept/a', payload: Buffer.from('waited'), qos: 1, retain: false } as const;
    await tester.call('publish', { connectionId: sender.connectionId, ...message });
    const second = await connect({ port: any.ports.mqtt, link: { transport: 'mqtt' }, identity, mqtt });
    expect(second.state.granted).toMatchObject({ sessionPresent: true });
    await expect.poll(() => received(second.connectionId).length, patient).toBe(1);
    // a session that ends at once leaves nothing
    await tester.call('disconnect', { connectionId: second.connectionId });
    const clean = await connect({ port: any.ports.mqtt, link: { transport: 'mqtt' }, identity });
    expect(clean.state.granted).toMatchObject({ sessionPresent: false });
  });

  it('takes no more than it said at once, and understands topics by number', async () => {
    const { connectionId } = await connect({ port: any.ports.mqtts, mqtt: { receiveMaximum: 1, topicAliasMaximum: 5 } });
    await tester.call('subscribe', { connectionId, filter: 'many/#', qos: 2 });
    for (let i = 0; i < 30; i++) {
      const payload = Buffer.from(String(i));
      await tester.call('publish', { connectionId, topic: `many/${i % 3}`, payload, qos: 2, retain: false });
    }
    const texts = () => received(connectionId).map(({ payload }) => Buffer.from(payload).toString());
    await expect.poll(() => texts().length, patient).toBe(30);
    expect(texts()).toEqual(Array.from({ length: 30 }, (_, i) => String(i)));
  });

  it('is spared what is larger than it said', async () => {
    const { connectionId } = await connect({ port: any.ports.mqtts, mqtt: { maximumPacketSize: 2_000 } });
    await tester.call('subscribe', { connectionId, filter: 'sizes/#', qos: 0 });
    const sender = await connect({ port: any.ports.mqtts });
    // the broker keeps it back (MQTT 5 §3.1.2.11.4)
    const big = { topic: 'sizes/big', payload: new Uint8Array(5_000), qos: 0, retain: false } as const;
    await tester.call('publish', { connectionId: sender.connectionId, ...big });
    const after = { ...big, topic: 'sizes/after', payload: Buffer.from('x') };
    await tester.call('publish', { connectionId: sender.connectionId, ...after });
    await expect.poll(() => received(connectionId).map(({ topic }) => topic), patient).toEqual(['sizes/after']);
  });

  it('comes back after a loss when it may, and never after a refusal', async () => {
    peer = await startRecordingPeer();
    const { port } = peer;
    const link = { transport: 'mqtt' } as const;
    const { connectionId } = await connect({ port, link, reconnects: true });
    const shy = await connect({ port, link });
    await peer.close();
    await expect.poll(() => tester.phases(connectionId), patient).toContain('waiting');
    await expect.poll(() => tester.phases(shy.connectionId).at(-1), patient).toBe('closed');
    const refusing = await startRecordingPeer({ connack: { reasonCode: 135, returnCode: 5 } });
    const refused = await connect({ port: refusing.port, link, reconnects: true });
    expect(refused.state).toMatchObject({ phase: 'closed', failure: { cause: 'not-authorized' } });
    expect(refusing.connects).toHaveLength(1);
    await refusing.close();
  });

  it('goes on without its password when it forgets it, and does not come back then', async () => {
    peer = await startRecordingPeer();
    const login = { username: 'ana', password: 'a secret' };
    const order = { port: peer.port, link: { transport: 'mqtt' }, identity: { login }, reconnects: true } as const;
    const { connectionId } = await connect(order);
    const given = peer.connects.length;
    await tester.call('forget', { connectionId });
    const message = { connectionId, topic: 't', payload: Buffer.from('x'), qos: 0, retain: false } as const;
    expect(await tester.call('publish', message)).toEqual({ reasonCode: 0 });
    await peer.close();
    await expect.poll(() => tester.phases(connectionId).at(-1), patient).toBe('closed');
    expect([tester.phases(connectionId), peer.connects.length]).toEqual([expect.not.arrayContaining(['waiting']), given]);
  });

  it('is given up when it waits to come back and is to forget its password', async () => {
    peer = await startRecordingPeer();
    const { connectionId } = await connect({ port: peer.port, link: { transport: 'mqtt' }, reconnects: true });
    await peer.close();
    await expect.poll(() => tester.phases(connectionId), patient).toContain('waiting');
    await tester.call('forget', { connectionId });
    expect(tester.phases(connectionId).at(-1)).toBe('closed');
  });
});
