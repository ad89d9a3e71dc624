import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connectTestClient } from '../broker/testing/mqtt-client.ts';
import { type Lab, openLab } from './testing/lab.ts';
import { type LocalTester, localTester } from './testing/local-tester.ts';

/** The tester against the broker that the product's own kit makes. */
const patient = { timeout: 30_000, interval: 20 };
let lab: Lab;
let tester: LocalTester;
let count = 0;

beforeAll(async () => {
  // the kit's broker keeps 1,000 messages for a slow reader and drops the rest, by design; a burst is to reach us whole
  lab = await openLab({}, { conf: (text) => text.replace('max_queued_messages 1000', 'max_queued_messages 100000') });
});
afterAll(() => lab?.close());
afterEach(() => tester?.closeAll());

async function connect(who: string, host = '127.0.0.1') {
  const connectionId = `${who}-${++count}-connection`;
  const order = { connectionId, host, port: lab.port, identity: lab.identity(who), reconnects: who === 'observer' };
  const state = await tester.call('connect', order);
  return { connectionId, state };
}

const text = (payload: Uint8Array) => Buffer.from(payload).toString();

describe('against a real broker', () => {
  it('shows the observer what a device publishes, and brings its commands to the device', async () => {
    tester = localTester();
    const observer = await connect('observer');
    expect(observer.state).toMatchObject({ phase: 'connected', protocolVersion: 5, failure: null });
    expect(observer.state.tls).toMatchObject({ protocol: 'TLSv1.3', cipher: expect.stringMatching(/^TLS_/) });
    expect(observer.state.tls?.brokerFingerprint).toMatch(/^[0-9a-f]{64}$/);
    const meter = await connect('meter-001', 'localhost');
    const { connectionId } = observer;
    expect(await tester.call('subscribe', { connectionId, filter: 'lab/energy/#', qos: 1 })).toEqual({ reasonCode: 1 });
    const commands = { connectionId: meter.connectionId, filter: 'lab/commands/meter-001', qos: 2 } as const;
    expect(await tester.call('subscribe', commands)).toEqual({ reasonCode: 2 });

    for (const qos of [0, 1, 2] as const) {
      const payload = Buffer.from(`on ${qos}`);
      const up = { connectionId: meter.connectionId, topic: 'lab/energy/meter-001', payload, qos, retain: false };
      expect(await tester.call('publish', up)).toEqual({ reasonCode: 0 });
      const down = { connectionId, topic: 'lab/commands/meter-001', payload, qos, retain: false };
      expect(await tester.call('publish', down)).toEqual({ reasonCode: 0 });
    }
    await expect
      .poll(
        () =>
          tester
            .messages(connectionId)
            .map((m) => `${m.direction} ${m.topic} ${text(m.payload)}`)
            .sort(),
        patient,
      )
      .toEqual([
        ...[0, 1, 2].map((q) => `in lab/energy/meter-001 on ${q}`),
        ...[0, 1, 2].map((q) => `out lab/commands/meter-001 on ${q}`),
      ]);
    const arrived = tester.messages(connectionId).filter((m) => m.direction === 'in');
    // the smaller of publisher's and subscriber's (MQTT 5 §3.8.4)
    expect(arrived.map((m) => m.qos)).toEqual([0, 1, 1]);
    const sent = tester.messages(connectionId).filter((m) => m.direction === 'out');
    expect(sent.map((m) => [m.qos, m.reasonCode])).toEqual([
      [0, null],
      [1, 0],
      [2, 0],
    ]);
    await expect
      .poll(
        () =>
          tester
            .messages(meter.connectionId)
            .filter((m) => m.direction === 'in')
            .map((m) => m.qos),
        patient,
      )
      .toEqual([0, 1, 2]);
    const seqs = tester.messages(connectionId).map((m) => m.seq);
    expect(seqs).toEqual(seqs.map((_, i) => i + 1));
    expect(tester.batches.at(-1)).toMatchObject({ dropped: 0 });

    await tester.call('unsubscribe', { connectionId, filter: 'lab/energy/#' });
    const late = {
      connectionId: meter.connectionId,
      topic: 'lab/energy/meter-001',
      payload: Buffer.from('late'),
      qos: 1,
      retain: false,
    } as const;
    // 16: accepted, nobody listens
    expect(await tester.call('publish', late)).toEqual({ reasonCode: 16 });
  });

  it('keeps retained messages apart from live ones', async () => {
    tester = localTester();
    const meter = await connect('meter-002');
    const topic = 'lab/energy/meter-002';
    const retained = { connectionId: meter.connectionId, topic, payload: Buffer.from('kept'), qos: 1, retain: true } as const;
    await tester.call('publish', retained);
    const { connectionId } = await connect('observer');
    await tester.call('subscribe', { connectionId, filter: topic, qos: 0 });
    await expect
      .poll(() => tester.messages(connectionId).map((m) => [text(m.payload), m.retain]), patient)
      .toEqual([['kept', true]]);
    await tester.call('publish', { ...retained, payload: new Uint8Array(0) });
    await expect.poll(() => tester.messages(connectionId).length, patient).toBe(2);
    expect(tester.messages(connectionId)[1]).toMatchObject({ retain: false, payload: new Uint8Array(0) });
  });

  it('brings any bytes as they are', async () => {
    tester = localTester();
    const { connectionId } = await connect('observer');
    const meter = await connect('meter-001');
    await tester.call('subscribe', { connectionId, filter: 'lab/energy/+', qos: 2 });
    let sent = 0;
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 70_000, size: 'max' }), fc.constantFrom(0, 1, 2), async (payload, qos) => {
        await tester.call('publish', {
          connectionId: meter.connectionId,
          topic: 'lab/energy/meter-001',
          payload,
          qos: qos as 0,
          retain: false,
        });
        sent++;
        await expect.poll(() => tester.messages(connectionId).length, patient).toBe(sent);
        const message = tester.messages(connectionId).at(-1);
        expect(Buffer.compare(message?.payload ?? Buffer.alloc(0), payload)).toBe(0);
        // nothing of the socket's buffer around it crosses the channel: the packed message alone, with its 24 bytes of record
        expect(message?.payload.buffer.byteLength).toBe(payload.byteLength + 24);
      }),
      { numRuns: 25 },
    );
  });

  it('says 135 for a topic that the identity may not write, and refuses what no broker would take', async () => {
    tester = localTester();
    const { connectionId } = await connect('meter-001');
    const message = { connectionId, topic: 'lab/energy/meter-002', payload: Buffer.from('x'), qos: 1, retain: false } as const;
    expect(await tester.call('publish', message)).toEqual({ reasonCode: 135 });
    expect(await tester.call('publish', { ...message, qos: 2 })).toEqual({ reasonCode: 135 });
    // wildcards in a name, an impossible filter: a broker would close the connection
    expect(await tester.call('publish', { ...message, topic: 'lab/#' })).toEqual({ reasonCode: 144 });
    expect(await tester.call('subscribe', { connectionId, filter: 'lab/#/x', qos: 0 })).toEqual({ reasonCode: 143 });
    // the broker takes packets of 1 MiB, and the message is as large without its header
    expect(await tester.call('publish', { ...message, payload: new Uint8Array(1_048_576) })).toEqual({ reasonCode: 149 });
    const whole = 1_048_576 - 1 - 3 - 2 - message.topic.length - 2 - 1;
    expect(
      await tester.call('publish', { ...message, topic: 'lab/energy/meter-001', payload: new Uint8Array(whole) }),
    ).toMatchObject({
      reasonCode: expect.toSatisfy((code: number) => code === 0 || code === 16),
    });
    await expect.poll(() => tester.messages(connectionId).map((m) => m.reasonCode), patient).toHaveLength(5);
    expect(tester.phases(connectionId).at(-1)).toBe('connected');
  });

  it('takes the place of the real device, and leaves it when that one comes back', async () => {
    tester = localTester({ backOff: [20] });
    const identity = lab.identity('meter-001');
    const real = { certificate: identity.certificateChain, key: Buffer.from(identity.key).toString() };
    const meter = await connectTestClient({ port: lab.port, ca: identity.ca, identity: real });
    const { connectionId, state } = await connect('meter-001');
    expect(state.phase).toBe('connected');
    expect(await lab.broker.log()).toContain('Client meter-001 already connected, closing old connection.');
    const again = await connectTestClient({ port: lab.port, ca: identity.ca, identity: real });
    await expect.poll(() => tester.phases(connectionId).at(-1), patient).toBe('closed');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(tester.phases(connectionId)).toEqual(['connecting', 'connected', 'closed']);
    expect(tester.states.at(-1)?.failure?.cause).toMatch(/closed-by-broker|taken-over/);
    await meter.close();
    await again.close();
  });

  it('loses nothing of a burst, and tells it in batches at least 50 ms apart', async () => {
    tester = localTester();
    const { connectionId } = await connect('observer');
    await tester.call('subscribe', { connectionId, filter: 'lab/energy/#', qos: 1 });
    const meter = await connect('meter-001');
    const total = 20_000;
    const message = { connectionId: meter.connectionId, topic: 'lab/energy/meter-001', qos: 1, retain: false } as const;
    for (let i = 0; i < total; i += 500) {
      const group = Array.from({ length: 500 }, (_, k) =>
        tester.call('publish', { ...message, payload: Buffer.from(String(i + k)) }),
      );
      await Promise.all(group);
    }
    const arrived = () => tester.messages(connectionId).length;
    await expect.poll(arrived, { timeout: 25_000, interval: 100 }).toBe(total);
    const messages = tester.messages(connectionId);
    expect(messages.every((m, i) => m.seq === i + 1 && text(m.payload) === String(i))).toBe(true);
    const batches = tester.batches.filter((b) => b.connectionId === connectionId);
    expect(batches.at(-1)).toMatchObject({ received: total, dropped: 0 });
    const pauses = batches.slice(1).map((b, i) => b.at - (batches[i]?.at ?? 0));
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(49.5);
  });

  it('comes back as the observer after the broker was restarted, with its subscriptions; a device does not', async () => {
    tester = localTester({ backOff: [100], quickLoss: 0 });
    const { connectionId } = await connect('observer');
    await tester.call('subscribe', { connectionId, filter: 'lab/energy/#', qos: 1 });
    const meter = await connect('meter-001');
    await lab.stop();
    await expect.poll(() => tester.phases(connectionId).at(-1), patient).toMatch(/waiting|connecting/);
    await expect.poll(() => tester.phases(meter.connectionId).at(-1), patient).toBe('closed');
    const waiting = tester.states.findLast((s) => s.phase === 'waiting');
    expect(waiting?.retryAt).toBeGreaterThan(0);
    const message = { connectionId, topic: 'lab/commands/x', payload: Buffer.from('x'), qos: 0, retain: false } as const;
    await expect(tester.call('publish', message)).rejects.toThrow('connection-not-open');
    await lab.start();
    await expect.poll(() => tester.phases(connectionId).at(-1), patient).toBe('connected');
    const again = await connect('meter-001');
    const value = {
      connectionId: again.connectionId,
      topic: 'lab/energy/meter-001',
      payload: Buffer.from('back'),
      qos: 1,
      retain: false,
    } as const;
    await expect.poll(async () => (await tester.call('publish', value)).reasonCode, patient).toBe(0);
    await expect.poll(() => tester.messages(connectionId).map((m) => text(m.payload)), patient).toContain('back');
    expect(tester.phases(meter.connectionId)).toEqual(['connecting', 'connected', 'closed']);
    await tester.call('disconnect', { connectionId });
    expect(tester.states.findLast((s) => s.connectionId === connectionId)).toMatchObject({ phase: 'closed', failure: null });
    // it said goodbye: no last will, no complaint
    await expect.poll(() => lab.broker.log(), patient).toMatch(/Client observer disconnected\./);
  });

  it('asks for each filter once after a restart: a retained message comes once more, not twice; what was given up does not', async () => {
    tester = localTester({ backOff: [100], quickLoss: 0 });
    const meter = await connect('meter-001');
    const topic = 'lab/energy/meter-001';
    const kept = { connectionId: meter.connectionId, topic, payload: Buffer.from('kept'), qos: 1, retain: true } as const;
    await tester.call('publish', kept);
    const { connectionId } = await connect('observer');
    const arrived = () => tester.messages(connectionId).map((m) => `${m.topic} ${text(m.payload)}`);
    await tester.call('subscribe', { connectionId, filter: 'lab/energy/#', qos: 1 });
    await tester.call('subscribe', { connectionId, filter: 'lab/commands/#', qos: 1 });
    await expect.poll(arrived, patient).toEqual([`${topic} kept`]);
    await lab.stop();
    await expect.poll(() => tester.phases(connectionId).at(-1), patient).toMatch(/waiting|connecting/);
    // given up while nothing is connected
    await tester.call('unsubscribe', { connectionId, filter: 'lab/commands/#' });
    await lab.start();
    await expect.poll(() => tester.phases(connectionId).at(-1), patient).toBe('connected');
    const again = await connect('meter-001');
    await tester.call('publish', {
      connectionId,
      topic: 'lab/commands/meter-001',
      payload: Buffer.from('x'),
      qos: 1,
      retain: false,
    });
    // the last of what the broker sends: whatever was to come before it has come
    await tester.call('publish', { ...kept, connectionId: again.connectionId, payload: new Uint8Array(0) });
    const incoming = () => tester.messages(connectionId).filter((m) => m.direction === 'in');
    await expect.poll(() => incoming().length, patient).toBe(3);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(incoming().map((m) => [m.topic, text(m.payload), m.retain])).toEqual([
      [topic, 'kept', true],
      [topic, 'kept', true],
      [topic, '', false],
    ]);
  });

  it('stops when a twin throws it out again and again', async () => {
    tester = localTester({ backOff: [150], quickLoss: 5_000 });
    const twin = localTester({ backOff: [10_000], quickLoss: 0 });
    const { connectionId } = await connect('observer');
    for (let i = 0; i < 3; i++) {
      await expect.poll(() => tester.phases(connectionId).at(-1), patient).toBe('connected');
      const order = { connectionId: `twin-${i}-of-observer`, host: '127.0.0.1', port: lab.port, reconnects: true };
      await twin.call('connect', { ...order, identity: lab.identity('observer') });
      await expect.poll(() => tester.phases(connectionId).at(-1), patient).not.toBe('connected');
    }
    expect(tester.states.at(-1)).toMatchObject({
      phase: 'closed',
      failure: { cause: 'taken-over', params: { client: 'observer' } },
    });
    await twin.closeAll();
  });
});
