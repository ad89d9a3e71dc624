import { FieldkeyError } from '../../../shared/errors.ts';
import type { TestMessage } from '../../../shared/model/connection.ts';
import { unpackMessages } from '../../../shared/model/packed-messages.ts';
import { isEverything, type ReplayResult } from '../../../shared/model/recording.ts';
import type { PublishOrder } from '../channel.ts';
import type { HistoryCall, HistoryCalls, ReplayOrder } from './calls.ts';

/** A connection, as far as a replay needs it. Gives the reason code; 0 where there is none. What waits when `signal` aborts is not sent. */
export interface Publisher {
  publish(order: Omit<PublishOrder, 'connectionId'>, signal?: AbortSignal): Promise<number>;
}

export interface ReplayHost {
  readonly ask: <N extends HistoryCall>(call: N, input: HistoryCalls[N]['input']) => Promise<HistoryCalls[N]['output']>;
  readonly signal: AbortSignal;
  readonly progress: (done: number, total: number) => void;
}

const pageSize = 500;
/** Messages that are handed over and not acknowledged yet; the connection sends no more of them at once than its broker takes. */
const inFlight = 64;
/** Milliseconds between two reports of progress. */
const tellEvery = 100;
/** How long one that was stopped waits for acknowledgements of what is out already. */
const lastWait = 2_000;

/**
 * Publishes the messages of a recording in their order, each as long after the first as it was (or that much faster),
 * with its topic, payload, QoS and properties. What is damaged is left out and counted. It stops at once when told; what is published stays published.
 * @throws JOB_CANCELLED with what was published, also when the vault was locked meanwhile; CONNECTION_NOT_OPEN
 */
export async function replay(order: ReplayOrder, publisher: Publisher, host: ReplayHost): Promise<ReplayResult> {
  const { recordingId, query, speed, prefix } = order;
  const { signal } = host;
  // what fails because the key was forgotten was stopped, and is no error of its own
  const unlessStopped = <T>(asked: Promise<T>): Promise<T> =>
    asked.then(
      (value) => {
        if (signal.aborted) throw new FieldkeyError('JOB_CANCELLED', { done: 0, total: 0 });
        return value;
      },
      (error: unknown) => {
        throw signal.aborted ? new FieldkeyError('JOB_CANCELLED', { done: 0, total: 0 }) : error;
      },
    );
  const searchId = isEverything(query) ? null : await unlessStopped(searchToEnd(order, host));
  const total = searchId === null ? (await unlessStopped(host.ask('show', { recordingId }))).recording.messages : searchId.found;
  const page = async (from: number): Promise<TestMessage[]> => {
    const { packed } = await host.ask('messages', { recordingId, searchId: searchId?.searchId ?? null, from, count: pageSize });
    return unpackMessages(packed);
  };
  const refused = new Map<number, number>();
  const underway = new Set<Promise<void>>();
  const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  let failure: unknown = null;
  let published = 0;
  let read = 0;
  let told = Number.NEGATIVE_INFINITY;
  let start = performance.now();
  let begin: number | null = null;
  const tell = (force = false) => {
    if (!force && performance.now() - told < tellEvery) return;
    told = performance.now();
    host.progress(published, total);
  };
  const stopped = async () => {
    if (failure !== null) throw failure;
    if (!signal.aborted) return;
    // what is out already arrives, and counts
    await Promise.race([Promise.all(underway), new Promise((resolve) => setTimeout(resolve, lastWait).unref())]);
    throw new FieldkeyError('JOB_CANCELLED', { done: published, total });
  };
  tell(true);
  let next = page(0);
  for (let from = 0; from < total; from += pageSize) {
    const messages = await next.catch(async (error: unknown) => {
      await stopped();
      throw error;
    });
    read += messages.length;
    // the next ones are read while these go out
    next = from + pageSize < total ? page(from + pageSize) : Promise.resolve([]);
    next.catch(() => undefined);
    if (begin === null) {
      begin = messages[0]?.at ?? 0;
      start = performance.now();
    }
    for (const message of messages) {
      if (failure !== null || signal.aborted) await stopped();
      if (speed > 0) await until(start + (message.at - begin) / speed, signal);
      while (underway.size >= inFlight && !signal.aborted) await Promise.race([...underway, aborted]);
      if (failure !== null || signal.aborted) await stopped();
      const one = publisher
        .publish(
          {
            topic: prefix + message.topic,
            payload: message.payload,
            qos: message.qos,
            retain: order.retain && message.retain,
            properties: passedOn(message.properties),
          },
          signal,
        )
        .then(
          (reasonCode) => {
            if (reasonCode >= 128) refused.set(reasonCode, (refused.get(reasonCode) ?? 0) + 1);
            else published++;
            tell();
          },
          (error: unknown) => {
            if (!signal.aborted) failure ??= new FieldkeyError('CONNECTION_NOT_OPEN', {}, error);
          },
        )
        .finally(() => underway.delete(one));
      underway.add(one);
    }
  }
  await Promise.all(underway);
  await stopped();
  tell(true);
  const unreadable = total - read + (searchId?.unreadable ?? 0);
  return { published, refused: [...refused].map(([reasonCode, count]) => ({ reasonCode, count })), unreadable };
}

/** What belongs to the message itself: aliases and subscription identifiers are between one broker and one client. */
function passedOn(properties: TestMessage['properties']): TestMessage['properties'] {
  if (!properties) return undefined;
  const { topicAlias: _alias, subscriptionIdentifiers: _identifiers, ...own } = properties;
  return Object.keys(own).length > 0 ? own : undefined;
}

async function searchToEnd({ recordingId, query }: ReplayOrder, host: ReplayHost) {
  let progress = await host.ask('search', { recordingId, query, searchId: null });
  while (!progress.done && !host.signal.aborted) {
    progress = await host.ask('search', { recordingId, query, searchId: progress.searchId });
  }
  return progress;
}

/** Waits until a time of `performance.now()`, or until it is stopped. */
function until(time: number, signal: AbortSignal): Promise<void> {
  const pause = time - performance.now();
  // timers are no finer; what is due now goes out with the one before
  if (pause < 1 || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    // a timer has 31 bits
    const timer = setTimeout(end, Math.min(pause, 2_000_000_000));
    signal.addEventListener('abort', end);
  });
}
