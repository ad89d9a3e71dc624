import { randomUUID } from 'node:crypto';
import type { SecureContext } from 'node:tls';
import type { ObservedConnection, Seen } from '../../shared/model/proof.ts';
import { attemptConnection, speaksOnlyOlder } from './attempt.ts';
import { certificateFacts } from './certificate-facts.ts';
import type { ExpectedTopic, ProveOrder, ProveSubject } from './channel.ts';
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
  readonly #stop = new AbortController();
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

  /** It is connected, or may be again. False when it has left. */
  get connectable(): boolean {
    return !this.#stop.signal.aborted && this.#state.protocolVersion !== null;
  }

  /** What it listens to from the start. */
  get reads(): readonly ExpectedTopic[] {
    return this.#subject.read.filter(this.#atOnce);
  }

  /** What it writes while everybody listens. */
  get writes(): readonly ExpectedTopic[] {
    return this.#subject.write.filter(this.#atOnce);
  }

  /** What a broker that throws out is asked last: everything that is denied. */
  get trespasses(): readonly { readonly verb: 'write' | 'read'; readonly topic: string }[] {
    if (!this.#order.denialDisconnects) return [];
    const { read, write } = this.#subject;
    const denied = (verb: 'write' | 'read', topics: readonly ExpectedTopic[]) =>
      topics.filter(({ expected }) => !expected).map(({ topic }) => ({ verb, topic }));
    return [...denied('read', read), ...denied('write', write)];
  }

  readonly #atOnce = ({ expected }: ExpectedTopic): boolean => expected || !this.#order.denialDisconnects;

  /** Connects and subscribes. A failure is told by `state`. */
  async connect(): Promise<void> {
    await this.#open();
    await this.#unlessGone(async (session) => {
      for (const { topic } of this.reads) this.granted.set(topic, await inTime(session.subscribe(topic, 0)));
    });
  }

  async #open(): Promise<void> {
    if (this.#stop.signal.aborted) return;
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
    if (!attempt.session) {
      // whoever has left says nothing about the broker
      if (!this.#stop.signal.aborted) this.#failed(attempt.signals);
      return;
    }
    this.#session = attempt.session;
    this.#state = { ...this.#state, protocolVersion: this.#version, tls: attempt.tls, failure: null };
    if (this.#stop.signal.aborted) await this.end();
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
    return this.#order.denialDisconnects ? thrownOut : untried;
  }

  /** Writes what is denied, on a broker that throws out for that: twice, since a connection may be lost for another reason. */
  trespassWrite(topic: string, payload: string): Promise<Seen> {
    return this.#trespass(async (session) => {
      const order = { topic, payload: new TextEncoder().encode(payload), qos: 1, retain: false } as const;
      const code = await inTime(session.publish(order));
      // MQTT 3.1.1 §3.3.5: acknowledged or thrown out
      if (code === null) return { seen: 'allowed', by: 'disconnect', reasonCode: null };
      return {
        seen: code < 128 ? 'allowed' : code === notAuthorized ? 'denied' : 'untried',
        by: 'reason-code',
        reasonCode: code,
      };
    });
  }

  /** Subscribes to what is denied, on a broker that refuses subscriptions. */
  trespassRead(topic: string): Promise<Seen> {
    return this.#trespass(async (session) => {
      const code = await inTime(session.subscribe(topic, 0));
      return { seen: code < 128 ? 'allowed' : 'denied', by: 'reason-code', reasonCode: code };
    });
  }

  async #trespass(attempt: (session: MqttSession) => Promise<Seen>): Promise<Seen> {
    for (let times = 0; times < 2; times++) {
      if (!this.connected) {
        this.#session = null;
        await this.#open();
      }
      const session = this.#session;
      if (!session) return untried;
      try {
        return await attempt(session);
      } catch (error) {
        if (!(error instanceof ConnectionGone) || this.#stop.signal.aborted) return untried;
      }
    }
    return thrownOut;
  }

  /** Everything that was on its way to this client is here when this has ended. */
  async fence(): Promise<void> {
    // a broker that throws out takes only what is allowed: once more what is there already
    const topic = this.#order.denialDisconnects ? this.reads[0]?.topic : `fieldkey-proof/fence/${randomUUID()}`;
    if (topic !== undefined) await this.#unlessGone((session) => inTime(session.subscribe(topic, 0)));
  }

  /** Leaves for good. */
  async end(): Promise<void> {
    this.#stop.abort();
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
      signal: this.#stop.signal,
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
const thrownOut: Seen = { seen: 'denied', by: 'disconnect', reasonCode: null };

/** @throws an error that is no ConnectionGone when the broker does not answer */
function inTime<T>(answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('no answer')), patience);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
