import type { LogTimeLine } from '../../../shared/model/broker-log.ts';

const cells = 4_096;

/** What is counted on the time line. */
export type Lane = 'connected' | 'refused' | 'denied';

/**
 * Counts by time in a fixed number of cells. They begin as seconds and become wider whenever the time between the first
 * and the last line does not fit any more, so a log of a minute and one of ten years take the same memory.
 */
export class TimeCells {
  #width = 1_000;
  /** Number of the first cell, counted from 1970 in widths. */
  #first = 0;
  #used = 0;
  readonly #counts: Readonly<Record<Lane, Uint32Array>> = {
    connected: new Uint32Array(cells),
    refused: new Uint32Array(cells),
    denied: new Uint32Array(cells),
  };

  /** `at` in ms; without a time nothing is counted. */
  add(lane: Lane, at: number): void {
    if (Number.isNaN(at)) return;
    let cell = Math.floor(at / this.#width);
    if (this.#used === 0) this.#first = cell;
    while (cell - this.#first >= cells || this.#last(cell) - cell >= cells) {
      this.#widen();
      cell = Math.floor(at / this.#width);
    }
    if (cell < this.#first) this.#shift(this.#first - cell);
    const index = cell - this.#first;
    if (index >= this.#used) this.#used = index + 1;
    const counts = this.#counts[lane];
    counts[index] = (counts[index] as number) + 1;
  }

  /** As at most `most` cells of equal, rounded width; null when nothing has a time. */
  merged(most: number): LogTimeLine | null {
    if (this.#used === 0) return null;
    const start = this.#first * this.#width;
    const end = (this.#first + this.#used) * this.#width;
    const width = shownWidth((end - start) / most, this.#width);
    const from = Math.floor(start / width) * width;
    const count = Math.ceil((end - from) / width);
    const lane = (name: Lane) => {
      const sums = new Array<number>(count).fill(0);
      for (let index = 0; index < this.#used; index++) {
        const into = Math.floor((start + index * this.#width - from) / width);
        sums[into] = (sums[into] ?? 0) + (this.#counts[name][index] as number);
      }
      return sums;
    };
    return { start: from, width, connected: lane('connected'), refused: lane('refused'), denied: lane('denied') };
  }

  #last(cell: number): number {
    return this.#used === 0 ? cell : this.#first + this.#used - 1;
  }

  #widen(): void {
    const by = nextWidth(this.#width) / this.#width;
    const odd = ((this.#first % by) + by) % by;
    for (const counts of Object.values(this.#counts)) {
      const before = counts.slice(0, this.#used);
      counts.fill(0);
      before.forEach((count, index) => {
        const into = Math.floor((index + odd) / by);
        counts[into] = (counts[into] as number) + count;
      });
    }
    this.#used = this.#used === 0 ? 0 : Math.floor((this.#used - 1 + odd) / by) + 1;
    this.#first = Math.floor(this.#first / by);
    this.#width *= by;
  }

  /** Makes room for earlier cells. */
  #shift(by: number): void {
    for (const counts of Object.values(this.#counts)) {
      counts.copyWithin(by, 0, this.#used);
      counts.fill(0, 0, by);
    }
    this.#used += by;
    this.#first -= by;
  }
}

const second = 1_000;
/** Widths of cells, in seconds: each a multiple of the one before. Beyond the last one they double. */
const widths = [1, 2, 10, 30, 60, 120, 600, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400];
/** Widths that people count in. */
const shown = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800,
];

function nextWidth(width: number): number {
  const next = widths.find((each) => each * second > width);
  return next === undefined ? width * 2 : next * second;
}

/** The smallest of the shown widths that is wide enough, and consists of whole cells. */
function shownWidth(wanted: number, cell: number): number {
  const fits = shown.map((each) => each * second).find((each) => each >= wanted && each % cell === 0);
  return fits ?? Math.max(1, Math.ceil(wanted / cell)) * cell;
}
