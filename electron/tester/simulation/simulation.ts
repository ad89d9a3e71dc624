import type { ConnectionFailure } from '../../../shared/model/connection.ts';
import {
  type SimulationCause,
  type SimulationEnd,
  type SimulationState,
  simulationBegins,
} from '../../../shared/model/simulation.ts';
import type { SimulatedMeter, SimulationOrder } from '../channel.ts';
import type { MqttSession } from '../mqtt-session.ts';
import type { Timing } from '../timing.ts';
import { connectObserver } from './measuring-observer.ts';
import { RoundTrips } from './round-trip.ts';
import { Samples } from './samples.ts';
import { type DeviceSettings, SimulatedDevice } from './simulated-device.ts';

/** Handshakes at the same time: a broker that is slow is not buried under them. */
const handshakes = 20;
/** New keys are asked for when so few wait. */
const lowWater = 10;
/** ms between two reports. */
const reportEvery = 500;
/** Goodbyes at the same time. */
const farewells = 50;

/**
 * A load test: many devices of the vault at once, each connected once and never again, publishing readings. Keys come in
 * batches as they are needed and are wiped as soon as TLS has them.
 */
export class Simulation {
  readonly #order: SimulationOrder;
  readonly #timing: Timing;
  readonly #onState: (state: SimulationState) => void;
  readonly #settings: DeviceSettings;
  readonly #stop = new AbortController();
  readonly #waiting: SimulatedMeter[] = [];
  readonly #devices = new Set<SimulatedDevice>();
  /** Connections that are being made. */
  readonly #opening = new Set<Promise<void>>();
  readonly #causes = new Map<string, SimulationCause>();
  readonly #trips: RoundTrips | null;
  readonly #samples = new Samples();
  readonly #begin = performance.now();
  /** How many messages were sent at each of the last reports: for the rate. */
  readonly #counts: { readonly at: number; readonly sent: number }[] = [];
  readonly #wantsMore: (() => void)[] = [];
  #observer: MqttSession | null = null;
  #allGiven = false;
  #ramp: NodeJS.Timeout | undefined;
  #report: NodeJS.Timeout | undefined;
  #state: SimulationState;

  constructor(order: SimulationOrder, timing: Timing, onState: (state: SimulationState) => void) {
    this.#order = order;
    this.#timing = timing;
    this.#onState = onState;
    const { host, port, interval, qos } = order;
    this.#settings = { host, port, interval, qos, timing, version: 5 };
    this.#trips = order.observer ? new RoundTrips() : null;
    this.#state = simulationBegins(order.runId, order.planned);
  }

  get state(): SimulationState {
    return this.#state;
  }

