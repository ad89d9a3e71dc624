import type { SecureContext } from 'node:tls';
import type { IPublishPacket } from 'mqtt';
import type { ConnectionFailure } from '../../../shared/model/connection.ts';
import { plainSubscription } from '../../../shared/model/subscription.ts';
import { type Attempt, attemptConnection, speaksOnlyOlder } from '../attempt.ts';
import { certificateFacts } from '../certificate-facts.ts';
import type { PublishOrder, TestCertificate } from '../channel.ts';
import { explainFailure } from '../explain-failure.ts';
import { ConnectionGone, type MqttSession } from '../mqtt-session.ts';
import { noSignals, type Signals } from '../signals.ts';
import type { Timing } from '../timing.ts';
import { tlsContext } from '../tls-context.ts';

/** What all connections of a run share. */
export interface CheckPlace {
  readonly host: string;
  readonly port: number;
  readonly timing: Timing;
  /** MQTT 5, until the broker says that it speaks only 3.1.1. */
  version: 4 | 5;
  /** Aborted = everybody leaves, nothing more is tried. */
  readonly signal: AbortSignal;
}

/** MQTT 5 §3.8.3.1: what is retained is not sent when it begins to listen. */
const noRetained = { ...plainSubscription, retainHandling: 2 } as const;

/** How a broker ends a connection on which something was sent that it does not take. */
const expelling: readonly string[] = [
  'closed-by-broker',
  'not-authorized',
  'packet-too-large',
  'quota-exceeded',
  'rate-limited',
  'protocol-error',
];

/** ms within which a broker closes a connection for a message that needs no answer. */
const soon = 1_000;

interface Listened {
  users: number;
  qos: 0 | 1 | 2;
  code: Promise<number>;
}

/**
 * One identity while checks are run: it connects when it is needed, and never again after a refusal. Who was thrown out for a
 * message, as some brokers do, comes back for the next check.
 */
export class CheckConnection {
  readonly #identity: TestCertificate;
  readonly #place: CheckPlace;
  readonly #filters = new Map<string, Listened>();
  /** What it ceases to listen to: some brokers take up two packets about one filter in any order. */
  readonly #leaving = new Map<string, Promise<void>>();
  readonly #hearers = new Set<(packet: IPublishPacket) => void>();
  readonly #losses = new Set<() => void>();
  #context: SecureContext | null = null;
  #session: MqttSession | null = null;
  #opening: Promise<ConnectionFailure | null> | null = null;
  #failure: ConnectionFailure | null = null;
  #version: 4 | 5 = 5;
  #wasConnected = false;
  /** What it asked for and has no answer to yet; when it asked last (`performance.now()`). */
  #asking = 0;
  #askedAt = Number.NEGATIVE_INFINITY;
  /** It was lost while it asked, or soon after (QoS 0 has no answer): not because the real device came back. */
  #lostAsking = false;

  constructor(identity: TestCertificate, place: CheckPlace) {
    this.#identity = identity;
    this.#place = place;
  }

