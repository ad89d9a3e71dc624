import type { SecureContext } from 'node:tls';
import type { TestMessage } from '../../shared/model/connection.ts';
import { isEncrypted } from '../../shared/model/own-connection.ts';
import { plainSubscription, type SubscriptionOptions } from '../../shared/model/subscription.ts';
import { type Attempt, attemptConnection, speaksOnlyOlder } from './attempt.ts';
import { certificateFacts } from './certificate-facts.ts';
import type { ConnectionReport, ConnectOrder, MessageBatch, PublishOrder } from './channel.ts';
import { explainFailure } from './explain-failure.ts';
import { strictLink } from './link-socket.ts';
import { MessageOutbox } from './message-outbox.ts';
import { ConnectionGone, type MqttSession } from './mqtt-session.ts';
import { propertiesOf } from './publish-properties.ts';
import { passesByItself, pauseBefore } from './reconnect.ts';
import { noSignals, type Signals } from './signals.ts';
import type { Timing } from './timing.ts';
import { tlsContext } from './tls-context.ts';

export interface ConnectionEvents {
  readonly onState: (state: ConnectionReport) => void;
  readonly onMessages: (batch: MessageBatch) => void;
  /** Each message as it comes or goes, before anything waits for the window. */
  readonly onMessage?: ((message: Omit<TestMessage, 'seq'>) => void) | undefined;
}

/**
 * One connection of the tester, from the first try until it is closed for good. An observer comes back after losses;
 * a device connects once, since its certificate throws the real one out. Neither tries again after a refusal.
 */
export class TestConnection {
  #order: ConnectOrder;
  readonly #timing: Timing;
  readonly #events: ConnectionEvents;
  readonly #outbox: MessageOutbox;
  readonly #wanted = new AbortController();
  /**
   * What is wanted, also while nothing is connected. Asked for again after each reconnect, here and nowhere else: no
   * session is kept on the broker, and a filter asked for twice would bring its retained messages twice.
   */
  readonly #filters = new Map<string, { readonly qos: 0 | 1 | 2; readonly options: SubscriptionOptions }>();
  /** Of those, what was given up while nothing was connected: a session that was kept still has it. */
  readonly #forgotten = new Set<string>();
  readonly #choosesVersion: boolean;
  #context: SecureContext | null = null;
  #session: MqttSession | null = null;
  #version: 4 | 5 = 5;
  #retries = 0;
  #quickLosses = 0;
  #acceptedAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #state: ConnectionReport;

