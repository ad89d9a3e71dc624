const minute = 60;

/**
 * Counts how many there were at most within 60 seconds. Exact to the second, whatever threshold it is compared with later, and
 * never more than 60 pairs of numbers.
 */
export class Peak {
  /** Most within 60 seconds, and when the last of those was (ms). */
  most = 0;
  mostAt = Number.NaN;
  #sum = 0;
  /** Seconds and how many in each, the oldest first. */
  #seconds: number[] = [];
  #counts: number[] = [];

  /** `at` in ms; without a time nothing is counted. */
  add(at: number): void {
    if (Number.isNaN(at)) return;
    const second = Math.floor(at / 1_000);
    const last = this.#seconds.length - 1;
    // a clock that was set back begins anew
    if (last >= 0 && second < (this.#seconds[last] as number)) this.#clear();
    let old = 0;
    while (old < this.#seconds.length && (this.#seconds[old] as number) <= second - minute)
      this.#sum -= this.#counts[old++] as number;
    if (old > 0 && old === this.#seconds.length) {
      // in place: most come less than once a minute
      this.#seconds.length = 1;
      this.#counts.length = 1;
      this.#seconds[0] = second;
      this.#counts[0] = 0;
    } else if (old > 0) {
      this.#seconds.splice(0, old);
      this.#counts.splice(0, old);
    }
    const end = this.#seconds.length - 1;
    if (end >= 0 && this.#seconds[end] === second) this.#counts[end] = (this.#counts[end] as number) + 1;
    else {
      this.#seconds.push(second);
      this.#counts.push(1);
    }
    this.#sum++;
    if (this.#sum > this.most) {
      this.most = this.#sum;
      this.mostAt = at;
    }
  }

  #clear(): void {
    this.#seconds = [];
    this.#counts = [];
    this.#sum = 0;
  }
}
