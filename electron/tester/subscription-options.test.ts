import { afterAll, beforeAll, expect, it } from 'vitest';
import { plainSubscription, type SubscriptionOptions } from '../../shared/model/subscription.ts';
import { type Lab, openLab } from './testing/lab.ts';
import { localTester } from './testing/local-tester.ts';

/** The options of MQTT 5 §3.8.3.1, as a real broker acts on them. */
const patient = { timeout: 30_000, interval: 20 };
let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab?.close());

it('subscribes with no local, retain as published and retain handling', async () => {
  const tester = localTester();
  const connectionId = 'observer-connection';
  const identity = lab.identity('observer');
  await tester.call('connect', { connectionId, host: '127.0.0.1', port: lab.port, identity, reconnects: true });
  const topic = 'lab/commands/meter-001';
  const asked = (options?: Partial<SubscriptionOptions>) =>
    tester.call('subscribe', {
      connectionId,
      filter: 'lab/commands/#',
      qos: 1,
      options: options && { ...plainSubscription, ...options },
    });
  const send = (text: string, retain: boolean) =>
    tester.call('publish', { connectionId, topic, payload: Buffer.from(text), qos: 1, retain });
  /** What arrived so far, each with its retain flag. */
  const arrived = () =>
    tester.messages(connectionId).flatMap((m) => {
      return m.direction === 'in' ? [`${Buffer.from(m.payload)}${m.retain ? ' retained' : ''}`] : [];
    });

  await asked();
  await send('one', true);
  await expect.poll(arrived, patient).toEqual(['one']);
  await asked({ retainAsPublished: true, retainHandling: 2, identifier: 268_435_455 });
  await send('two', true);
  await expect.poll(arrived, patient).toEqual(['one', 'two retained']);
  // the subscription is there already: no retained message
  await asked({ retainAsPublished: true, retainHandling: 1 });
  await asked({ noLocal: true, retainHandling: 2 });
  // what we send ourselves does not come back
  await send('three', false);
  await asked({ retainHandling: 0 });
  await send('four', false);
  await expect.poll(arrived, patient).toEqual(['one', 'two retained', 'two retained', 'four']);
  await tester.closeAll();
});
