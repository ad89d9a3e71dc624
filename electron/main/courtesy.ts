import { setImmediate, setTimeout } from 'node:timers/promises';

export interface CourtesyOptions {
  /** ms after the last question in which the next one is likely: somebody is typing. 250 unless told. */
  readonly likely?: number;
  /** ms that are given away in all: acts wait for what is courteous. 10,000 unless told. */
  readonly budget?: number;
}

/**
 * Lets work that nobody waits for stand back while somebody asks: a thread that has a processor of its own still takes the other
 * threads' caches and, with two processors, their turn.
 */
export class Courtesy {
  readonly #likely: number;
  #budget: number;
  #last = Number.NEGATIVE_INFINITY;

  constructor({ likely = 250, budget = 10_000 }: CourtesyOptions = {}) {
    this.#likely = likely;
    this.#budget = budget;
  }

  /** Somebody asked for something just now. */
  asked(): void {
    this.#last = performance.now();
  }

  /** Gives control back, and waits while somebody asks, until the budget is used up. */
  readonly rest = async (): Promise<void> => {
    await setImmediate();
    for (;;) {
      const left = Math.min(this.#last + this.#likely - performance.now(), this.#budget);
      if (left <= 0) return;
      this.#budget -= left;
      await setTimeout(left);
    }
  };
}
