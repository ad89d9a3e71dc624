import { copied } from './stamp.ts';

export interface Notice {
  readonly text: string;
  count: number;
  first: number;
  last: number;
}

const most = 40;
const longest = 300;

/** Things that the broker said, each with how often and since when; the first few different ones. */
export class Notices {
  count = 0;
  first = Number.NaN;
  last = Number.NaN;
  readonly #notices = new Map<string, Notice>();
  /** Times, for those who ask which ones; the first few. */
  readonly times: number[] = [];

  add(text: string, at: number): void {
    this.count++;
    if (Number.isNaN(this.first)) this.first = at;
    this.last = at;
    if (this.times.length < 1_000) this.times.push(at);
    const cut = text.length > longest ? text.slice(0, longest) : text;
    const found = this.#notices.get(cut);
    if (found) {
      found.count++;
      found.last = at;
    } else if (this.#notices.size < most) {
      const own = copied(cut);
      this.#notices.set(own, { text: own, count: 1, first: at, last: at });
    }
  }

  list(): readonly Notice[] {
    return [...this.#notices.values()];
  }
}
