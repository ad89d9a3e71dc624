/** Milliseconds over which a rate is taken: what is older counts for less and less. */
const window = 10_000;

/** Messages a second over about the last ten seconds. One number and two times, whatever arrives. Times in ms. */
export class Rate {
  #value = 0;
  #since = Number.NaN;
  #last = 0;

  add(at: number): void {
    if (Number.isNaN(this.#since)) this.#since = at;
    // messages of one batch often have the same time
    else if (at > this.#last) this.#value *= Math.exp((this.#last - at) / window);
    if (at > this.#last) this.#last = at;
    this.#value += 1;
  }

  /** Of the first seconds as many as there were: a rate must not seem to grow only because it is young. */
  at(now: number): number {
    if (Number.isNaN(this.#since)) return 0;
    const age = Math.max(1_000, now - this.#since);
    const fresh = this.#value * Math.exp(Math.min(0, this.#last - now) / window);
    return fresh / ((window / 1_000) * (1 - Math.exp(-age / window)));
  }
}