  constructor(order: ConnectOrder, timing: Timing, events: ConnectionEvents) {
    this.#order = { ...order, host: order.host.replace(/^\[(.*)\]$/, '$1') };
    const protocol = order.mqtt?.protocol ?? 'auto';
    this.#choosesVersion = protocol === 'auto';
    if (protocol !== 'auto') this.#version = protocol;
    this.#timing = timing;
    this.#events = events;
    this.#outbox = new MessageOutbox({
      connectionId: order.connectionId,
      send: (batch) => events.onMessages(batch),
      interval: timing.batch,
    });
    this.#state = {
      connectionId: order.connectionId,
      phase: 'connecting',
      protocolVersion: null,
      tls: null,
      granted: null,
      retryAt: null,
      failure: null,
    };
  }

  get state(): ConnectionReport {
    return this.#state;
  }

  /** Closed, and everything it received is on its way. */
  get finished(): boolean {
    return this.#state.phase === 'closed' && this.#outbox.empty;
  }

  /** Makes the first try. Gives the state that it ended in; a failure is a state, not an error. */
  async open(): Promise<ConnectionReport> {
    this.#tell({});
    const { host, port, identity } = this.#order;
    try {
      const { link = strictLink } = this.#order;
      if (isEncrypted(link.transport)) this.#context = tlsContext(identity, link);
    } catch (error) {
      const { code = null, message } = error as NodeJS.ErrnoException;
      const signals: Signals = { ...noSignals(host, port, Date.now()), ...this.#facts(), code, text: message };
      this.#tell({ phase: 'closed', failure: explainFailure(signals) });
      return this.#state;
    }
    await this.#try();
    return this.#state;
  }

  /** Ends it for good; `cut` = without a word to the broker, which then publishes the last will. */
  async close(cut = false): Promise<void> {
    clearTimeout(this.#timer);
    this.#wanted.abort();
    const session = this.#session;
    this.#session = null;
    if (cut) session?.destroy();
    else await session?.end(this.#timing.farewell);
    if (this.#state.phase !== 'closed') this.#tell({ phase: 'closed', granted: null, retryAt: null, failure: null });
  }

  /**
   * Lets go of what it would need to connect once more. TLS has its own until this connection ends; what is lost then does not
   * come back, and what is not connected now is given up.
   */
  async forget(): Promise<void> {
    if (this.#state.phase !== 'connected') return this.close();
    const { login: _, ...identity } = this.#order.identity;
    const mqtt = this.#order.mqtt && { ...this.#order.mqtt, authentication: null };
    this.#order = { ...this.#order, identity, mqtt, reconnects: false };
    this.#context = null;
    this.#session?.forgetLogin();
  }

  /** @throws ConnectionGone */
  async subscribe(filter: string, qos: 0 | 1 | 2, options: SubscriptionOptions = plainSubscription): Promise<number> {
    const session = this.#connected();
    const before = this.#filters.get(filter)?.options;
    // Mosquitto 2.0 takes only QoS and identifier of a filter that is there already, and leaves its other options as they were
    if (before && (before.noLocal !== options.noLocal || before.retainAsPublished !== options.retainAsPublished))
      await session.unsubscribe(filter);
    const reasonCode = await session.subscribe(filter, qos, options);
    if (reasonCode < 128) this.#filters.set(filter, { qos, options });
    return reasonCode;
  }

  /** Between two tries it is only forgotten, so that the next connection does not ask for it. @throws ConnectionGone */
  async unsubscribe(filter: string): Promise<void> {
    this.#filters.delete(filter);
    if (this.#session) await this.#session.unsubscribe(filter);
    else if (this.#state.phase === 'closed') throw new ConnectionGone();
    else this.#forgotten.add(filter);
  }

  /**
   * Gives the reason code, 0 where the protocol has none, and puts the message into the list. What waits for its turn when
   * `signal` aborts is not sent. @throws ConnectionGone, the reason of the signal
   */
  async publish(order: Omit<PublishOrder, 'connectionId'>, signal?: AbortSignal): Promise<number> {
    const at = Date.now();
    const reasonCode = await this.#connected().publish(order, signal);
    const { topic, payload, qos, retain } = order;
    const properties = this.#version === 5 ? order.properties : undefined;
    const sent = { at, direction: 'out', topic, payload: new Uint8Array(payload), qos, retain, reasonCode } as const;
    this.#add(properties ? { ...sent, properties } : sent);
    return reasonCode ?? 0;
  }

  messagesTaken(): void {
    this.#outbox.taken();
  }

  #add(message: Omit<TestMessage, 'seq'>): void {
    this.#outbox.add(message);
    this.#events.onMessage?.(message);
  }

  #connected(): MqttSession {
    if (!this.#session) throw new ConnectionGone();
    return this.#session;
  }

  async #try(): Promise<void> {
    let attempt = await this.#attempt();
    if (this.#choosesVersion && !attempt.session && speaksOnlyOlder(attempt.signals) && !this.#wanted.signal.aborted) {
      this.#version = 4;
      const older = await this.#attempt();
      // when that fails as well, the version was not the reason
      if (!older.session) this.#version = 5;
      attempt = older;
    }
    if (this.#wanted.signal.aborted) {
      await attempt.session?.end(this.#timing.farewell);
      return;
    }
    if (!attempt.session) return this.#failed(attempt.signals);
    this.#session = attempt.session;
    this.#acceptedAt = performance.now();
    const { session, tls } = attempt;
    const { granted } = session;
    this.#tell({ phase: 'connected', protocolVersion: this.#version, tls, granted, retryAt: null, failure: null });
    const forgotten = [...this.#forgotten];
    this.#forgotten.clear();
    // in a session that was kept the broker still has them, and asking again would bring retained messages again
    if (granted?.sessionPresent) for (const filter of forgotten) void session.unsubscribe(filter).catch(() => undefined);
    else
      for (const [filter, { qos, options }] of this.#filters) void session.subscribe(filter, qos, options).catch(() => undefined);
  }

  #attempt(): Promise<Attempt> {
    return attemptConnection({
      order: this.#order,
      context: this.#context,
      facts: this.#facts(),
      protocolVersion: this.#version,
      timing: this.#timing,
      onMessage: (packet) => {
        const { topic, payload, qos, retain } = packet;
        const properties = propertiesOf(packet);
        const message = {
          at: Date.now(),
          direction: 'in',
          topic,
          // a copy of its own: a view would carry the whole buffer of the socket across the channel
          payload: new Uint8Array(typeof payload === 'string' ? Buffer.from(payload) : payload),
          qos,
          retain,
          reasonCode: null,
        } as const;
        this.#add(properties ? { ...message, properties } : message);
      },
      onLost: (signals) => this.#lost(signals),
      signal: this.#wanted.signal,
    });
  }

  #facts() {
    const { certificateChain, ca } = this.#order.identity;
    return { client: certificateFacts(certificateChain), authority: certificateFacts(ca) };
  }

  #lost(signals: Signals): void {
    if (this.#session === null) return;
    this.#session = null;
    const lived = performance.now() - this.#acceptedAt;
    this.#quickLosses = lived < this.#timing.quickLoss ? this.#quickLosses + 1 : 0;
    // one that lived starts over with the shortest pause
    if (this.#quickLosses === 0) this.#retries = 0;
    this.#failed({ ...signals, now: Date.now(), quickLosses: this.#quickLosses });
  }

  #failed(signals: Signals): void {
    const failure = explainFailure(signals);
    const before = this.#acceptedAt > 0;
    if (!this.#order.reconnects || !before || !passesByItself(failure.cause)) {
      this.#tell({ phase: 'closed', tls: null, granted: null, retryAt: null, failure });
      return;
    }
    const pause = pauseBefore(this.#retries++, this.#timing.backOff);
    this.#tell({ phase: 'waiting', tls: null, granted: null, retryAt: Date.now() + pause, failure });
    this.#timer = setTimeout(() => {
      this.#tell({ phase: 'connecting', retryAt: null });
      void this.#try();
    }, pause);
  }

  #tell(change: Partial<ConnectionReport>): void {
    this.#state = { ...this.#state, ...change };
    this.#events.onState(this.#state);
  }
}
