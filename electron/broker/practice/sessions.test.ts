import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { type IPublishPacket, MqttClient } from 'mqtt';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import type { AccessLine, AccessList } from '../../../shared/rules/access-list.ts';
import { makeTestAuthority, type TestAuthority, type TestIdentity } from '../testing/certificates.ts';
import { type LocalPractice, localPractice } from './testing/local-practice.ts';

const host = '127.0.0.1';
const patient = { timeout: 30_000 };
const maxQueuedMessages = 5;
let folder: string;
let authority: TestAuthority;
let practice: LocalPractice;
let port: number;
const who: Record<string, TestIdentity> = {};
const clients: MqttClient[] = [];

const user = (name: string, ...lines: AccessLine[]): AccessList => [{ kind: 'user', user: name }, ...lines];
const may = (access: 'read' | 'write' | 'readwrite', topic: string): AccessLine => ({ kind: 'topic', access, topic });
const rules: AccessList = [
  ...user('reader', may('read', 'lab/#')),
  ...user('writer', may('write', 'lab/#')),
  ...user('other', may('write', 'lab/#')),
];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fieldkey-sessions-'));
  authority = await makeTestAuthority(folder);
  for (const name of ['reader', 'writer', 'other', 'meter']) who[name] = await authority.issue(name);
  const server = await authority.issue('server', 'serverAuth');
  practice = localPractice();
  ({ port } = await practice.call('startBroker', {
    host,
    port: 0,
    identity: {
      certificateChain: server.certificate,
      key: new TextEncoder().encode(server.key),
      ca: authority.ca,
      crl: await authority.crl(),
    },
    access: rules,
    limits: { maxQueuedMessages },
  }));
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.endAsync(true)));
  await practice.call('exchange', { access: rules });
});
afterAll(async () => {
  await practice.call('stop', undefined);
  rmSync(folder, { recursive: true, force: true });
});

interface Connected {
  readonly client: MqttClient;
  readonly received: { readonly topic: string; readonly text: string; readonly qos: number; readonly retain: boolean }[];
}

async function connect(name: string, options: object = {}): Promise<Connected> {
  const client = new MqttClient(
    () => connectTls({ host, port, ca: authority.ca, cert: who[name]?.certificate ?? '', key: who[name]?.key ?? '' }),
    { protocolVersion: 4, clientId: name, reconnectPeriod: 0, timerVariant: 'native', ...options },
  );
  clients.push(client);
  const received: Connected['received'] = [];
  client.on('message', (topic, payload, { qos, retain }: IPublishPacket) =>
    received.push({ topic, text: payload.toString(), qos, retain }),
  );
  await new Promise<void>((resolve, reject) => {
    client.once('connect', () => resolve());
    client.once('error', reject);
    client.once('close', () => reject(new Error('closed')));
  });
  return { client, received };
}

/** Gone from the broker's point of view as well. */
async function leave({ client }: Connected, name: string): Promise<void> {
  const count = (kind: 'opened' | 'closed') => practice.all(kind).filter((one) => one.name === name).length;
  await client.endAsync();
  await vi.waitFor(() => expect(count('closed')).toBe(count('opened')), patient);
}

it('keeps for an absent client what it may read, up to the limit, and drops the newest', async () => {
  // the session of a client that is away
  const session = { clean: false };
  const first = await connect('reader', session);
  await first.client.subscribeAsync(['lab/#', 'secret/#'], { qos: 1 });
  await leave(first, 'reader');
  const writer = await connect('writer');
  // denied to the reader: takes no place in its queue
  await practice.call('exchange', { access: [...rules, ...user('writer', may('write', 'secret/#'))] });
  for (let n = 0; n < 20; n++) await writer.client.publishAsync(`secret/${n}`, 'secret', { qos: 1 });
  for (let n = 0; n < 20; n++) await writer.client.publishAsync(`lab/${n}`, String(n), { qos: 1 });

  const again = await connect('reader', session);
  await vi.waitFor(() => expect(again.received).toHaveLength(5), patient);
  await writer.client.publishAsync('lab/live', 'live', { qos: 1 });
  await vi.waitFor(() => expect(again.received.map(({ text }) => text)).toContain('live'), patient);
  expect(again.received.map(({ text }) => text)).toEqual(['0', '1', '2', '3', '4', 'live']);
  await leave(again, 'reader');
  // what was fetched no longer counts
  for (let n = 100; n < 103; n++) await writer.client.publishAsync('lab/later', String(n), { qos: 1 });
  const third = await connect('reader', session);
  await vi.waitFor(() => expect(third.received.map(({ text }) => text)).toEqual(['100', '101', '102']), patient);
  await third.client.unsubscribeAsync(['lab/#', 'secret/#']);
});

