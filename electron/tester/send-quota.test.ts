import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { everything } from '../../shared/model/recording.ts';
import { TestConnection } from './connection.ts';
import { replay } from './history/replay.ts';
import { SendQuota } from './send-quota.ts';
import { type Lab, openLab } from './testing/lab.ts';
import { type LocalTester, localTester } from './testing/local-tester.ts';
import { defaultTiming } from './timing.ts';

/** How many messages are under way at once, with the broker that the product's own kit makes: it grants 20 and refuses more. */
const patient = { timeout: 60_000, interval: 20 };
const topic = 'lab/energy/meter-001';
let lab: Lab;
let tester: LocalTester;
let count = 0;

afterEach(async () => {
  await tester?.closeAll();
  await lab?.close();
});

async function open(receiveMaximum: number | null): Promise<void> {
  lab = await openLab(
    {},
    {
      conf: (text) => {
        const more = text.replace('max_queued_messages 1000', 'max_queued_messages 100000');
        return receiveMaximum === null
          ? more
          : more.replace('max_inflight_messages 20', `max_inflight_messages ${receiveMaximum}`);
      },
    },
  );
  tester = localTester();
}

async function connect(who: string, protocol: 'auto' | 4 = 'auto') {
  const connectionId = `${who}-${++count}-connection`;
  const mqtt = { ...plainMqtt, protocol };
  const order = { connectionId, host: '127.0.0.1', port: lab.port, identity: lab.identity(who), reconnects: false, mqtt };
  expect(await tester.call('connect', order)).toMatchObject({ phase: 'connected', protocolVersion: protocol === 4 ? 4 : 5 });
  return connectionId;
}

const plainMqtt = {
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
} as const;

const heard = (connectionId: string) =>
  tester
    .messages(connectionId)
    .filter(({ direction }) => direction === 'in')
    .map(({ payload }) => Number(Buffer.from(payload).toString()));
const numbers = (length: number) => Array.from({ length }, (_, index) => index);

const replayAll = { jobId: 'replay-quota', query: everything, speed: 0, prefix: '', retain: false } as const;

/** A recording of so many messages of QoS 2, with who may publish them again. */
async function recorded(messages: number) {
  const observer = await connect('observer');
  await tester.call('subscribe', { connectionId: observer, filter: 'lab/energy/#', qos: 2 });
  const meter = await connect('meter-001');
  const order = { connectionId: observer, projectId: 1, by: { kind: 'observer', name: '' }, host: '127.0.0.1', port: lab.port };
  const { recordingId } = await tester.history('start', order as never);
  for (const n of numbers(messages))
    await tester.call('publish', { connectionId: meter, topic, payload: Buffer.from(String(n)), qos: 2, retain: false });
  await expect.poll(() => heard(observer).length, patient).toBe(messages);
  await tester.history('stop', { connectionId: observer, ended: 'stopped' });
  return { observer, meter, recordingId };
}

