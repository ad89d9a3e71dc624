import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Aedes } from 'aedes';
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWebSocketStream, WebSocketServer } from 'ws';
import type { MqttOptions } from '../../../shared/model/connect-options.ts';
import { type DoctorReport, stepOf } from '../../../shared/model/doctor.ts';
import { type AnyBroker, brokerLogin, startAnyBroker } from '../testing/any-broker.ts';
import { localTester } from '../testing/local-tester.ts';
import type { DiagnoseOrder } from './order.ts';

/** One Mosquitto with a listener of each kind, which nothing of this program has made. */
let folder: string;
let any: AnyBroker;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fieldkey-any-'));
  any = await startAnyBroker(join(folder, 'any'));
});
afterAll(async () => {
  await any.close();
  await rm(folder, { recursive: true, force: true });
});

const tester = localTester({ connect: 2_000, probe: 500 });
/** As a new connection says it. */
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
let runs = 0;
function examine(changes: Partial<DiagnoseOrder>, identity: Partial<DiagnoseOrder['identity']> = {}): Promise<DoctorReport> {
  const topic = `fieldkey-doctor/${++runs}`;
  return tester.call('diagnose', {
    runId: `any-broker-${runs}`,
    host: '127.0.0.1',
    port: any.ports.mqtts,
    transport: 'mqtts',
    serverName: null,
    quick: false,
    identity: {
      kind: 'none',
      clientId: 'doctor',
      deviceId: null,
      certificate: null,
      key: null,
      passphrase: null,
      authorities: new TextEncoder().encode(any.authority.ca),
      login: null,
      ...identity,
    },
    connection: null,
    project: null,
    systemTopics: 'self',
    filters: [topic],
    trips: [{ from: 'self', to: 'self', topic }],
    observer: null,
    access: null,
    refusals: [],
    ...changes,
  });
}

/** Certificates of the test authority last ten days, which is a remark in itself. */
const warnings = ({ steps }: DoctorReport) =>
  steps.flatMap(({ findings }) => findings.filter(({ weight }) => weight !== 'note').map(({ code }) => code));

describe('any broker, without a certificate of ours', () => {
  it('with a login, and with a wrong one', async () => {
    const at = { port: any.ports.login };
    const good = await examine(at, { kind: 'password', login: brokerLogin });
    expect(warnings(good)).toEqual(['broker-ends-soon']);
    expect(good.verdict).toEqual({ outcome: 'remarks', step: null, cause: null });
    expect(stepOf(good, 'connack').evidence?.capabilities.software).toMatch(/^mosquitto version 2/);
    expect(stepOf(good, 'loopback').evidence?.trips).toMatchObject([{ from: 'doctor', to: 'doctor', reasonCode: 0 }]);
    expect(good.identity).toMatchObject({ kind: 'password', id: 'pump', serial: null });
    const wrong = await examine(at, { kind: 'password', login: { ...brokerLogin, password: 'guessed' } });
    expect(wrong.verdict).toMatchObject({ step: 'connack', cause: { code: 'not-authorized', fixes: [{ fix: 'enter-login' }] } });
    expect(JSON.stringify([good, wrong])).not.toMatch(/guessed|well water/);
  });

  it('over WebSocket with TLS, and in the clear: what cannot be tried there is said', async () => {
    const wss = await examine({ port: any.ports.wss, transport: 'wss' });
    expect(warnings(wss)).toEqual(['broker-ends-soon']);
    expect(stepOf(wss, 'tls').evidence).toMatchObject({ protocol: 'TLSv1.3', nameMatches: true });
    const clear = await examine({ port: any.ports.mqtt, transport: 'mqtt' });
    expect(clear.verdict.outcome).toBe('remarks');
    expect(clear.steps.filter(({ outcome }) => outcome === 'skipped').map(({ step, skipped }) => `${step} ${skipped}`)).toEqual([
      'dns address-given',
      'tls no-tls',
      'admission no-tls',
      'access no-project',
      'negative no-tls',
    ]);
  });

  it('a connection that has to fail and does not is a warning, since no project promised it', async () => {
    const report = await examine({
      refusals: [
        { test: 'no-certificate', identity: null },
        { test: 'plain', identity: null },
      ],
    });
    expect(report.verdict.outcome).toBe('remarks');
    expect(stepOf(report, 'negative').findings.map(({ code, weight }) => `${code} ${weight}`)).toEqual([
      'let-in-no-certificate warning',
    ]);
    expect(stepOf(report, 'admission').findings.map(({ code }) => code)).toEqual(['no-certificate-asked']);
  });
});

