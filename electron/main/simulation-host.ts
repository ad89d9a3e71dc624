import type { SimulationState } from '../../shared/model/simulation.ts';
import type { FromTester, SimulatedMeter, SimulationOrder, TesterCall, TesterCalls } from '../tester/channel.ts';
import type { TesterProcess } from './tester-host.ts';

export interface SimulationHostOptions {
  readonly start: () => TesterProcess;
  readonly onState: (state: SimulationState) => void;
}

/** What gives the next devices of a run: their keys are copied when they are handed on, and wiped then. */
export type MeterSource = (from: number) => Promise<{ readonly meters: readonly SimulatedMeter[]; readonly last: boolean }>;

/**
 * Runs a load test in a process of its own, which ends with it: thousands of connections disturb neither the tester nor
 * main, and whatever they took is given back.
 */
export class SimulationHost {
  readonly #options: SimulationHostOptions;
  #process: TesterProcess | null = null;
  #next = 1;
  readonly #pending = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  #state: SimulationState | null = null;

  constructor(options: SimulationHostOptions) {
    this.#options = options;
  }

  get running(): boolean {
    return this.#process !== null;
  }

  /** Begins; gives the first state, which may be the last one. Devices follow by themselves. */
  async start(order: SimulationOrder, source: MeterSource): Promise<SimulationState> {
    const process = this.#options.start();
    this.#process = process;
    this.#state = null;
    process.onMessage((message) => this.#take(message));
    process.onExit(() => this.#exited(process));
    const starting = this.#call('simulate', order);
    // it was copied when it was posted
    order.observer?.identity.key.fill(0);
    const state = await starting;
    if (state.phase !== 'ended') void this.#feed(source);
    return state;
  }

  /** Ends when all its connections are closed. */
  async stop(): Promise<void> {
    if (this.#process) await this.#call('stopSimulation', undefined).catch(() => undefined);
  }

  end(): void {
    this.#process?.end();
  }

  async #feed(source: MeterSource): Promise<void> {
    let given = 0;
    try {
      for (;;) {
        const { meters, last } = await source(given);
        given += meters.length;
        const adding = this.#call('addSimulated', { meters, last });
        for (const { identity } of meters) identity.key.fill(0);
        const { more } = await adding;
        if (last || !more) return;
      }
    } catch {
      // the vault was locked, or the process is gone, which is told by itself
      if (this.#process) await this.#call('endSimulated', undefined).catch(() => undefined);
    }
  }

  #call<N extends TesterCall>(call: N, input: TesterCalls[N]['input']): Promise<TesterCalls[N]['output']> {
    const process = this.#process;
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      if (!process) return reject(new Error('no simulation runs'));
      this.#pending.set(id, { resolve: resolve as (value: unknown) => void, reject });
      process.post({ kind: 'call', id, call, input });
    });
  }

  #take(message: FromTester): void {
    if (message.kind === 'answer') {
      const waiting = this.#pending.get(message.id);
      this.#pending.delete(message.id);
      if (message.ok) waiting?.resolve(message.value);
      else waiting?.reject(new Error(message.reason));
    } else if (message.kind === 'simulation') {
      this.#state = message.state;
      this.#options.onState(message.state);
      if (message.state.phase === 'ended') this.#done();
    }
  }

  /** The answer to who asked it to stop is on its way behind the last state. */
  #done(): void {
    const process = this.#process;
    this.#process = null;
    setTimeout(() => process?.end(), 200);
  }

  #exited(process: TesterProcess): void {
    for (const { reject } of this.#pending.values()) reject(new Error('the process of the simulation is gone'));
    this.#pending.clear();
    if (this.#process !== process) return;
    this.#process = null;
    const state = this.#state;
    if (state && state.phase !== 'ended')
      this.#options.onState({
        ...state,
        phase: 'ended',
        end: 'process',
        endedAt: Date.now(),
        connected: 0,
        connecting: 0,
        rate: 0,
      });
  }
}
