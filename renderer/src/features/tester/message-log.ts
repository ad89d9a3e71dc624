import type { TestMessage } from '../../../../shared/model/connection.ts';
import type { PublishProperties } from '../../../../shared/model/publish-properties.ts';
import { topicMatcher } from '../../../../shared/rules/topic-search.ts';
import { defaultBudget, type KeepBudget, whilePaused } from './budget.ts';
import { Ring } from './ring.ts';

/** Rough cost of a message besides its topic and payload: the object and its place in two lists. */
const overhead = 150;

/** Bytes that a message counts for in the budget. Topics are counted each time, although messages may share one. */
export function weightOf({ topic, payload, properties }: TestMessage): number {
  return payload.byteLength + topic.length * 2 + overhead + (properties ? weightOfProperties(properties) : 0);
}

function weightOfProperties(properties: PublishProperties): number {
  const { contentType = '', responseTopic = '', correlationData, userProperties = [], subscriptionIdentifiers = [] } = properties;
  let weight = 100 + (contentType.length + responseTopic.length) * 2 + (correlationData?.byteLength ?? 0);
  for (const [name, value] of userProperties) weight += (name.length + value.length) * 2 + 100;
  return weight + subscriptionIdentifiers.length * 8;
}

/** What is shown while the list stands still. */
interface Frozen {
  readonly all: readonly TestMessage[];
  passed: readonly TestMessage[];
  first: number;
  /** Of the kept messages, those that came before: they leave first. */
  seen: number;
  /** The filter was changed meanwhile: places have other numbers when the list goes on. */
  renumbered: boolean;
}

/**
 * The messages of one connection as a list shows them: bounded, filtered by topic, and able to stand still while new
 * ones go on arriving behind. Knows nothing of React or of time.
 */
export class MessageLog {
  readonly #kept: Ring<TestMessage>;
  /** What the filter lets through; the oldest leave together with those in `#kept`. */
  readonly #passed: Ring<TestMessage>;
  #frozen: Frozen | null = null;
  #matches: (topic: string) => boolean = () => true;
  #filter = '';
  #branch: string | null = null;
  #evicted = 0;
  #fresh = 0;
  #gone = 0;
  #unseen = 0;
  #generation = 0;

  #budget: KeepBudget;
  /** The budget; more while the list stands still, and until new ones have taken the place of what that let grow. */
  #limit: KeepBudget;
  #bytes = 0;

  constructor(budget: KeepBudget = defaultBudget) {
    this.#budget = budget;
    this.#limit = budget;
    const { messages } = whilePaused(budget);
    this.#kept = new Ring(messages);
    this.#passed = new Ring(messages);
  }

