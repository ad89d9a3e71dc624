import { isIP } from 'node:net';
import { connect, createSecureContext, type SecureContext } from 'node:tls';
import { MqttClient } from 'mqtt';
import { characterOf, readingAt } from '../../../../shared/rules/load-curve.ts';
import type { MeterOrder, MeterState } from '../channel.ts';
import { answerTo } from './command.ts';

export interface MeterEvents {
  readonly onState: (state: MeterState) => void;
}

const retryAfter = 3_000;
const farewell = 2_000;

/** A meter that is not there: connects over TLS as a real one does, publishes readings, answers commands. */
export class SimulatedMeter {
  readonly #order: MeterOrder;
  readonly #events: MeterEvents;
  readonly #now: () => number;
  readonly #client: MqttClient;
  readonly #character;
  #timer: NodeJS.Timeout | undefined;
  #interval: number;
  #readings = 0;
  #phase: MeterState['phase'] = 'connecting';

  /** Starts at once. The key is wiped before this returns; `now` gives ms since 1970 UTC. */
  constructor(order: MeterOrder, events: MeterEvents, now: () => number = Date.now) {
    this.#order = order;
    this.#events = events;
    this.#now = now;
    this.#interval = order.interval;
    this.#character = characterOf(order.seed);
    const { host, port, identity, commandTopic } = order;
    const secureContext = contextOf(order);
    this.#client = new MqttClient(() => connect({ host, port, secureContext, ...(isIP(host) ? {} : { servername: host }) }), {
      protocolVersion: 4,
      clientId: identity.id,
      username: identity.login?.username ?? identity.id,
      ...(identity.login ? { password: identity.login.password } : {}),
      keepalive: 60,
      reconnectPeriod: retryAfter,
      connectTimeout: 10_000,
      queueQoSZero: false,
      timerVariant: 'native',
    });
    this.#client.on('connect', () => {
      this.#client.subscribe(commandTopic, { qos: 1 });
      this.#tell('connected');
      this.#publishNow();
    });
    this.#client.on('message', (_topic, payload) => this.#command(payload));
    this.#client.on('close', () => {
      clearTimeout(this.#timer);
      if (this.#phase !== 'stopped') this.#tell(this.#phase === 'connected' ? 'connecting' : 'refused');
    });
    // told by 'close' already
    this.#client.on('error', () => undefined);
    this.#tell('connecting');
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#tell('stopped');
    // a broker that is gone already answers nothing
    const late = setTimeout(() => this.#client.stream.destroy(), farewell);
    await this.#client.endAsync(!this.#client.connected);
    clearTimeout(late);
  }

  #publishNow(): void {
    clearTimeout(this.#timer);
    this.#send(readingAt(this.#character, this.#now()), () => {
      this.#readings++;
      this.#tell(this.#phase);
    });
    this.#timer = setTimeout(() => this.#publishNow(), this.#interval * 1000);
  }

  #command(payload: Buffer): void {
    const { answer, interval } = answerTo(payload.toString(), { id: this.#order.identity.id, interval: this.#interval });
    if (interval !== null) this.#interval = interval;
    // a device may write its energy topic and nothing else, so the answer goes there
    this.#send({ time: new Date(this.#now()).toISOString(), ...answer });
    if (interval !== null) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#publishNow(), this.#interval * 1000);
      this.#tell(this.#phase);
    }
  }

  #send(message: object, acknowledged: () => void = () => undefined): void {
    if (!this.#client.connected) return;
    this.#client.publish(this.#order.energyTopic, JSON.stringify(message), { qos: 1 }, (error) => {
      if (!error && this.#phase !== 'stopped') acknowledged();
    });
  }

  #tell(phase: MeterState['phase']): void {
    this.#phase = phase;
    const { id } = this.#order.identity;
    this.#events.onState({ id, at: this.#now(), phase, readings: this.#readings, interval: this.#interval });
  }
}

function contextOf({ identity }: MeterOrder): SecureContext {
  const key = Buffer.from(identity.key.buffer, identity.key.byteOffset, identity.key.byteLength);
  try {
    return createSecureContext({ ca: identity.ca, cert: identity.certificateChain, key, minVersion: 'TLSv1.2' });
  } finally {
    key.fill(0);
  }
}