  /** Connected, or why not. A broken run says nothing: null, and nothing is open. */
  open(): Promise<ConnectionFailure | null> {
    if (this.#session?.ended === false) return Promise.resolve(null);
    if (this.#failure && !this.expelled) return Promise.resolve(this.#failure);
    this.#opening ??= this.#connect().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  /** Why it is not there (any more); null while it is, or before it was asked to be. */
  get failure(): ConnectionFailure | null {
    return this.#failure;
  }

  get protocolVersion(): 4 | 5 {
    return this.#version;
  }

  /** The broker closed it, as it does for what it does not take: no trouble of the network, and no twin. */
  get expelled(): boolean {
    return this.#wasConnected && this.#lostAsking && this.#failure !== null && expelling.includes(this.#failure.cause);
  }

  /** Gives what the broker answered to the subscription, and how to end it. @throws ConnectionGone */
  async listen(
    filter: string,
    qos: 0 | 1 | 2,
    hear: (packet: IPublishPacket) => void,
  ): Promise<{ readonly code: number; readonly stop: () => void }> {
    const session = this.#connected();
    let listened = this.#filters.get(filter);
    // several may listen to the same at a time: the broker keeps one subscription for each filter
    if (!listened || listened.qos < qos) {
      const code = (this.#leaving.get(filter) ?? Promise.resolve()).then(() =>
        this.#ask(() => session.subscribe(filter, qos, noRetained)),
      );
      code.catch(() => undefined);
      listened = { users: listened?.users ?? 0, qos, code };
      this.#filters.set(filter, listened);
    }
    const own = listened;
    own.users++;
    this.#hearers.add(hear);
    const stop = () => {
      this.#hearers.delete(hear);
      // of a connection that is over the broker has forgotten it
      if (this.#session !== session) return;
      const now = this.#filters.get(filter);
      if (!now || --now.users > 0) return;
      this.#filters.delete(filter);
      const left = session.unsubscribe(filter).catch(() => undefined);
      this.#leaving.set(filter, left);
      void left.then(() => this.#leaving.get(filter) === left && this.#leaving.delete(filter));
    };
    try {
      return { code: await own.code, stop };
    } catch (error) {
      stop();
      throw error;
    }
  }

  /** Gives the reason code; null where there is none. @throws ConnectionGone */
  async publish(order: Omit<PublishOrder, 'connectionId'>): Promise<number | null> {
    const session = this.#connected();
    return this.#ask(() => session.publish(order));
  }

  /** Runs when it is lost. Gives how to take that back. */
  onLost(lost: () => void): () => void {
    this.#losses.add(lost);
    return () => this.#losses.delete(lost);
  }

  /** Leaves for good. */
  async end(): Promise<void> {
    await this.#opening;
    const session = this.#session;
    this.#session = null;
    this.#identity.key.fill(0);
    await session?.end(this.#place.timing.farewell);
  }

  #connected(): MqttSession {
    if (!this.#session || this.#session.ended) throw new ConnectionGone();
    return this.#session;
  }

  async #connect(): Promise<ConnectionFailure | null> {
    const { host, port, signal, timing } = this.#place;
    try {
      this.#context ??= tlsContext(this.#identity);
    } catch (error) {
      const { code = null, message } = error as NodeJS.ErrnoException;
      return this.#failed({ ...noSignals(host, port, Date.now()), code, text: message });
    }
    this.#version = this.#place.version;
    let attempt = await this.#attempt();
    if (!attempt.session && this.#version === 5 && speaksOnlyOlder(attempt.signals) && !signal.aborted) {
      this.#version = 4;
      attempt = await this.#attempt();
      if (attempt.session) this.#place.version = 4;
    }
    if (signal.aborted) {
      await attempt.session?.end(timing.farewell);
      return null;
    }
    if (!attempt.session) return this.#failed(attempt.signals);
    this.#session = attempt.session;
    this.#wasConnected = true;
    this.#failure = null;
    this.#filters.clear();
    this.#leaving.clear();
    return null;
  }

  #attempt(): Promise<Attempt> {
    const { host, port, timing, signal } = this.#place;
    const identity = { ...this.#identity, key: new Uint8Array(0) };
    return attemptConnection({
      order: { connectionId: '', host, port, identity, reconnects: false },
      context: this.#context as SecureContext,
      facts: { client: certificateFacts(identity.certificateChain), authority: certificateFacts(identity.ca) },
      protocolVersion: this.#version,
      timing,
      onMessage: (packet) => {
        for (const hear of [...this.#hearers]) hear(packet);
      },
      onLost: (signals) => this.#lost(signals),
      signal,
    });
  }

  async #ask<T>(question: () => Promise<T>): Promise<T> {
    this.#asking++;
    this.#askedAt = performance.now();
    try {
      return await question();
    } finally {
      this.#asking--;
    }
  }

  #failed(signals: Signals): ConnectionFailure {
    this.#failure = explainFailure(signals);
    return this.#failure;
  }

  #lost(signals: Signals): void {
    if (!this.#session) return;
    this.#session = null;
    this.#lostAsking = this.#asking > 0 || performance.now() - this.#askedAt < soon;
    this.#failed({ ...signals, now: Date.now() });
    for (const lost of [...this.#losses]) lost();
  }
}
