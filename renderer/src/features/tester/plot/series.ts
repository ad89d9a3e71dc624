/** Points of one series that are kept; the oldest leave. */
export const mostPoints = 20_000;

/** Values over time, bounded. Times never fall: a clock that is set back repeats the last one. */
export class Points {
  readonly #times: Float64Array;
  readonly #values: Float64Array;
  readonly #capacity: number;
  #first = 0;
  #length = 0;
  #gone = 0;

  constructor(capacity = mostPoints) {
    this.#capacity = capacity;
    this.#times = new Float64Array(capacity);
    this.#values = new Float64Array(capacity);
  }

  get length(): number {
    return this.#length;
  }
  /** Points that left, because there was no more room. */
  get gone(): number {
    return this.#gone;
  }

  push(time: number, value: number): void {
    const at = (this.#first + this.#length) % this.#capacity;
    this.#times[at] = this.#length > 0 ? Math.max(time, this.time(this.#length - 1)) : time;
    this.#values[at] = value;
    if (this.#length < this.#capacity) this.#length += 1;
    else {
      this.#first = (this.#first + 1) % this.#capacity;
      this.#gone += 1;
    }
  }

  time(index: number): number {
    return this.#times[(this.#first + index) % this.#capacity] as number;
  }
  value(index: number): number {
    return this.#values[(this.#first + index) % this.#capacity] as number;
  }

  /** The first point that is not before `time`; `length` when there is none. */
  from(time: number): number {
    let [low, high] = [0, this.#length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.time(middle) < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  clear(): void {
    this.#first = 0;
    this.#length = 0;
    this.#gone = 0;
  }
}

/**
 * The points between two times, and one beyond each end so that the line goes on. Where there are more than two for each
 * of `columns`, the lowest and the highest of each column stay: no peak is lost, however far one zooms out.
 */
export function thin(points: Points, begin: number, end: number, columns: number): [time: number, value: number][] {
  const first = Math.max(0, points.from(begin) - 1);
  const last = Math.min(points.length, points.from(end) + 1);
  const thinned: [number, number][] = [];
  if (last - first <= columns * 2) {
    for (let at = first; at < last; at++) thinned.push([points.time(at), points.value(at)]);
    return thinned;
  }
  const perColumn = (last - first) / columns;
  for (let column = 0; column < columns; column++) {
    const [from, to] = [first + Math.floor(column * perColumn), first + Math.floor((column + 1) * perColumn)];
    let [low, high] = [from, from];
    for (let at = from + 1; at < to; at++) {
      if (points.value(at) < points.value(low)) low = at;
      if (points.value(at) > points.value(high)) high = at;
    }
    for (const at of low === high ? [low] : low < high ? [low, high] : [high, low])
      thinned.push([points.time(at), points.value(at)]);
  }
  return thinned;
}

/** Several lines over one row of times, as the drawing needs them: null where a line has no point at that time. */
export function aligned(lines: readonly (readonly (readonly [number, number])[])[]): [number[], ...(number | null)[][]] {
  const times: number[] = [];
  const columns: (number | null)[][] = lines.map(() => []);
  const next = lines.map(() => 0);
  for (;;) {
    let time = Number.POSITIVE_INFINITY;
    lines.forEach((line, at) => {
      time = Math.min(time, line[next[at] as number]?.[0] ?? Number.POSITIVE_INFINITY);
    });
    if (time === Number.POSITIVE_INFINITY) return [times, ...columns];
    times.push(time);
    lines.forEach((line, at) => {
      const point = line[next[at] as number];
      const here = point !== undefined && point[0] === time;
      (columns[at] as (number | null)[]).push(here ? point[1] : null);
      if (here) next[at] = (next[at] as number) + 1;
    });
  }
}
