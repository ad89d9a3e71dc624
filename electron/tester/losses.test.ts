import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { makeTestAuthority, type TestIdentity } from '../broker/testing/certificates.ts';
import { type LocalTester, localTester } from './testing/local-tester.ts';

/** Brokers that Mosquitto 2.0 cannot be made to be: what they send is written out byte by byte (MQTT 5 §3.2, §3.14). */
const accepted = '2003000000';
const patient = { timeout: 30_000, interval: 20 };
let folder: string;
let ca: string;
let server: TestIdentity;
let client: TestIdentity;
let listener: Server | undefined;
let tester: LocalTester;
let tries = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fieldkey-losses-'));
  const authority = await makeTestAuthority(folder);
  ca = authority.ca;
  server = await authority.issue('server', 'serverAuth');
  client = await authority.issue('client');
});
afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(async () => {
  await tester.closeAll();
  listener?.close();
});

/** Connects as the observer to a broker that answers CONNECT with `bytes` and then does what `then` says. */
async function connectTo(
  bytes: string,
  timing: Parameters<typeof localTester>[0],
  then: (socket: TLSSocket) => void = () => undefined,
) {
  tries = 0;
  tester = localTester(timing);
  listener = createServer({ cert: server.certificate, key: server.key, ca, requestCert: true }, (socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      tries++;
      socket.write(Buffer.from(bytes, 'hex'));
      then(socket);
    });
  });
  await new Promise<void>((resolve) => listener?.listen(0, '127.0.0.1', resolve));
  const { port } = listener.address() as AddressInfo;
  const identity = { id: 'client', certificateChain: client.certificate, key: Buffer.from(client.key), ca };
  return tester.call('connect', { connectionId: 'a-connection', host: '127.0.0.1', port, identity, reconnects: true });
}

const last = () => tester.states.at(-1);

it('does not fight for a session that was taken over, also when it is told with the acceptance', async () => {
  await connectTo(`${accepted}e0018e`, { backOff: [10] }, (socket) => socket.end());
  await expect.poll(last, patient).toMatchObject({ phase: 'closed', failure: { cause: 'taken-over', reasonCode: 142 } });
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(tries).toBe(1);
});

it('notices a broker that stopped answering pings, and tries again', async () => {
  const state = await connectTo(accepted, { keepAlive: 1, backOff: [60_000] });
  expect(state.phase).toBe('connected');
  await expect.poll(last, patient).toMatchObject({ phase: 'waiting', failure: { cause: 'keep-alive-timeout' } });
});

it('does not try again when what arrives is no MQTT', async () => {
  await connectTo(`${accepted}ffffffffffff`, { backOff: [10] });
  await expect.poll(last, patient).toMatchObject({ phase: 'closed', failure: { cause: 'protocol-error' } });
  expect(tries).toBe(1);
});

it('sends no larger packet than the broker takes', async () => {
  // CONNACK with property 27h, maximum packet size 100 (MQTT 5 §3.2.2.3.6)
  await connectTo('2008000005270000 0064'.replace(' ', ''), {});
  const message = { connectionId: 'a-connection', topic: 't', qos: 0, retain: false } as const;
  // 2 bytes of header, 2 + 1 of topic, 1 of property length
  expect(await tester.call('publish', { ...message, payload: new Uint8Array(95) })).toEqual({ reasonCode: 149 });
  expect(await tester.call('publish', { ...message, payload: new Uint8Array(94) })).toEqual({ reasonCode: 0 });
});

it('waits longer after each failure to come back, and can be stopped while it waits', async () => {
  await connectTo(accepted, { backOff: [20, 40, 80, 60_000], quickLoss: 0 }, (socket) => {
    setTimeout(() => socket.destroy(), 20);
    listener?.close();
  });
  await expect.poll(() => tester.states.filter((s) => s.phase === 'waiting').length, patient).toBe(4);
  expect(last()).toMatchObject({ phase: 'waiting', failure: { cause: 'refused' } });
  await tester.call('disconnect', { connectionId: 'a-connection' });
  expect(last()).toMatchObject({ phase: 'closed', failure: null, retryAt: null });
});
