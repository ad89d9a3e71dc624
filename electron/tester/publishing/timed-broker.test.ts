import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { PublishTemplate } from '../../../shared/model/publish-template.ts';
import { type Lab, openLab } from '../testing/lab.ts';
import { type LocalTester, localTester } from '../testing/local-tester.ts';

/** Timed publishing against the broker that the product's own kit makes. */
const patient = { timeout: 30_000, interval: 20 };
let lab: Lab;
let tester: LocalTester;
let count = 0;

beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab?.close());
afterEach(() => tester?.closeAll());

async function connect(who: string) {
  const connectionId = `${who}-${++count}-connection`;
  const order = { connectionId, host: '127.0.0.1', port: lab.port, identity: lab.identity(who), reconnects: who === 'observer' };
  expect(await tester.call('connect', order)).toMatchObject({ phase: 'connected' });
  return connectionId;
}

const template: PublishTemplate = {
  topic: 'lab/energy/{{device}}',
  form: 'json',
  text: '{"n": {{counter}}, "at": {{now ms}}}',
  variables: true,
  qos: 1,
  retain: false,
  properties: { contentType: 'application/json', userProperties: [['n', '{{counter}}']] },
};
const order = { template, device: 'meter-001', project: 'lab', interval: 40, count: 30 as number | null };
const received = (connectionId: string) =>
  tester
    .messages(connectionId)
    .filter(({ direction }) => direction === 'in')
    .map(({ payload, properties }) => ({
      ...(JSON.parse(Buffer.from(payload).toString()) as { n: number; at: number }),
      user: properties?.userProperties,
      type: properties?.contentType,
    }));

it('publishes on time, in order, each message once, and says how many were sent and confirmed', async () => {
  tester = localTester();
  const observer = await connect('observer');
  await tester.call('subscribe', { connectionId: observer, filter: 'lab/energy/#', qos: 1 });
  const connectionId = await connect('meter-001');
  expect(await tester.call('startTimed', { connectionId, ...order })).toMatchObject({ ended: null, count: 30 });
  await expect.poll(() => tester.timed.at(-1), patient).toMatchObject({ ended: 'done', sent: 30, acknowledged: 30, failed: 0 });
  await expect.poll(() => received(observer).length, patient).toBe(30);
  const all = received(observer);
  expect(all.map(({ n }) => n)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
  expect(all[4]).toMatchObject({ user: [['n', '5']], type: 'application/json' });
  // the last one is as punctual as the first: no drift, whatever each timer was late
  const took = (all.at(-1)?.at ?? 0) - (all[0]?.at ?? 0);
  expect(took).toBeGreaterThanOrEqual(29 * 40 - 20);
  expect(took).toBeLessThan(29 * 40 + 600);
});

it('counts what the broker refuses, and stops when it is told to', async () => {
  tester = localTester();
  const connectionId = await connect('meter-001');
  const foreign = { ...template, topic: 'lab/energy/meter-002' };
  await tester.call('startTimed', { connectionId, ...order, template: foreign, interval: 20, count: null });
  await expect.poll(() => tester.timed.at(-1)?.failed, patient).toBeGreaterThan(3);
  await tester.call('stopTimed', { connectionId });
  const last = () => tester.timed.at(-1);
  await expect.poll(last, patient).toMatchObject({ ended: 'stopped', acknowledged: 0, reasonCode: 135 });
  await expect.poll(() => (last()?.sent ?? 0) - (last()?.failed ?? 0), patient).toBe(0);
});

it('stops by itself when the connection ends, and does not go on when it comes back', async () => {
  tester = localTester({ backOff: [50] });
  const connectionId = await connect('observer');
  const command = { ...template, topic: 'lab/commands/meter-001' };
  await tester.call('startTimed', { connectionId, ...order, template: command, interval: 20, count: null });
  await expect.poll(() => tester.timed.at(-1)?.acknowledged, patient).toBeGreaterThan(2);
  await lab.restart();
  await expect.poll(() => tester.timed.at(-1)?.ended, patient).toBe('connection');
  await expect.poll(() => tester.phases(connectionId).at(-1), patient).toBe('connected');
  const sent = tester.timed.at(-1)?.sent;
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(tester.timed.at(-1)?.sent).toBe(sent);
  await tester.call('disconnect', { connectionId });
  await expect(tester.call('startTimed', { connectionId, ...order })).rejects.toThrow('connection-not-open');
});