  /** Connects the observer, if there is one, and is ready for devices. Without its observer a run ends before it begins. */
  async start(): Promise<SimulationState> {
    const { observer } = this.#order;
    if (observer) {
      const connected = await connectObserver(observer, {
        order: this.#order,
        timing: this.#timing,
        signal: this.#stop.signal,
        onMessage: (topic, payload) => this.#trips?.received(topic, payload, performance.now()),
        onLost: (failure) => {
          if (this.#observer === null) return;
          this.#observer = null;
          this.#cause(failure, observer.identity.id, true);
        },
      });
      if ('failure' in connected) {
        this.#cause(connected.failure, observer.identity.id, false);
        await this.end('observer');
        return this.#state;
      }
      this.#observer = connected.session;
      this.#settings.version = connected.version;
    }
    if (this.#over) return this.#state;
    this.#report = setInterval(() => this.#tell(), reportEvery);
    this.#ramp = setInterval(() => this.#next(), 1_000 / this.#order.ramp);
    this.#tell();
    return this.#state;
  }

  /** Takes devices, the last ones or not; ends when more are needed. Gives false when no more are wanted. */
  async add(meters: readonly SimulatedMeter[], last: boolean): Promise<boolean> {
    if (this.#over) {
      for (const { identity } of meters) identity.key.fill(0);
      return false;
    }
    this.#waiting.push(...meters);
    if (last) this.#allGiven = true;
    else if (this.#waiting.length > lowWater) await new Promise<void>((resolve) => this.#wantsMore.push(resolve));
    return !this.#over;
  }

  /** No more keys come; those that are here go on. */
  keysEnded(): void {
    this.#allGiven = true;
    this.#note({ keysEnded: true });
  }

  /** Ends every connection. Ends when the last one is closed. */
  async end(why: SimulationEnd): Promise<void> {
    if (this.#over) return;
    this.#note({ phase: 'stopping', end: why, connecting: 0 });
    clearInterval(this.#ramp);
    this.#stop.abort();
    for (const { identity } of this.#waiting.splice(0)) identity.key.fill(0);
    for (const more of this.#wantsMore.splice(0)) more();
    this.#tell();
    await Promise.all(this.#opening);
    const devices = [...this.#devices];
    this.#devices.clear();
    for (let at = 0; at < devices.length; at += farewells) {
      const some = devices.slice(at, at + farewells);
      await Promise.all(some.map((device) => device.end()));
      this.#note({ connected: devices.length - at - some.length });
    }
    const observer = this.#observer;
    this.#observer = null;
    await observer?.end(this.#timing.farewell);
    clearInterval(this.#report);
    this.#note({ phase: 'ended', connected: 0, endedAt: Date.now() });
    this.#tell();
  }

  get #over(): boolean {
    return this.#state.phase === 'stopping' || this.#state.phase === 'ended';
  }

  /** Connects the next device, if there is one and the broker keeps up. */
  #next(): void {
    if (this.#state.connecting >= handshakes) return;
    const meter = this.#waiting.shift();
    if (this.#waiting.length <= lowWater) for (const more of this.#wantsMore.splice(0)) more();
    if (meter) {
      const opening = this.#connect(meter).finally(() => this.#opening.delete(opening));
      this.#opening.add(opening);
    } else if (this.#allGiven && this.#state.connecting === 0) {
      clearInterval(this.#ramp);
      this.#note({ phase: 'steady' });
      this.#endIfNobody();
    }
  }

  #endIfNobody(): void {
    if (this.#state.phase === 'steady' && this.#state.connected === 0) void this.end('nobody');
  }

  async #connect(meter: SimulatedMeter): Promise<void> {
    const device: SimulatedDevice = new SimulatedDevice(meter, this.#settings, {
      onLost: (failure) => {
        // while everybody leaves, nobody is lost
        if (this.#over || !this.#devices.delete(device)) return;
        this.#note({ connected: this.#state.connected - 1, lost: this.#state.lost + 1 });
        this.#cause(failure, device.id, true);
        this.#endIfNobody();
      },
      onSent: (topic, payload) => {
        this.#trips?.sent(topic, payload, performance.now());
        this.#note({ sent: this.#state.sent + 1 });
      },
      onAnswered: (topic, payload, reasonCode) => this.#answered(topic, payload, reasonCode),
      onSkipped: () => this.#note({ skipped: this.#state.skipped + 1 }),
    });
    this.#note({ connecting: this.#state.connecting + 1 });
    const failure = await device.connect(this.#stop.signal);
    if (this.#over) {
      // it came in while everybody was leaving
      await device.end();
      return;
    }
    const connecting = this.#state.connecting - 1;
    if (failure === null) {
      const connected = this.#state.connected + 1;
      this.#devices.add(device);
      this.#note({ connecting, connected, peak: Math.max(this.#state.peak, connected) });
    } else if (failure !== 'aborted') {
      this.#note({ connecting, refused: this.#state.refused + 1 });
      this.#cause(failure, device.id, false);
    }
  }

  #answered(topic: string, payload: string, reasonCode: number | null): void {
    if (reasonCode === null) this.#note({ failed: this.#state.failed + 1 });
    else if (reasonCode >= 128) this.#note({ failed: this.#state.failed + 1, reasonCode });
    else {
      if (this.#order.qos > 0) this.#note({ acknowledged: this.#state.acknowledged + 1 });
      this.#trips?.acknowledged(topic, payload);
    }
  }

  #cause(failure: ConnectionFailure, device: string, lost: boolean): void {
    const key = `${failure.cause} ${lost}`;
    const known = this.#causes.get(key);
    const entry = known ?? { cause: failure.cause, lost, count: 0, device, failure };
    this.#causes.set(key, { ...entry, count: entry.count + 1 });
  }

  #note(change: Partial<SimulationState>): void {
    this.#state = { ...this.#state, ...change };
  }

  #tell(): void {
    const now = performance.now();
    this.#trips?.expire(now);
    const { connected, sent, acknowledged, phase } = this.#state;
    this.#counts.push({ at: now, sent });
    if (this.#counts.length > 5_000 / reportEvery + 1) this.#counts.shift();
    const before = this.#counts[0] ?? { at: now, sent };
    const roundTrip = this.#trips?.figures ?? null;
    this.#samples.add({ at: Math.round(now - this.#begin), connected, sent, acknowledged, received: roundTrip?.received ?? 0 });
    this.#note({
      rate: phase === 'ended' || now === before.at ? 0 : ((sent - before.sent) * 1_000) / (now - before.at),
      causes: [...this.#causes.values()].sort((a, b) => b.count - a.count),
      roundTrip,
      samples: this.#samples.list,
    });
    this.#onState(this.#state);
  }
}
