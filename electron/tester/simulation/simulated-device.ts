import type { SecureContext } from 'node:tls';
import type { ConnectionFailure } from '../../../shared/model/connection.ts';
import { characterOf, readingAt } from '../../../shared/rules/load-curve.ts';
import { type Attempt, attemptConnection, speaksOnlyOlder } from '../attempt.ts';
import { certificateFacts } from '../certificate-facts.ts';
import type { SimulatedMeter, TestCertificate } from '../channel.ts';
import { explainFailure } from '../explain-failure.ts';
import type { MqttSession } from '../mqtt-session.ts';
import { noSignals, type Signals } from '../signals.ts';
import type { Timing } from '../timing.ts';
import { tlsContext } from '../tls-context.ts';

/** What all devices of a run have in common. */
export interface DeviceSettings {
  readonly host: string;
  readonly port: number;
  /** Seconds. */
  readonly interval: number;
  readonly qos: 0 | 1;
  readonly timing: Timing;
  /** MQTT 5, until a broker says that it speaks only 3.1.1. */
  version: 4 | 5;
}

export interface DeviceEvents {
  /** It was connected, and is not any more. */
  readonly onLost: (failure: ConnectionFailure) => void;
  readonly onSent: (topic: string, payload: string) => void;
  /** `reasonCode` null: lost with the connection. */
  readonly onAnswered: (topic: string, payload: string, reasonCode: number | null) => void;
  readonly onSkipped: () => void;
}

/** A device of the vault that is not there: connects once, with its own certificate, and publishes readings. */
export class SimulatedDevice {
  readonly id: string;
  readonly #meter: SimulatedMeter;
  readonly #settings: DeviceSettings;
  readonly #events: DeviceEvents;
  readonly #character;
  #session: MqttSession | null = null;
  #timer: NodeJS.Timeout | undefined;
  #waits = false;

  constructor(meter: SimulatedMeter, settings: DeviceSettings, events: DeviceEvents) {
    this.id = meter.identity.id;
    this.#meter = meter;
    this.#settings = settings;
    this.#events = events;
    this.#character = characterOf(meter.seed);
  }

  /** Connects. Gives why it did not work, or null; `aborted` when nobody wants it any more. */
  async connect(signal: AbortSignal): Promise<ConnectionFailure | 'aborted' | null> {
    const { host, port, version } = this.#settings;
    let context: SecureContext;
    try {
      context = tlsContext(this.#meter.identity);
    } catch (error) {
      const { code = null, message } = error as NodeJS.ErrnoException;
      return explainFailure({ ...noSignals(host, port, Date.now()), code, text: message });
    }
    let attempt = await this.#attempt(context, version, signal);
    if (!attempt.session && version === 5 && speaksOnlyOlder(attempt.signals) && !signal.aborted) {
      attempt = await this.#attempt(context, 4, signal);
      if (attempt.session) this.#settings.version = 4;
    }
    if (signal.aborted) {
      await attempt.session?.end(this.#settings.timing.farewell);
      return 'aborted';
    }
    if (!attempt.session) return explainFailure(attempt.signals);
    this.#session = attempt.session;
    this.#begin();
    return null;
  }

  async end(): Promise<void> {
    clearTimeout(this.#timer);
    const session = this.#session;
    this.#session = null;
    await session?.end(this.#settings.timing.farewell);
  }

  #attempt(context: SecureContext, protocolVersion: 4 | 5, signal: AbortSignal): Promise<Attempt> {
    const { identity } = this.#meter;
    const { host, port, timing } = this.#settings;
    return attemptConnection({
      order: { connectionId: '', host, port, identity: withoutKey(identity), reconnects: false },
      context,
      facts: { client: certificateFacts(identity.certificateChain), authority: certificateFacts(identity.ca) },
      protocolVersion,
      timing,
      onMessage: () => undefined,
      onLost: (signals) => this.#lost(signals),
      signal,
    });
  }

  /** Readings at fixed times, each device at its own: a fleet does not speak with one voice. */
  #begin(): void {
    const every = this.#settings.interval * 1_000;
    const start = performance.now() + Math.random() * every;
    let turn = 0;
    const wait = () => {
      const pause = Math.max(0, start + turn * every - performance.now());
      this.#timer = setTimeout(() => {
        // what passed while the computer slept is not made up for
        turn = Math.max(turn + 1, Math.floor((performance.now() - start) / every) + 1);
        this.#publish();
        wait();
      }, pause);
    };
    wait();
  }

  #publish(): void {
    if (!this.#session) return;
    if (this.#waits) {
      this.#events.onSkipped();
      return;
    }
    const { topic } = this.#meter;
    const text = JSON.stringify(readingAt(this.#character, Date.now()));
    this.#waits = true;
    this.#events.onSent(topic, text);
    this.#session.publish({ topic, payload: Buffer.from(text), qos: this.#settings.qos, retain: false }).then(
      (reasonCode) => {
        this.#waits = false;
        this.#events.onAnswered(topic, text, reasonCode ?? 0);
      },
      () => {
        this.#waits = false;
        this.#events.onAnswered(topic, text, null);
      },
    );
  }

  #lost(signals: Signals): void {
    if (!this.#session) return;
    this.#session = null;
    clearTimeout(this.#timer);
    this.#events.onLost(explainFailure({ ...signals, now: Date.now() }));
  }
}

/** The key is in the TLS context by now, and its text is wiped. */
function withoutKey(identity: TestCertificate): TestCertificate {
  return { ...identity, key: new Uint8Array(0) };
}
