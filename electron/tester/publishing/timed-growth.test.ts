import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TimedState } from '../../../shared/model/timed.ts';
import { type Lab, openLab } from '../testing/lab.ts';
import { type LocalTester, localTester } from '../testing/local-tester.ts';

/**
 * The two hours of timed publishing at 1 s, 7,200 messages, made short by sending one every 2 ms. Each of them is large, so that
 * whatever keeps one of them, or anything of its size, shows in what is left after a full collection.
 */
const count = 7_200;
const interval = 2;
const size = 4_000;
/** Bytes by which it may grow between a third and the last tenth; the messages between weigh eight times as much. */
const allowed = 2_000_000;
const patient = { timeout: 90_000, interval: 50 };

let lab: Lab;
let tester: LocalTester;
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

beforeAll(async () => {
  lab = await openLab({}, { conf: (text) => text.replace('max_queued_messages 1000', 'max_queued_messages 100000') });
  tester = localTester();
});
afterAll(async () => {
  await tester?.closeAll();
  await lab?.close();
});

it('publishes for two hours, counts every message, and keeps none of them', async () => {
  const place = { host: '127.0.0.1', port: lab.port, reconnects: false };
  for (const [connectionId, who] of [
    ['the-observer', 'observer'],
    ['the-meter', 'meter-001'],
  ] as const)
    await tester.call('connect', { connectionId, ...place, identity: lab.identity(who) });
  await tester.call('subscribe', { connectionId: 'the-observer', filter: 'lab/energy/#', qos: 1 });
  const template = {
    topic: 'lab/energy/{{device}}',
    form: 'text',
    text: `{{counter}} {{uuid}} ${'x'.repeat(size)}`,
    variables: true,
    qos: 1,
    retain: false,
    properties: { userProperties: [['run', '{{uuid}}']] },
  } as const;
  let state: TimedState | undefined;
  const counters = new Map<string, { received: number; dropped: number }>();
  /** Notes what was told, and forgets it as the page forgets what its budget has no room for. */
  const note = () => {
    for (const { connectionId, received, dropped } of tester.batches) counters.set(connectionId, { received, dropped });
    state = tester.timed.at(-1) ?? state;
    tester.batches.length = 0;
    tester.timed.length = 0;
  };
  const until = (done: (now: TimedState) => boolean) =>
    expect
      .poll(() => {
        note();
        return state !== undefined && done(state);
      }, patient)
      .toBe(true);
  /** What of buffers is let go is counted as free only by the collection after, and what is on its way passes meanwhile. */
  const live = async () => {
    let least = Number.POSITIVE_INFINITY;
    for (let turn = 0; turn < 5; turn++) {
      note();
      collect();
      const { heapUsed, external } = process.memoryUsage();
      least = Math.min(least, heapUsed + external);
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    return least;
  };

  await tester.call('startTimed', { connectionId: 'the-meter', template, device: 'meter-001', project: 'lab', interval, count });
  await until(({ sent, skipped }) => sent + skipped >= count / 3);
  const early = await live();
  await until(({ sent, skipped }) => sent + skipped >= count * 0.9);
  // while it runs: what the run itself keeps would be gone with it
  const late = await live();
  await until(({ ended, sent, acknowledged }) => ended === 'done' && acknowledged === sent);
  // every turn was taken or told as skipped, each message was confirmed once and heard once
  expect(state).toMatchObject({ failed: 0, reasonCode: null });
  const { sent = 0, skipped = 0 } = state ?? {};
  expect(sent + skipped).toBe(count);
  await expect
    .poll(() => {
      note();
      return [counters.get('the-observer'), counters.get('the-meter')];
    }, patient)
    .toEqual([
      { received: sent, dropped: 0 },
      { received: 0, dropped: 0 },
    ]);
  expect(late - early).toBeLessThan(allowed);
});
