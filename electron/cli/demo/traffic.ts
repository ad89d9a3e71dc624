import { randomBytes } from 'node:crypto';
import { setTimeout as passed } from 'node:timers/promises';
import { openBroker, openMeters, practiceMeters } from '../../jobs/practice.ts';
import { type Check, NotHeld } from './check.ts';
import { brokerFingerprint } from './issued.ts';
import { host, type Stage, topicOf } from './stage.ts';

/** The observer's connection; it stays from one check to the next. */
const observers = new WeakMap<Stage, string>();
export function observerOf(stage: Stage): string {
  const connectionId = observers.get(stage);
  if (!connectionId) throw new Error('the observer is not connected');
  return connectionId;
}

export const trafficChecks: readonly Check<Stage>[] = [
  {
    id: 'broker',
    group: 'connected',
    claim: 'A broker with the project’s certificates and access rules',
    needs: ['authority'],
    run: async (stage) => {
      const { session, projectId, practice } = stage;
      const order = openBroker(session, projectId, { host, port: 0 });
      stage.port = (await wiped(order.identity, () => practice.call('startBroker', order))).port;
      return {
        says: `listens on ${host}, port ${stage.port}; ${order.access.length} lines of access rules`,
        facts: { host, port: stage.port, accessLines: order.access.length },
      };
    },
  },
  {
    id: 'observer',
    group: 'connected',
    claim: 'The observer connects over mutual TLS and knows the broker',
    needs: ['broker'],
    run: async (stage) => {
      const { connectionId, state } = await stage.connected('observer', { reconnects: true });
      observers.set(stage, connectionId);
      const { protocol = '', cipher = '', brokerFingerprint: shown = '' } = state.tls ?? {};
      const facts = { protocol, cipher, brokerFingerprint: shown, mqtt: state.protocolVersion === 5 ? '5' : '3.1.1' };
      if (shown === '' || shown !== brokerFingerprint(stage))
        throw new NotHeld('the certificate that was shown is not the one in the vault', facts);
      const { reasonCode } = await stage.tester.call('subscribe', { connectionId, filter: topicOf('#'), qos: 1 });
      if (reasonCode >= 128) throw new NotHeld(`its subscription was refused with ${reasonCode}`, facts);
      return { says: `${protocol}, MQTT ${facts.mqtt}; it showed the certificate that the vault holds`, facts };
    },
  },
  {
    id: 'readings',
    group: 'delivered',
    claim: 'Three meters publish, and every reading arrives',
    needs: ['observer', 'meters'],
    run: readings,
  },
  {
    id: 'command',
    group: 'delivered',
    claim: 'A command reaches its meter, and the answer comes back',
    needs: ['readings'],
    run: async (stage) => {
      const observer = observerOf(stage);
      const meter = practiceMeters[1];
      const begun = performance.now();
      await stage.publish(observer, topicOf(`commands/${meter}`), { command: 'identify' });
      const answer = await stage.until(() =>
        stage.inbox(observer).find(({ body }) => body['answer'] === 'identify' && body['id'] === meter),
      );
      if (!answer) throw new NotHeld(`${meter} did not answer within ${stage.patience / 1000} s`);
      if (answer.topic !== topicOf(`energy/${meter}`)) throw new NotHeld(`the answer came on ${answer.topic}`);
      const milliseconds = Math.round(performance.now() - begun);
      return {
        says: `${meter} answered “identify” after ${milliseconds} ms`,
        facts: { meter, command: 'identify', milliseconds },
      };
    },
  },
  {
    id: 'write-denied',
    group: 'denied',
    claim: 'A meter cannot publish in the name of another',
    needs: ['readings'],
    run: writeDenied,
  },
  {
    id: 'read-denied',
    group: 'denied',
    claim: 'A meter does not receive what is meant for another',
    needs: ['readings'],
    run: readDenied,
  },
];

