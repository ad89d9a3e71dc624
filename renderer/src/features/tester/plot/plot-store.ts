import type { TestMessage } from '../../../../../shared/model/connection.ts';
import { leafAt, type NumberPath, nameOfPath, numberOf } from '../../../ui/payload/number-path.ts';
import type { AliasNames } from '../../../ui/payload/sparkplug-births.ts';
import type { Reading } from '../../../ui/payload/value.ts';
import { read, type Structured } from '../../../ui/payload/views.ts';
import { Points } from './series.ts';

/** Lines in one drawing: more cannot be told apart. */
export const mostSeries = 8;
/** Milliseconds that reading values may take at a time, and reading what is kept when a line is added. */
const patience = 5;
/** Messages, and bytes of payload, whose values wait to be read; what comes beyond is counted as skipped. */
const mostWaiting = 20_000;
const mostBytes = 16_000_000;
const backfillPatience = 60;

/** A number of a topic: which format its payloads have, and where in it the number stands. */
export interface Field {
  readonly topic: string;
  readonly view: Structured;
  readonly path: NumberPath;
}

export interface Series extends Field {
  readonly id: string;
  /** 0 to 7: its colour, dash and letter. */
  readonly style: number;
  readonly points: Points;
  /** Messages of the topic in which the number was not there. */
  without: number;
}

/** What a legend calls it; the value of a Sparkplug metric is the metric. */
export function nameOfField({ view, path }: Pick<Field, 'view' | 'path'>): string {
  const metric = view === 'sparkplug' && path[0] === 'metrics' && path.at(-1) === 'value';
  return nameOfPath(metric ? path.slice(1, -1) : path);
}

/** The lines of one connection's drawing. Fed with every message, it looks only at those of its topics. */
export class PlotStore {
  #series: readonly Series[] = [];
  #topics = new Map<string, Series[]>();
  #skipped = 0;
  #version = 0;
  #waiting: TestMessage[] = [];
  #bytes = 0;
  #scheduled = false;
  readonly #names: (topic: string) => AliasNames | undefined;
  readonly #now: () => number;
  readonly #later: (work: () => void) => void;

  constructor(
    names: (topic: string) => AliasNames | undefined = () => undefined,
    now: () => number = () => performance.now(),
    later: (work: () => void) => void = (work) => void setTimeout(work, 16),
  ) {
    this.#names = names;
    this.#now = now;
    this.#later = later;
  }

  get series(): readonly Series[] {
    return this.#series;
  }
  /** Messages that came faster than their values could be read. */
  get skipped(): number {
    return this.#skipped;
  }
  /** Changes with every point. */
  get version(): number {
    return this.#version;
  }

  has(field: Field): boolean {
    return this.#series.some(({ id }) => id === idOf(field));
  }

  /** Draws one more number, from what is kept of its topic on; false when there is no room for it. */
  add(field: Field, kept: readonly TestMessage[]): boolean {
    const id = idOf(field);
    if (this.has(field)) return true;
    if (this.#series.length >= mostSeries) return false;
    const styles = new Set(this.#series.map(({ style }) => style));
    const style = Array.from({ length: mostSeries }, (_, at) => at).find((at) => !styles.has(at)) ?? 0;
    const series: Series = { ...field, id, style, points: new Points(), without: 0 };
    this.#change([...this.#series, series]);
    const until = this.#now() + backfillPatience;
    const found: [number, number][] = [];
    // the newest first: when there is no time for all, the oldest are left out
    for (let at = kept.length - 1; at >= 0 && this.#now() < until; at--) {
      const message = kept[at] as TestMessage;
      if (message.topic !== field.topic || message.direction !== 'in') continue;
      const value = numberIn(this.#read(message, field.view), field.path);
      if (value !== null) found.push([message.at, value]);
      else series.without += 1;
    }
    for (const [time, value] of found.reverse()) series.points.push(time, value);
    return true;
  }

  remove(id: string): void {
    this.#change(this.#series.filter((each) => each.id !== id));
  }

  take(messages: readonly TestMessage[]): void {
    if (this.#topics.size === 0) return;
    for (const message of messages) {
      if (message.direction !== 'in' || !this.#topics.has(message.topic)) continue;
      if (this.#waiting.length >= mostWaiting || this.#bytes + message.payload.byteLength > mostBytes) this.#skipped += 1;
      else {
        this.#waiting.push(message);
        this.#bytes += message.payload.byteLength;
      }
    }
    if (!this.#scheduled) this.#work();
  }

  /** Reads for a few milliseconds; what is left then waits until the page had its turn. */
  #work(): void {
    this.#scheduled = false;
    const until = this.#now() + patience;
    let read = 0;
    while (read < this.#waiting.length && (read === 0 || this.#now() < until)) this.#note(this.#waiting[read++] as TestMessage);
    this.#waiting = this.#waiting.slice(read);
    if (this.#waiting.length === 0) return;
    this.#scheduled = true;
    this.#later(() => this.#work());
  }

  #note(message: TestMessage): void {
    this.#bytes -= message.payload.byteLength;
    this.#version += 1;
    const readings = new Map<Structured, Reading | null>();
    for (const series of this.#topics.get(message.topic) ?? []) {
      if (!readings.has(series.view)) readings.set(series.view, this.#read(message, series.view));
      const value = numberIn(readings.get(series.view) ?? null, series.path);
      if (value === null) series.without += 1;
      else series.points.push(message.at, value);
    }
  }

  clear(): void {
    for (const { points } of this.#series) points.clear();
    this.#waiting = [];
    this.#bytes = 0;
    this.#skipped = 0;
    this.#version += 1;
  }

  #read({ topic, payload }: TestMessage, view: Structured): Reading | null {
    return read(view, payload, view === 'sparkplug' ? this.#names(topic) : undefined);
  }

  #change(series: readonly Series[]): void {
    this.#series = series;
    this.#topics = Map.groupBy(series, ({ topic }) => topic);
    this.#version += 1;
  }
}

function idOf({ topic, view, path }: Field): string {
  return JSON.stringify([topic, view, path]);
}

function numberIn(reading: Reading | null, path: NumberPath): number | null {
  const leaf = reading && leafAt(reading.value, path);
  return leaf ? numberOf(leaf) : null;
}
