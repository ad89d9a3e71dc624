import { randomUUID } from 'node:crypto';
import type { ObservedRefusal, ObservedTopic, ProofObserved, Seen } from '../../shared/model/proof.ts';
import { versionTopic } from '../../shared/rules/proof-plan.ts';
import type { ProveOrder } from './channel.ts';
import { tryRefusal, worstOfEach } from './prove-refusals.ts';
import { ConnectedSubject, proofPayload, untried } from './prove-subject.ts';
import type { Timing } from './timing.ts';

/** ms that expected messages may take after everything was published, and that unexpected ones are given. */
const deliveryTime = 4_000;
const settleTime = 250;
/** Characters of what a broker says of itself; it may say anything. */
const versionLength = 100;

interface Write {
  readonly subject: ConnectedSubject;
  readonly topic: string;
  readonly payload: string;
  seen: Seen;
}

export interface ProveControl {
  /** Counts identities and refusals. */
  readonly onProgress: (done: number, total: number) => void;
  /** Aborted = everybody disconnects, nothing more is tried, and what was seen so far is given. */
  readonly signal: AbortSignal;
}

/**
 * Tries on a live broker what each identity may write and read, and which connections it refuses. Writing is seen by the reason
 * code of PUBACK (MQTT 5 §3.4.2.1), with MQTT 3.1.1 by whether it is delivered to somebody; reading by deliveries, since
 * Mosquitto accepts every subscription. A broker that throws out whoever does what is denied gets the allowed things first, and
 * the others one by one when everything else has been seen. Messages are not retained. Keys are wiped when this ends.
 */
export async function proveAccess(order: ProveOrder, timing: Timing, control: ProveControl): Promise<ProofObserved> {
  const { onProgress, signal } = control;
  const total = order.subjects.length * (order.denialDisconnects ? 3 : 2) + order.refusals.length;
  let done = 0;
  const step = () => onProgress(++done, total);
  const id = randomUUID().slice(0, 8);
  let number = 0;
  const run: Run = { messages: 0, payload: () => proofPayload(id, number++), heard: () => undefined };
  const subjects = order.subjects.map((subject) => new ConnectedSubject(order, subject, timing, () => run.heard()));
  const leave = () => Promise.all(subjects.map((subject) => subject.end()));
  const onAbort = () => void leave();
  signal.addEventListener('abort', onAbort);
  onProgress(0, total);
  const [observer] = subjects;
  let topics: readonly ObservedTopic[] = [];
  const refusals: ObservedRefusal[] = [];
  try {
    for (const subject of subjects) {
      // who cannot be let in as observer would throw devices out for nothing
      if (subject === observer || observer?.connected) await subject.connect();
      step();
    }
    if (observer?.connected) {
      const writes = await publishAll(subjects, run, step);
      await settled(subjects, writes, run, signal);
      topics = observed(subjects, writes, order.denialDisconnects);
      if (order.denialDisconnects) topics = [...topics, ...(await trespassAll(subjects, run, step))];
    }
    await leave();
    const letIn = observer?.state.protocolVersion != null;
    for (const refusal of order.refusals) {
      if (signal.aborted) break;
      // a broker that lets nobody in refuses these as well, which says nothing
      const seen = letIn ? await tryRefusal(order, refusal, timing, signal) : nothingSaid(refusal.test);
      if (!signal.aborted) refusals.push(seen);
      step();
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    await leave();
    for (const { identity } of [...order.subjects, ...order.refusals]) identity?.key.fill(0);
  }
  return {
    connections: subjects.map(({ state }) => state),
    topics,
    refusals: worstOfEach(refusals),
    version: versionOf(observer),
    stopped: signal.aborted ? { messages: run.messages } : null,
  };
}

/** What all identities of one proof share. */
interface Run {
  /** Of the next message: no two are the same. */
  readonly payload: () => string;
  /** Sent so far. */
  messages: number;
  heard: () => void;
}

function nothingSaid(test: ObservedRefusal['test']): ObservedRefusal {
  return { test, seen: 'untried', cause: null, alert: null };
}

/** The broker's word about itself, as far as it can be printed. */
function versionOf(observer: ConnectedSubject | undefined): string | null {
  const [text = ''] = observer?.received.get(versionTopic) ?? [];
  const printable = text.replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '').trim();
  return printable === '' ? null : printable.slice(0, versionLength);
}

async function publishAll(subjects: readonly ConnectedSubject[], run: Run, step: () => void): Promise<Write[]> {
  const writes = subjects.map((subject) =>
    subject.writes.map(({ topic }): Write => ({ subject, topic, payload: run.payload(), seen: untried })),
  );
  await Promise.all(
    writes.map(async (own) => {
      // one after the other: a broker that throws somebody out says so about one message
      for (const write of own) {
        if (!write.subject.connectable) break;
        run.messages++;
        write.seen = await write.subject.write(write.topic, write.payload);
      }
      step();
    }),
  );
  return writes.flat();
}

/** Waits until what is expected has arrived, or time is over; and a little longer for what is not. */
async function settled(
  subjects: readonly ConnectedSubject[],
  writes: readonly Write[],
  run: Run,
  signal: AbortSignal,
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
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, deliveryTime);
    signal.addEventListener('abort', end);
    run.heard = () => {
      if (!missing()) end();
    };
    if (signal.aborted) end();
    run.heard();
  });
  if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, settleTime));
}

/** On a broker that throws out: everything that is denied, by everybody; the observer last, since it listens to the others. */
async function trespassAll(subjects: readonly ConnectedSubject[], run: Run, step: () => void): Promise<ObservedTopic[]> {
  const tried: (ObservedTopic & { readonly payload: string })[] = [];
  const all = async (subject: ConnectedSubject) => {
    for (const { verb, topic } of subject.trespasses) {
      if (!subject.connectable) break;
      const payload = run.payload();
      if (verb === 'write') run.messages++;
      const seen = verb === 'write' ? await subject.trespassWrite(topic, payload) : await subject.trespassRead(topic);
      tried.push({ who: subject.who, verb, topic, payload, ...seen });
    }
    step();
  };
  const [observer, ...others] = subjects;
  await Promise.all(others.map(all));
  await observer?.fence();
  if (observer) await all(observer);
  const came = ({ topic, payload }: { readonly topic: string; readonly payload: string }) =>
    subjects.some((subject) => subject.received.get(topic)?.has(payload));
  return tried.map(({ payload, ...seen }) =>
    seen.verb === 'write' && came({ topic: seen.topic, payload }) ? { ...seen, seen: 'allowed', by: 'delivery' } : seen,
  );
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
