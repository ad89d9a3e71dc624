import type { RoundTrip } from '../../../shared/model/simulation.ts';

/** ms after which a message that the observer has not seen counts as missing. */
const patience = 30_000;
/** Each step of the histogram is 2 % wider than the one before: fine enough for any figure that is read. */
const growth = Math.log(1.02);
const steps = 700;

/**
 * Times from publishing to the arrival at the observer. Memory does not grow with the messages: what is under way is kept
 * for half a minute, and of the times only how many fell into each step.
 */
export class RoundTrips {
  readonly #underway = new Map<string, { readonly at: number; acknowledged: boolean }>();
  readonly #histogram = new Uint32Array(steps);
  #received = 0;
  #missing = 0;
  #maximum = 0;

  /** `now` in ms, rising steadily; so below. */
  sent(topic: string, payload: string, now: number): void {
    this.#underway.set(`${topic} ${payload}`, { at: now, acknowledged: false });
  }

  /** The broker has it: from now on it should arrive. */
  acknowledged(topic: string, payload: string): void {
    const entry = this.#underway.get(`${topic} ${payload}`);
    if (entry) entry.acknowledged = true;
  }

  /** Whatever the observer receives; messages of real devices are none of ours. */
  received(topic: string, payload: string, now: number): void {
    const key = `${topic} ${payload}`;
    const entry = this.#underway.get(key);
    if (!entry) return;
    this.#underway.delete(key);
    const took = now - entry.at;
    this.#received++;
    this.#maximum = Math.max(this.#maximum, took);
    const step = Math.min(steps - 1, Math.floor(Math.log(Math.max(took, 0.1) * 10) / growth));
    this.#histogram[step] = (this.#histogram[step] ?? 0) + 1;
  }

  /** Forgets what waited too long. */
  expire(now: number): void {
    for (const [key, { at, acknowledged }] of this.#underway) {
      if (now - at < patience) return;
      this.#underway.delete(key);
      if (acknowledged) this.#missing++;
    }
  }

  get figures(): RoundTrip {
    return {
      received: this.#received,
      missing: this.#missing,
      median: this.#quantile(0.5),
      p95: this.#quantile(0.95),
      maximum: this.#received === 0 ? null : this.#maximum,
    };
  }

  #quantile(share: number): number | null {
    if (this.#received === 0) return null;
    const wanted = Math.ceil(this.#received * share);
    let counted = 0;
    for (let step = 0; step < steps; step++) {
      counted += this.#histogram[step] ?? 0;
      // the middle of the step, and never more than was measured
      if (counted >= wanted) return Math.min(this.#maximum, Math.exp((step + 0.5) * growth) / 10);
    }
    return this.#maximum;
  }
}