it('a session that goes on after it has what the connection asks for, and nothing of the doctor', async () => {
  const clientId = 'kept-session';
  const report = await examine(
    {
      connection: {
        connectionId: 1,
        name: 'shore',
        speaksAs: null,
        link: { path: '/mqtt', minVersion: 'TLSv1.2', alpn: [], verify: true, systemAuthorities: false },
        mqtt: { ...plainMqtt, cleanStart: false, sessionExpiry: 3_600, keepAlive: 20 },
        subscriptions: [{ filter: 'stays/here', qos: 1 }],
      },
    },
    { kind: 'own', clientId },
  );
  const topic = stepOf(report, 'loopback').evidence?.trips[0]?.topic ?? '';
  expect(stepOf(report, 'subscribe').evidence?.filters.map(({ filter }) => filter)).toEqual(['stays/here', topic]);
  expect(stepOf(report, 'loopback').evidence?.trips).toMatchObject([{ reasonCode: 0, milliseconds: expect.any(Number) }]);
  const again = await connectAsync(`mqtt://127.0.0.1:${any.ports.mqtt}`, { clientId, protocolVersion: 5, clean: false });
  try {
    const arrived: string[] = [];
    const last = new Promise<void>((resolve) => {
      again.on('message', (name) => {
        arrived.push(name);
        if (name === 'stays/here') resolve();
      });
    });
    for (const each of [topic, 'stays/here']) await again.publishAsync(each, 'after it', { qos: 1 });
    await last;
    expect(arrived).toEqual(['stays/here']);
  } finally {
    await again.endAsync();
  }
});

it('reads the clock of a broker that tells it in its own topics, and says both', async () => {
  const broker = await Aedes.createBroker();
  const server = createServer((socket) => broker.handle(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const theirs = Date.UTC(2031, 0, 2, 3, 4, 5);
  const payload = Buffer.from(new Date(theirs).toISOString());
  const packet = {
    cmd: 'publish',
    topic: '$SYS/brokers/emqx@127.0.0.1/datetime',
    payload,
    qos: 0,
    retain: true,
    dup: false,
  } as const;
  await new Promise<void>((resolve) => broker.publish(packet, () => resolve()));
  try {
    const { port } = server.address() as { port: number };
    const report = await examine({ port, transport: 'mqtt' });
    expect(report.clocks).toMatchObject({ broker: theirs, source: 'sys-topic', after: null, before: null });
    expect(Math.abs(report.clocks.own - Date.now())).toBeLessThan(60_000);
    // it speaks 3.1.1 only, which is told as well
    expect(stepOf(report, 'connack').findings.map(({ code }) => code)).toContain('older-protocol');
  } finally {
    await new Promise<void>((resolve) => broker.close(() => resolve()));
    server.close();
  }
});

it('reads the clock of the web server in front of a broker that tells none', async () => {
  const broker = await Aedes.createBroker();
  const theirs = Date.UTC(2031, 0, 2, 3, 4, 5);
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, handleProtocols: () => 'mqtt' });
  server.on('headers', (headers) => headers.push(`Date: ${new Date(theirs).toUTCString()}`));
  server.on('connection', (socket) => broker.handle(createWebSocketStream(socket)));
  await once(server, 'listening');
  try {
    const { port } = server.address() as { port: number };
    const report = await examine({ port, transport: 'ws', quick: true });
    expect(report.clocks).toMatchObject({ broker: theirs, source: 'http-date', after: null, before: null });
    expect(stepOf(report, 'connack').outcome).toBe('passed');
  } finally {
    await new Promise<void>((resolve) => broker.close(() => resolve()));
    server.close();
  }
});