  /** Length of the list as it is shown. */
  get length(): number {
    return this.#frozen ? this.#frozen.passed.length : this.#passed.length;
  }
  /** Messages that are kept, shown by the filter or not, and what they weigh. */
  get kept(): { readonly messages: number; readonly bytes: number } {
    return { messages: this.#kept.length, bytes: this.#bytes };
  }
  get budget(): KeepBudget {
    return this.#budget;
  }
  get paused(): boolean {
    return this.#frozen !== null;
  }
  get filter(): string {
    return this.#filter;
  }
  /** The topic with all below it that is shown alone; null = all. */
  get branch(): string | null {
    return this.#branch;
  }
  /** Messages that left the list because it was full. */
  get evicted(): number {
    return this.#evicted;
  }
  /** Those of them that came and left while the list stood still, the last time that it did: nobody saw them. */
  get unseen(): number {
    return this.#unseen;
  }
  /** Messages that arrived since the list stands still, whether the filter shows them or not. */
  get fresh(): number {
    return this.#fresh;
  }
  /**
   * The number of the first message shown. Numbers rise by one along the list and stay with their message for as long as
   * `generation` is the same, also when older ones leave.
   */
  get first(): number {
    return this.#frozen ? this.#frozen.first : this.#gone;
  }
  get generation(): number {
    return this.#generation;
  }

  at(index: number): TestMessage | undefined {
    return this.#frozen ? this.#frozen.passed[index] : this.#passed.at(index);
  }

  /** The message before this one on the same topic and in the same direction, whatever the filter says; null when none is left. */
  previousOf(message: TestMessage): TestMessage | null {
    const all = this.all();
    for (let at = all.lastIndexOf(message) - 1; at >= 0; at--) {
      const each = all[at];
      if (each?.topic === message.topic && each.direction === message.direction) return each;
    }
    return null;
  }

  /** The newest message that arrived on a topic, whatever is shown; null when none is kept. */
  newestOf(topic: string): TestMessage | null {
    for (let at = this.#kept.length - 1; at >= 0; at--) {
      const each = this.#kept.at(at);
      if (each?.topic === topic && each.direction === 'in') return each;
    }
    return null;
  }

  /** Every message that the list has to do with, the oldest first. */
  all(): readonly TestMessage[] {
    return this.#frozen?.all ?? this.#kept.toArray();
  }

  add(messages: readonly TestMessage[]): void {
    for (const message of messages) {
      const weight = weightOf(message);
      if (!this.#frozen) this.#narrow(weight);
      const gone = this.#kept.push(message);
      if (gone) this.#left(gone);
      this.#bytes += weight;
      if (this.#matches(message.topic)) this.#passed.push(message);
      this.#shrink();
    }
    if (this.#frozen) this.#fresh += messages.length;
  }

  /** Takes effect at once: what is over a smaller budget leaves. */
  setBudget(budget: KeepBudget): void {
    this.#budget = budget;
    const most = whilePaused(budget);
    this.#limit = this.#frozen ? most : budget;
    this.#shrink();
    this.#kept.capacity = most.messages;
    this.#passed.capacity = most.messages;
  }

  /** What a pause let grow goes as it grew: for each that comes one more leaves, and nothing at once before it could be read. */
  #narrow(weight: number): void {
    const { messages, bytes } = this.#limit;
    if (messages === this.#budget.messages && bytes === this.#budget.bytes) return;
    this.#limit = {
      messages: Math.max(this.#budget.messages, messages - 1),
      bytes: Math.max(this.#budget.bytes, bytes - weight),
    };
  }

  /** The newest is kept whatever it weighs. */
  #shrink(): void {
    const { messages, bytes } = this.#limit;
    while ((this.#kept.length > messages || this.#bytes > bytes) && this.#kept.length > 1)
      this.#left(this.#kept.shift() as TestMessage);
  }

  #left(message: TestMessage): void {
    this.#evicted += 1;
    this.#bytes -= weightOf(message);
    if (this.#frozen && this.#frozen.seen > 0) this.#frozen.seen -= 1;
    else if (this.#frozen) this.#unseen += 1;
    if (this.#passed.at(0) !== message) return;
    this.#passed.shift();
    this.#gone += 1;
  }

  setFilter(text: string): void {
    this.#filter = text;
    this.#sift();
  }

  /** Shows a topic with all below it alone, or everything again. */
  setBranch(branch: string | null): void {
    this.#branch = branch;
    this.#sift();
  }

  #sift(): void {
    const text = topicMatcher(this.#filter);
    const branch = this.#branch;
    this.#matches = branch === null ? text : (topic) => (topic === branch || topic.startsWith(`${branch}/`)) && text(topic);
    this.#passed.clear();
    this.#gone = 0;
    this.#generation += 1;
    for (const message of this.#kept.toArray()) if (this.#matches(message.topic)) this.#passed.push(message);
    if (!this.#frozen) return;
    this.#frozen.passed = this.#frozen.all.filter((message) => this.#matches(message.topic));
    this.#frozen.first = 0;
    this.#frozen.renumbered = true;
  }

  pause(): void {
    if (this.#frozen) return;
    this.#unseen = 0;
    this.#limit = whilePaused(this.#budget);
    this.#frozen = {
      all: this.#kept.toArray(),
      passed: this.#passed.toArray(),
      first: this.#gone,
      seen: this.#kept.length,
      renumbered: false,
    };
  }

  resume(): void {
    if (this.#frozen?.renumbered) this.#generation += 1;
    if (this.#frozen) {
      const { messages, bytes } = this.#budget;
      this.#limit = { messages: Math.max(messages, this.#kept.length), bytes: Math.max(bytes, this.#bytes) };
    }
    this.#frozen = null;
    this.#fresh = 0;
  }

  /** It was read that some left unseen. */
  forgetUnseen(): void {
    this.#unseen = 0;
  }

  clear(): void {
    this.#kept.clear();
    this.#passed.clear();
    this.#bytes = 0;
    this.#evicted = 0;
    this.#unseen = 0;
    this.#gone = 0;
    this.#generation += 1;
    this.resume();
  }
}
