import type { PayloadView } from '../../ui/payload/views.ts';

interface Choice {
  /** Null: what the payload seems to be. */
  readonly view: PayloadView | null;
  readonly comparing: boolean;
}

const untouched: Choice = { view: null, comparing: false };
/** Topics of one connection whose choice is kept; the oldest choice goes first. */
const mostTopics = 1_000;

/** How a person wants the payloads of each topic shown. Lives with the connection's messages, and no longer. */
export class ViewChoices {
  readonly #chosen = new Map<string, Choice>();

  of(topic: string): Choice {
    return this.#chosen.get(topic) ?? untouched;
  }

  choose(topic: string, change: Partial<Choice>): void {
    const choice = { ...this.of(topic), ...change };
    this.#chosen.delete(topic);
    this.#chosen.set(topic, choice);
    const [oldest] = this.#chosen.keys();
    if (this.#chosen.size > mostTopics && oldest !== undefined) this.#chosen.delete(oldest);
  }
}