it('drops for a client that acknowledges nothing, and does not throw it out', async () => {
  const reader = await connect('reader', { clean: false });
  // filters that overlap: each message is one in the queue all the same
  await reader.client.subscribeAsync(['lab/#', 'lab/+'], { qos: 1 });
  const held: (() => void)[] = [];
  reader.client.handleMessage = (_packet, done) => void held.push(() => done());
  const writer = await connect('writer');
  for (let n = 0; n < 9; n++) await writer.client.publishAsync('lab/a', String(n), { qos: 1 });
  await vi.waitFor(() => expect(held).toHaveLength(1), patient);
  reader.client.handleMessage = (_packet, done) => done();
  held[0]?.();
  await vi.waitFor(() => expect(reader.received.map(({ text }) => text)).toEqual(['0', '1', '2', '3', '4']), patient);
  // the broker has the acknowledgements when it answers this
  await reader.client.subscribeAsync('nothing', { qos: 0 });
  await writer.client.publishAsync('lab/a', 'live', { qos: 1 });
  await vi.waitFor(() => expect(reader.received.map(({ text }) => text)).toContain('live'), patient);
  expect(reader.received).toHaveLength(6);
  expect(reader.client.connected).toBe(true);
  await reader.client.unsubscribeAsync(['lab/#', 'lab/+', 'nothing']);
});

it('delivers with the QoS that was asked for at most, by wildcards too (MQTT-3.8.4-6)', async () => {
  const writer = await connect('writer');
  for (const [filter, asked] of [
    ['lab/#', 0],
    ['lab/+', 1],
    ['lab/a', 1],
    ['lab/#', 2],
  ] as const) {
    const reader = await connect('reader');
    expect((await reader.client.subscribeAsync(filter, { qos: asked })).map(({ qos }) => qos)).toEqual([asked]);
    for (const qos of [0, 1, 2] as const) await writer.client.publishAsync('lab/a', String(qos), { qos });
    await vi.waitFor(() => expect(reader.received).toHaveLength(3), patient);
    expect(
      reader.received.map(({ qos }) => qos),
      filter,
    ).toEqual([0, 1, 2].map((qos) => Math.min(qos, asked)));
    await leave(reader, 'reader');
  }
  // two subscriptions that overlap: once, with the higher QoS
  const reader = await connect('reader');
  await reader.client.subscribeAsync('lab/#', { qos: 0 });
  await reader.client.subscribeAsync('lab/+', { qos: 1 });
  await writer.client.publishAsync('lab/a', 'both', { qos: 2 });
  await writer.client.publishAsync('lab/end', 'end', { qos: 0 });
  await vi.waitFor(() => expect(reader.received.map(({ text }) => text)).toContain('end'), patient);
  expect(reader.received.filter(({ text }) => text === 'both').map(({ qos }) => qos)).toEqual([1]);
});

it('withholds a retained message once its writer may not write there any more (check_retain_source)', async () => {
  const writer = await connect('writer');
  const other = await connect('other');
  await writer.client.publishAsync('lab/state/w', 'by writer', { qos: 1, retain: true });
  await other.client.publishAsync('lab/state/o', 'by other', { qos: 1, retain: true });
  const retained = async (): Promise<string[]> => {
    const reader = await connect('reader');
    // asked for last, so it comes last
    await reader.client.subscribeAsync('lab/state/w', { qos: 1 });
    await reader.client.subscribeAsync('lab/state/o', { qos: 1 });
    await vi.waitFor(() => expect(reader.received.map(({ text }) => text)).toContain('by other'), patient);
    expect(reader.received.every(({ retain }) => retain)).toBe(true);
    await leave(reader, 'reader');
    return reader.received.map(({ text }) => text);
  };
  expect(await retained()).toEqual(['by writer', 'by other']);
  await practice.call('exchange', {
    access: [...user('reader', may('read', 'lab/#')), ...user('other', may('write', 'lab/#'))],
  });
  expect(await retained()).toEqual(['by other']);
  // given back, it is there again; Mosquitto decides anew each time as well
  await practice.call('exchange', { access: rules });
  expect(await retained()).toEqual(['by writer', 'by other']);
});
