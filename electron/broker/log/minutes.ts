/** A minute with many new connections. */
export interface BusyMinute {
  /** Its beginning, ms. */
  readonly at: number;
  readonly count: number;
  /** The broker was started in it or shortly before: everybody comes back at once. */
  readonly afterStart: boolean;
}

const kept = 20;
const largest = 4_095;
/** Clients come back within this time of a start, ms. */
const returning = 300_000;

/** New connections by the minute: what is usual, and the busiest ones. */
export class Minutes {
  #minute = Number.NaN;
  #count = 0;
  #startedAt = Number.NaN;
  /** How many minutes had so many connections. Minutes without any do not count: a quiet night is not what is usual. */
  readonly #histogram = new Uint32Array(largest + 1);
  #busiest: BusyMinute[] = [];

  add(at: number): void {
    if (Number.isNaN(at)) return;
    const minute = Math.floor(at / 60_000);
    if (minute !== this.#minute) {
      this.#close();
      this.#minute = minute;
    }
    this.#count++;
  }

  started(at: number): void {
    this.#startedAt = at;
  }

  /** The median of the minutes in which anybody came. */
  usual(): number {
    const last = this.#count > 0 ? Math.min(this.#count, largest) : 0;
    const all = this.#histogram.reduce((sum, minutes) => sum + minutes, last > 0 ? 1 : 0);
    let seen = 0;
    for (let count = 1; count <= largest; count++) {
      seen += (this.#histogram[count] as number) + (count === last ? 1 : 0);
      if (seen * 2 >= all && seen > 0) return count;
    }
    return 0;
  }

  /** The busiest first. */
  busiest(): BusyMinute[] {
    const open = this.#current();
    return [...this.#busiest, ...(open ? [open] : [])].sort((a, b) => b.count - a.count || a.at - b.at).slice(0, kept);
  }

  #current(): BusyMinute | null {
    if (this.#count === 0) return null;
    const at = this.#minute * 60_000;
    const since = at + 60_000 - this.#startedAt;
    return { at, count: this.#count, afterStart: since >= 0 && since < returning + 60_000 };
  }

  #close(): void {
    const closed = this.#current();
    if (!closed) return;
    const cell = Math.min(this.#count, largest);
    this.#histogram[cell] = (this.#histogram[cell] as number) + 1;
    this.#count = 0;
    const least = this.#busiest[kept - 1];
    if (least && least.count >= closed.count) return;
    this.#busiest = [...this.#busiest, closed].sort((a, b) => b.count - a.count || a.at - b.at).slice(0, kept);
  }
}
