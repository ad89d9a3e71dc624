import type { SimulationSample } from '../../../shared/model/simulation.ts';

/** Figures over time: one a second at first; when there are many, every second one goes and the steps double. */
export class Samples {
  #kept: SimulationSample[] = [];
  #step = 1_000;
  readonly #most: number;

  constructor(most = 600) {
    this.#most = most;
  }

  /** Takes a sample if its time has come. */
  add(sample: SimulationSample): void {
    const last = this.#kept.at(-1);
    if (last && sample.at < last.at + this.#step - 100) return;
    this.#kept.push(sample);
    if (this.#kept.length < this.#most) return;
    this.#kept = this.#kept.filter((_, index) => index % 2 === 0);
    this.#step *= 2;
  }

  get list(): SimulationSample[] {
    return [...this.#kept];
  }
}
