import { randomUUID } from 'node:crypto';
import type { SecureContext } from 'node:tls';
import type { ObservedConnection, Seen } from '../../shared/model/proof.ts';
import { attemptConnection, speaksOnlyOlder } from './attempt.ts';
import { certificateFacts } from './certificate-facts.ts';
import type { ProveOrder, ProveSubject } from './channel.ts';
import { explainFailure } from './explain-failure.ts';
import { ConnectionGone, type MqttSession } from './mqtt-session.ts';
import { noSignals, type Signals } from './signals.ts';
import type { Timing } from './timing.ts';
import { tlsContext } from './tls-context.ts';

/** MQTT 5 §2.4. */
const notAuthorized = 135;
/** How often one identity is connected again before what is left stays untried. */
const reconnects = 3;
/** ms for an acknowledgement. */
const patience = 5_000;

/** What a message of a proof says: who reads it knows that it is none of a meter's. */
export function proofPayload(run: string, number: number): string {
  return `fieldkey-proof ${run} ${number}`;
}

/** One identity of a proof: connected, listening to its topics, writing to its topics. */
export class ConnectedSubject {
  readonly who: string;
  /** Payloads by topic. */
  readonly received = new Map<string, Set<string>>();
  /** Answer to each subscription: the granted QoS or a reason code. */
  readonly granted = new Map<string, number>();
  readonly #order: ProveOrder;
  readonly #subject: ProveSubject;
  readonly #timing: Timing;
  readonly #heard: () => void;
  #context: SecureContext | null = null;
  #session: MqttSession | null = null;
  #version: 4 | 5 = 5;
  #state: ObservedConnection;

  /** `heard` is told of each message. */
  constructor(order: ProveOrder, subject: ProveSubject, timing: Timing, heard: () => void) {
    this.#order = order;
    this.#subject = subject;
    this.#timing = timing;
    this.#heard = heard;
    this.who = subject.identity.id;
    this.#state = { who: this.who, protocolVersion: null, tls: null, failure: null, lost: 0 };
  }

  get state(): ObservedConnection {
    return this.#state;
  }

  get connected(): boolean {
    return this.#session !== null && !this.#session.ended;
  }

  get reads(): ProveSubject['read'] {
    return this.#subject.read;
  }

  get writes(): readonly string[] {
    return this.#subject.write;
  }

  /** Connects and subscribes. A failure is told by `state`. */
  async connect(): Promise<void> {
    const { identity } = this.#subject;
    try {
      this.#context ??= tlsContext(identity);
    } catch (error) {
      const { code = null, message } = error as NodeJS.ErrnoException;
      const { host, port } = this.#order;
      return this.#failed({ ...noSignals(host, port, Date.now()), code, text: message });
    }
    let attempt = await this.#attempt();
    if (!attempt.session && this.#version === 5 && speaksOnlyOlder(attempt.signals)) {
      this.#version = 4;
      attempt = await this.#attempt();
    }
    if (!attempt.session) return this.#failed(attempt.signals);
    this.#session = attempt.session;
    this.#state = { ...this.#state, protocolVersion: this.#version, tls: attempt.tls, failure: null };
    await this.#unlessGone(async (session) => {
      for (const { topic } of this.reads) this.granted.set(topic, await inTime(session.subscribe(topic, 0)));
    });
  }

  /** Publishes once, anew after a lost connection. `payload` is what a delivery is known by. */
  async write(topic: string, payload: string): Promise<Seen> {
    for (let attempt = 0; attempt < 2; attempt++) {
      const session = await this.#living();
      if (!session) return untried;
      try {
        const order = { topic, payload: new TextEncoder().encode(payload), qos: 1, retain: false } as const;
        const code = await inTime(session.publish(order));
        if (code === null) return { seen: 'untried', by: null, reasonCode: null };
        if (code === notAuthorized) return { seen: 'denied', by: 'reason-code', reasonCode: code };
        return { seen: code < 128 ? 'allowed' : 'untried', by: 'reason-code', reasonCode: code };
      } catch (error) {
        if (!(error instanceof ConnectionGone)) return untried;
        this.#lost();
      }
    }
    return this.#order.denialDisconnects ? { seen: 'denied', by: 'disconnect', reasonCode: null } : untried;
  }

  /** Everything that was on its way to this client is here when this has ended. */
  async fence(): Promise<void> {
    await this.#unlessGone((session) => inTime(session.subscribe(`fieldkey-proof/fence/${randomUUID()}`, 0)));
  }

  async end(): Promise<void> {
    const session = this.#session;
    this.#session = null;
    await session?.end(this.#timing.farewell);
  }

  async #living(): Promise<MqttSession | null> {
    if (!this.#session && this.#state.lost > 0 && this.#state.lost <= reconnects) await this.connect();
    return this.#session;
  }

  async #unlessGone(work: (session: MqttSession) => Promise<unknown>): Promise<void> {
    const session = this.#session;
    if (!session) return;
    try {
      await work(session);
    } catch (error) {
      if (error instanceof ConnectionGone) this.#lost();
    }
  }

  #attempt() {
    const { host, port } = this.#order;
    const { identity } = this.#subject;
    return attemptConnection({
      order: { connectionId: '', host, port, identity, reconnects: false },
      context: this.#context as SecureContext,
      facts: { client: certificateFacts(identity.certificateChain), authority: certificateFacts(identity.ca) },
      protocolVersion: this.#version,
      timing: this.#timing,
      onMessage: ({ topic, payload }) => {
        const texts = this.received.get(topic) ?? new Set();
        texts.add(payload.toString());
        this.received.set(topic, texts);
        this.#heard();
      },
      onLost: () => undefined,
      signal: new AbortController().signal,
    });
  }

  #failed(signals: Signals): void {
    this.#state = { ...this.#state, failure: explainFailure(signals) };
  }

  #lost(): void {
    if (!this.#session) return;
    this.#session = null;
    this.#state = { ...this.#state, lost: this.#state.lost + 1 };
  }
}

export const untried: Seen = { seen: 'untried', by: null, reasonCode: null };

/** @throws an error that is no ConnectionGone when the broker does not answer */
function inTime<T>(answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('no answer')), patience);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