describe('a broker that takes few messages at once', () => {
  it.each([
    ['20, as the kit has it', null],
    ['3', 3],
    ['1', 1],
  ])('gets a recording as fast as it takes it, all of it and in order (%s)', async (_, receiveMaximum) => {
    await open(receiveMaximum);
    const folder = mkdtempSync(join(tmpdir(), 'fieldkey-quota-'));
    await tester.history('open', { folder, key: new Uint8Array(32).fill(5) });
    const { observer, meter, recordingId } = await recorded(200);
    const result = await tester.history('replay', { ...replayAll, recordingId, connectionId: meter });
    expect(result).toEqual({ published: 200, refused: [], unreadable: 0 });
    await expect.poll(() => heard(observer).length, patient).toBe(400);
    expect(heard(observer).slice(200)).toEqual(numbers(200));
    await tester.history('close', { ended: 'locked' });
    rmSync(folder, { recursive: true, force: true });
  });

  it('loses nothing of a timed run while it hangs for a moment', async () => {
    await open(null);
    const observer = await connect('observer');
    await tester.call('subscribe', { connectionId: observer, filter: 'lab/energy/#', qos: 2 });
    const connectionId = await connect('meter-001');
    const template = {
      topic,
      form: 'text',
      text: '{{counter}}',
      variables: true,
      qos: 2,
      retain: false,
      properties: {},
    } as const;
    await tester.call('startTimed', { connectionId, template, device: null, project: 'lab', interval: 10, count: 200 });
    const last = () => tester.timed.at(-1);
    await expect.poll(() => last()?.acknowledged, patient).toBeGreaterThan(5);
    process.kill(lab.broker.pid, 'SIGSTOP');
    const before = last()?.acknowledged ?? 0;
    await expect.poll(() => (last()?.sent ?? 0) - before, patient).toBeGreaterThan(60);
    process.kill(lab.broker.pid, 'SIGCONT');
    await expect.poll(last, patient).toMatchObject({ ended: 'done', failed: 0, reasonCode: null });
    await expect.poll(() => last()?.acknowledged, patient).toBe(last()?.sent);
    expect((last()?.sent ?? 0) + (last()?.skipped ?? 0)).toBe(200);
    await expect.poll(() => heard(observer).length, patient).toBe(last()?.sent);
    expect(heard(observer)).toEqual(numbers(last()?.sent ?? 0).map((index) => index + 1));
  });

  it('gets nothing of what waited and was given up', async () => {
    await open(1);
    const observer = await connect('observer');
    await tester.call('subscribe', { connectionId: observer, filter: 'lab/energy/#', qos: 2 });
    const order = {
      connectionId: 'c',
      host: '127.0.0.1',
      port: lab.port,
      identity: lab.identity('meter-001'),
      reconnects: false,
    };
    const connection = new TestConnection(order, defaultTiming, { onState: () => undefined, onMessages: () => undefined });
    expect(await connection.open()).toMatchObject({ phase: 'connected' });
    process.kill(lab.broker.pid, 'SIGSTOP');
    const stop = new AbortController();
    const publish = (n: number, signal?: AbortSignal) =>
      connection
        .publish({ topic, payload: Buffer.from(String(n)), qos: 2, retain: false }, signal)
        .catch((error: unknown) => error);
    const answers = numbers(5).map((n) => publish(n, stop.signal));
    const later = publish(5);
    stop.abort('given up');
    process.kill(lab.broker.pid, 'SIGCONT');
    expect(await Promise.all(answers)).toEqual([0, 'given up', 'given up', 'given up', 'given up']);
    expect(await later).toBe(0);
    await expect.poll(() => heard(observer), patient).toEqual([0, 5]);
    await connection.close();
  });

  it('does not keep a replay from being stopped while it answers nothing', async () => {
    await open(1);
    const folder = mkdtempSync(join(tmpdir(), 'fieldkey-quota-'));
    await tester.history('open', { folder, key: new Uint8Array(32).fill(5) });
    const { recordingId } = await recorded(100);
    const stop = new AbortController();
    let handedOver = 0;
    const silent = { publish: () => new Promise<number>(() => handedOver++) };
    const host = { ask: tester.history, signal: stop.signal, progress: () => undefined };
    const replaying = replay({ ...replayAll, recordingId, connectionId: 'c' }, silent, host);
    const cancelled = expect(replaying).rejects.toMatchObject({ code: 'JOB_CANCELLED', params: { done: 0, total: 100 } });
    await expect.poll(() => handedOver, patient).toBe(64);
    stop.abort();
    await cancelled;
    await tester.history('close', { ended: 'locked' });
    rmSync(folder, { recursive: true, force: true });
  });

  it('tells what waited when the connection ends', async () => {
    await open(1);
    const connectionId = await connect('meter-001');
    process.kill(lab.broker.pid, 'SIGSTOP');
    const answers = numbers(5).map((n) =>
      tester.call('publish', { connectionId, topic, payload: Buffer.from(String(n)), qos: 1, retain: false }).then(
        () => 'published',
        (error: Error) => error.message,
      ),
    );
    await tester.call('disconnect', { connectionId, cut: true });
    process.kill(lab.broker.pid, 'SIGCONT');
    expect(await Promise.all(answers)).toEqual(Array(5).fill('connection-not-open'));
  });

  it('is given no more than it keeps in MQTT 3.1.1, where it would throw the rest away and acknowledge it', async () => {
    await open(null);
    const observer = await connect('observer');
    await tester.call('subscribe', { connectionId: observer, filter: 'lab/energy/#', qos: 2 });
    const connectionId = await connect('meter-001', 4);
    const sent = numbers(100).map((n) =>
      tester.call('publish', { connectionId, topic, payload: Buffer.from(String(n)), qos: 2, retain: false }),
    );
    await Promise.all(sent);
    await expect.poll(() => heard(observer).length, patient).toBe(100);
    expect(heard(observer)).toEqual(numbers(100));
  });
});

describe('the places', () => {
  it('are given first in, first out, and nothing that needs none overtakes', () => {
    const quota = new SendQuota();
    quota.grant(5, 2);
    const sent: string[] = [];
    const enter = (name: string, qos: 0 | 1 | 2) => quota.enter(qos, () => sent.push(name) > 0);
    enter('a', 0);
    enter('b', 1);
    enter('c', 2);
    enter('d', 1);
    enter('e', 0);
    enter('f', 2);
    expect(sent.join('')).toBe('abc');
    quota.release();
    expect(sent.join('')).toBe('abcde');
    quota.release();
    expect(sent.join('')).toBe('abcdef');
    quota.enter(2, () => false);
    enter('g', 1);
    quota.release();
    expect(sent.join('')).toBe('abcdefg');
    enter('h', 1);
    quota.close();
    quota.release();
    expect(sent.join('')).toBe('abcdefg');
  });
});
