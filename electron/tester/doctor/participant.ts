import type { IPublishPacket } from 'mqtt';
import { explainFailure } from '../explain-failure.ts';
import { ConnectionGone, type MqttSession } from '../mqtt-session.ts';
import type { Signals } from '../signals.ts';
import { type Connected, type ConnectPlan, connectOnce } from './connect.ts';
import { within } from './network.ts';

/** ms for an acknowledgement, unless a whole connection is given less. */
const longest = 5_000;

/** One identity of an examination: it connects once, listens and publishes. */
export class Participant {
  readonly who: string;
  readonly #plan: Omit<ConnectPlan, 'onMessage' | 'onLost'>;
  readonly #listeners = new Set<(packet: IPublishPacket) => void>();
  readonly #asked = new Set<string>();
  #session: MqttSession | null = null;
  #lost: Signals | null = null;
  #onLost: (() => void) | null = null;

  constructor(plan: Omit<ConnectPlan, 'onMessage' | 'onLost'>) {
    this.#plan = plan;
    this.who = plan.identity.id;
  }

  get #patience(): number {
    return Math.min(longest, this.#plan.timing.connect);
  }

  /** Why the connection ended after it had been accepted; null while it lives. */
  get lost(): Signals | null {
    return this.#lost;
  }

  get session(): MqttSession | null {
    return this.#session;
  }

  async connect(): Promise<Connected> {
    this.#lost = null;
    const connected = await connectOnce({
      ...this.#plan,
      onMessage: (packet) => {
        for (const listener of this.#listeners) listener(packet);
      },
      onLost: (signals) => {
        this.#lost = signals;
        this.#onLost?.();
      },
    });
    this.#session = connected.attempt.session;
    return connected;
  }

  /** Granted QoS or reason code; null = no answer. @throws ConnectionGone */
  async subscribe(filter: string, qos: 0 | 1 | 2 = 0): Promise<number | null> {
    const { signal } = this.#plan;
    this.#asked.add(filter);
    return within(this.#living().subscribe(filter, qos), this.#patience, signal);
  }

  /** Takes back what was asked for, but `kept`: a session that goes on after this must not go on with it. */
  async forget(kept: readonly string[]): Promise<void> {
    const { signal } = this.#plan;
    const filters = [...this.#asked].filter((filter) => !kept.includes(filter));
    this.#asked.clear();
    const session = this.#session;
    if (!session || session.ended) return;
    const taken = Promise.all(filters.map((filter) => session.unsubscribe(filter)));
    await within(taken, this.#patience, signal).catch((error: unknown) => {
      if (!(error instanceof ConnectionGone)) throw error;
    });
  }

  /** Reason code; null where the protocol has none. `unanswered` when no acknowledgement came. @throws ConnectionGone */
  async publish(topic: string, payload: string): Promise<number | null | 'unanswered'> {
    const order = { topic, payload: new TextEncoder().encode(payload), qos: 1, retain: false } as const;
    const answer = await within(
      this.#living()
        .publish(order)
        .then((code) => ({ code })),
      this.#patience,
      this.#plan.signal,
    );
    return answer === null ? 'unanswered' : answer.code;
  }

  /** The first message that fits; null when time is over, the connection ends, or nobody wants it any more. */
  message(fits: (packet: IPublishPacket) => boolean, limit: number): Promise<IPublishPacket | null> {
    const { signal } = this.#plan;
    return new Promise((resolve) => {
      const end = (packet: IPublishPacket | null) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', stop);
        this.#listeners.delete(listener);
        resolve(packet);
      };
      const stop = () => end(null);
      const listener = (packet: IPublishPacket) => {
        if (fits(packet)) end(packet);
      };
      const timer = setTimeout(stop, limit);
      signal.addEventListener('abort', stop);
      this.#listeners.add(listener);
    });
  }

  /** Waits until the connection has lived for `milliseconds` more. Gives whether it still does. */
  hold(milliseconds: number): Promise<boolean> {
    const { signal } = this.#plan;
    if (this.#lost) return Promise.resolve(false);
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.#onLost = null;
        signal.removeEventListener('abort', end);
        resolve(this.#lost === null);
      };
      const timer = setTimeout(end, milliseconds);
      this.#onLost = end;
      signal.addEventListener('abort', end);
    });
  }

  async end(): Promise<void> {
    const session = this.#session;
    this.#session = null;
    await session?.end(this.#plan.timing.farewell);
  }

  #living(): MqttSession {
    if (!this.#session) throw new ConnectionGone();
    return this.#session;
  }
}

/** As a person reads it in one line: cause and technical text. */
export function whyNot(connected: Connected): string {
  if (connected.attempt.session) return '';
  const { cause, raw } = explainFailure(connected.attempt.signals);
  return raw === '' ? cause : `${cause} (${raw})`;
}
