import { randomUUID } from 'node:crypto';
import type { ObservedRefusal, ObservedTopic, ProofObserved, Seen } from '../../shared/model/proof.ts';
import type { ProveOrder } from './channel.ts';
import { tryRefusal } from './prove-refusals.ts';
import { ConnectedSubject, proofPayload, untried } from './prove-subject.ts';
import type { Timing } from './timing.ts';

/** ms that expected messages may take after everything was published, and that unexpected ones are given. */
const deliveryTime = 4_000;
const settleTime = 250;

interface Write {
  readonly subject: ConnectedSubject;
  readonly topic: string;
  readonly payload: string;
  seen: Seen;
}

/**
 * Tries on a live broker what each identity may write and read, and which connections it refuses. Writing is seen by the reason
 * code of PUBACK (MQTT 5 §3.4.2.1), with MQTT 3.1.1 by whether it is delivered to somebody; reading by deliveries, since
 * Mosquitto accepts every subscription. Messages are not retained. `onProgress` counts identities and refusals.
 */
export async function proveAccess(
  order: ProveOrder,
  timing: Timing,
  onProgress: (done: number, total: number) => void,
): Promise<ProofObserved> {
  const run = randomUUID().slice(0, 8);
  const total = order.subjects.length * 2 + order.refusals.length;
  let done = 0;
  const step = () => onProgress(++done, total);
  let heard: () => void = () => undefined;
  const subjects = order.subjects.map((subject) => new ConnectedSubject(order, subject, timing, () => heard()));
  onProgress(0, total);
  const [observer] = subjects;
  let topics: readonly ObservedTopic[] = [];
  try {
    for (const subject of subjects) {
      // who cannot be let in as observer would throw devices out for nothing
      if (subject === observer || observer?.connected) await subject.connect();
      step();
    }
    if (observer?.connected) {
      const writes = await publishAll(subjects, run, step);
      await settled(subjects, writes, (listener) => {
        heard = listener;
      });
      topics = observed(subjects, writes, order.denialDisconnects);
    }
  } finally {
    await Promise.all(subjects.map((subject) => subject.end()));
  }
  const letIn = observer?.state.protocolVersion != null;
  const refusals: ObservedRefusal[] = [];
  for (const refusal of order.refusals) {
    // a broker that lets nobody in refuses these as well, which says nothing
    refusals.push(
      letIn ? await tryRefusal(order, refusal, timing) : { test: refusal.test, seen: 'untried', cause: null, alert: null },
    );
    step();
  }
  for (const { identity } of [...order.subjects, ...order.refusals]) identity?.key.fill(0);
  return { connections: subjects.map(({ state }) => state), topics, refusals };
}

async function publishAll(subjects: readonly ConnectedSubject[], run: string, step: () => void): Promise<Write[]> {
  let number = 0;
  const writes = subjects.map((subject) =>
    subject.writes.map((topic): Write => ({ subject, topic, payload: proofPayload(run, number++), seen: untried })),
  );
  await Promise.all(
    writes.map(async (own) => {
      // one after the other: a broker that throws somebody out says so about one message
      for (const write of own) write.seen = await write.subject.write(write.topic, write.payload);
      step();
    }),
  );
  return writes.flat();
}

/** Waits until what is expected has arrived, or time is over; and a little longer for what is not. */
async function settled(
  subjects: readonly ConnectedSubject[],
  writes: readonly Write[],
  listen: (listener: () => void) => void,
): Promise<void> {
  await Promise.all(subjects.map((subject) => subject.fence()));
  const awaited = subjects.flatMap((subject) =>
    subject.connected
      ? subject.reads
          .filter(
            ({ topic, expected }) => expected && writes.some((write) => write.topic === topic && write.seen.seen === 'allowed'),
          )
          .map(({ topic }) => ({ subject, topic }))
      : [],
  );
  const missing = () => awaited.some(({ subject, topic }) => !subject.received.has(topic));
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, deliveryTime);
    const look = () => {
      if (missing()) return;
      clearTimeout(timer);
      resolve();
    };
    listen(look);
    look();
  });
  await new Promise((resolve) => setTimeout(resolve, settleTime));
}

function observed(
  subjects: readonly ConnectedSubject[],
  writes: readonly Write[],
  refusesSubscriptions: boolean,
): ObservedTopic[] {
  const written = writes.map(({ subject, topic, payload, seen }): ObservedTopic => {
    const base = { who: subject.who, verb: 'write', topic } as const;
    if (!subject.state.protocolVersion) return { ...base, ...untried };
    // MQTT 3.1.1 acknowledges what it throws away: only a delivery tells
    const silent =
      seen.seen === 'untried' && seen.reasonCode === null && subject.connected && subject.state.protocolVersion === 4;
    if (!silent) return { ...base, ...seen };
    const listeners = subjects.filter(
      (each) => each.connected && each.reads.some((read) => read.topic === topic && read.expected),
    );
    const came = subjects.some((each) => each.received.get(topic)?.has(payload));
    if (!came && listeners.length === 0) return { ...base, ...untried };
    return { ...base, seen: came ? 'allowed' : 'denied', by: 'delivery', reasonCode: null };
  });
  const published = (topic: string) =>
    written.some((write) => write.topic === topic && write.seen === 'allowed') ||
    subjects.some((subject) => subject.received.has(topic));
  const read = subjects.flatMap((subject) =>
    subject.reads.map(({ topic }): ObservedTopic => {
      const base = { who: subject.who, verb: 'read', topic } as const;
      if (subject.received.has(topic)) return { ...base, seen: 'allowed', by: 'delivery', reasonCode: null };
      // what came while nobody listened is not known
      if (!subject.connected || subject.state.lost > 0) return { ...base, ...untried };
      const code = subject.granted.get(topic);
      if (refusesSubscriptions && code !== undefined && code >= 128)
        return { ...base, seen: 'denied', by: 'reason-code', reasonCode: code };
      return published(topic) ? { ...base, seen: 'denied', by: 'delivery', reasonCode: null } : { ...base, ...untried };
    }),
  );
  return [...written, ...read];
}
