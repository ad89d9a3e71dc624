import { ActivityLog } from './activity.ts';
import { attempt } from './attempt.ts';
import { BrokerFailure, PracticeBroker } from './broker.ts';
import type { PracticeCall, PracticeCalls, PracticeChannel } from './channel.ts';
import { SimulatedMeter } from './meters/simulated-meter.ts';

type Handlers = { [N in PracticeCall]: (input: PracticeCalls[N]['input']) => Promise<PracticeCalls[N]['output']> };

/** Runs the practice broker and its meters behind a channel. */
export function servePractice(channel: PracticeChannel): void {
  const activity = new ActivityLog((batch) => channel.send({ kind: 'activity', batch }));
  const meters = new Map<string, SimulatedMeter>();
  let broker: PracticeBroker | null = null;

  const running = (): PracticeBroker => {
    if (!broker) throw new BrokerFailure('not-running', 'no broker was started');
    return broker;
  };
  const stopMeters = async (ids: readonly string[]) => {
    const ending = ids.map((id) => meters.get(id)).filter((meter) => meter !== undefined);
    for (const id of ids) meters.delete(id);
    await Promise.all(ending.map((meter) => meter.stop()));
  };
  const handlers: Handlers = {
    startBroker: async (order) => {
      if (broker) {
        order.identity.key.fill(0);
        throw new BrokerFailure('already-running', `it listens on port ${broker.port}`, order);
      }
      broker = await PracticeBroker.start(order, activity);
      return { host: order.host, port: broker.port };
    },
    exchange: async ({ identity, access, clients, endConnections }) => {
      try {
        const target = running();
        if (access) target.setAccess(access);
        if (clients) target.setClients(clients);
        if (identity) target.setIdentity(identity);
        if (endConnections) target.endConnections();
      } finally {
        identity?.key.fill(0);
      }
      return undefined;
    },
    stop: async () => {
      await stopMeters([...meters.keys()]);
      const ending = broker;
      broker = null;
      await ending?.stop();
      activity.flush();
      return undefined;
    },
    startMeters: async ({ meters: orders }) => {
      const twice = orders.find(({ identity }) => meters.has(identity.id));
      if (twice) {
        for (const { identity } of orders) identity.key.fill(0);
        throw new BrokerFailure('meter-exists', twice.identity.id);
      }
      for (const order of orders) {
        meters.set(order.identity.id, new SimulatedMeter(order, { onState: (state) => activity.meter(state) }));
      }
      return undefined;
    },
    attempt,
    stopMeters: async ({ ids }) => {
      await stopMeters(ids ?? [...meters.keys()]);
      return undefined;
    },
  };

  channel.onMessage(async (message) => {
    if (message.kind === 'activityTaken') return activity.taken();
    const { id, call, input } = message;
    try {
      const value = await (handlers[call] as (input: unknown) => Promise<unknown>)(input);
      channel.send({ kind: 'answer', id, ok: true, value });
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      const failure = error instanceof BrokerFailure ? error.failure : new BrokerFailure('failed', detail).failure;
      channel.send({ kind: 'answer', id, ok: false, failure });
    }
  });
}