async function readings(stage: Stage) {
  const { session, projectId, practice, port, tester } = stage;
  const observer = observerOf(stage);
  const orders = openMeters(session, projectId, { host, port }, { interval: 1, maximum: Number.POSITIVE_INFINITY });
  const meters = orders.filter(({ identity }) => (practiceMeters as readonly string[]).includes(identity.id));
  try {
    await practice.call('startMeters', { meters });
  } finally {
    for (const { identity } of orders) identity.key.fill(0);
  }
  await passed(stage.seconds * 1000, undefined, { signal: stage.signal });
  const acknowledged = (id: string) => practice.meters.get(id)?.readings ?? 0;
  const begun = await stage.until(() => (practiceMeters.every((id) => acknowledged(id) > 0) ? true : undefined));
  const sent = practiceMeters.map(acknowledged);
  const arrived = (id: string) =>
    stage
      .inbox(observer, `energy/${id}`)
      .map(({ body }) => body['energy'])
      .filter((energy) => typeof energy === 'number');
  await stage.until(() => (practiceMeters.every((id, i) => arrived(id).length >= (sent[i] ?? 0)) ? true : undefined));
  const counts = practiceMeters.map((id, i) => {
    const energies = arrived(id);
    const rises = energies.every((energy, at) => energy >= (energies[at - 1] ?? 0));
    return { meter: id, acknowledged: sent[i] ?? 0, delivered: energies.length, registerRises: rises };
  });
  const facts = { seconds: stage.seconds, meters: counts, dropped: tester.dropped };
  const line = counts.map(({ meter, delivered }) => `${meter} ${delivered}`).join(', ');
  if (!begun) throw new NotHeld(`not every meter published: ${line}`, facts);
  const lost = counts.filter((count) => count.delivered < count.acknowledged);
  if (lost.length > 0 || tester.dropped > 0)
    throw new NotHeld(`readings that the broker acknowledged did not arrive; arrived: ${line}`, facts);
  if (counts.some(({ registerRises }) => !registerRises)) throw new NotHeld('a register counted backwards', facts);
  return { says: `readings in ${stage.seconds} s: ${line}; none lost, no register fell`, facts };
}

/**
 * The forged message goes first and the meter's own second, on one connection: once the second has arrived, the first
 * would have. MQTT 3.1.1 acknowledges both, so that delivery is the only witness.
 */
async function writeDenied(stage: Stage) {
  const observer = observerOf(stage);
  const [meter, other] = practiceMeters;
  return asMeter(stage, meter, async (connectionId) => {
    const mark = randomBytes(6).toString('hex');
    await stage.publish(connectionId, topicOf(`energy/${other}`), { forged: mark });
    await stage.publish(connectionId, topicOf(`energy/${meter}`), { own: mark });
    const own = await stage.until(() => stage.inbox(observer).find(({ body }) => body['own'] === mark));
    if (!own) throw new NotHeld('what it may publish did not arrive either');
    const forged = stage.inbox(observer).some(({ body }) => body['forged'] === mark);
    const topic = topicOf(`energy/${other}`);
    if (forged) throw new NotHeld(`${meter} published on ${topic}, and it was delivered`, { meter, topic, delivered: true });
    const denials = () => stage.practice.denied.filter((denied) => denied.name === meter && denied.topic === topic);
    await stage.until(() => (denials().length > 0 ? true : undefined));
    const facts = { meter, topic, delivered: false, denials: denials().length, reason: denials()[0]?.decision.reason };
    if (facts.denials !== 1) throw new NotHeld(`the broker counted ${facts.denials} denials instead of 1`, facts);
    return { says: `${meter} on ${topic}: not delivered, counted by the broker as denied`, facts };
  });
}

/** The other's command goes first, its own second, from one connection: once its own has arrived, the other would have. */
async function readDenied(stage: Stage) {
  const observer = observerOf(stage);
  const [meter, other] = practiceMeters;
  return asMeter(stage, meter, async (connectionId) => {
    await stage.tester.call('subscribe', { connectionId, filter: '#', qos: 1 });
    const mark = randomBytes(6).toString('hex');
    await stage.publish(observer, topicOf(`commands/${other}`), { command: 'identify', mark });
    await stage.publish(observer, topicOf(`commands/${meter}`), { command: 'identify', mark });
    const own = await stage.until(() => stage.inbox(connectionId, `commands/${meter}`).find(({ body }) => body['mark'] === mark));
    if (!own) throw new NotHeld('its own command did not arrive either');
    const foreign = stage.inbox(connectionId).filter(({ topic }) => topic !== topicOf(`commands/${meter}`));
    if (foreign.length > 0)
      throw new NotHeld(`${meter} received a message on ${foreign[0]?.topic}`, {
        meter,
        topics: foreign.map(({ topic }) => topic),
      });
    return { says: `${meter}, subscribed to “#”: its own command and nothing else`, facts: { meter, filter: '#', foreign: 0 } };
  });
}

/** The simulated meter makes room: a second connection with its certificate would throw it out. */
async function asMeter<T>(stage: Stage, meter: string, work: (connectionId: string) => Promise<T>): Promise<T> {
  await stage.practice.call('stopMeters', { ids: [meter] });
  const { connectionId } = await stage.connected(meter);
  try {
    return await work(connectionId);
  } finally {
    await stage.disconnect(connectionId);
  }
}

/** Wipes the key of an identity that was handed on as a copy. */
export async function wiped<T>(identity: { readonly key: Uint8Array }, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    identity.key.fill(0);
  }
}
