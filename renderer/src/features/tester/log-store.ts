import type { EventPayload } from '../../../../shared/contract.ts';
import { unpackMessages } from '../../../../shared/model/packed-messages.ts';
import { SparkplugBirths } from '../../ui/payload/sparkplug-births.ts';
import { keepBudget } from './budget.ts';
import { Finder } from './find/finder.ts';
import { startFinding } from './find/start-finding.ts';
import { MessageLog } from './message-log.ts';
import { PlotStore } from './plot/plot-store.ts';
import { TopicTree } from './topics/topic-tree.ts';
import { TreeRows } from './topics/tree-rows.ts';
import { ViewChoices } from './view-choices.ts';

/**
 * A message log outside React's state. Thousands of messages a second only change the log; whoever shows it is told at
 * most once per frame (and not at all while the window is hidden), through useSyncExternalStore.
 */
export class LogStore {
  readonly log: MessageLog;
  readonly views = new ViewChoices();
  /** What was received since it was cleared, by topic: also what left the list long ago. */
  readonly tree = new TopicTree();
  readonly rows = new TreeRows(this.tree);
  readonly births = new SparkplugBirths();
  readonly plot = new PlotStore((topic) => this.births.of(topic));
  readonly finder: Finder;
  readonly #schedule: (tell: () => void) => void;
  readonly #listeners = new Set<() => void>();
  #scheduled = false;
  #version = 0;
  /** Counters of the connections before the present one: the tester counts from each connect. */
  #earlier = { received: 0, dropped: 0 };
  #present = { received: 0, dropped: 0 };

  constructor(
    schedule: (tell: () => void) => void = (tell) => void requestAnimationFrame(tell),
    log = new MessageLog(keepBudget()),
  ) {
    this.#schedule = schedule;
    this.log = log;
    this.finder = new Finder(log, { start: startFinding, changed: () => this.#tell() });
  }

  get received(): number {
    return this.#earlier.received + this.#present.received;
  }
  /** Messages that never reached the window. Those that a full list let go in favour of newer ones were there. */
  get dropped(): number {
    return this.#earlier.dropped + this.#present.dropped;
  }

  add(batch: EventPayload<'tester.messages'>): void {
    this.#present = { received: batch.received, dropped: batch.dropped };
    const messages = unpackMessages(batch.packed);
    this.tree.add(messages);
    for (const { topic, payload, direction } of messages) if (direction === 'in') this.births.note(topic, payload);
    this.plot.take(messages);
    this.change((log) => log.add(messages));
  }

  /** A new connection begins to count from zero. */
  nextConnection(): void {
    this.#earlier = { received: this.received, dropped: this.dropped };
    this.#present = { received: 0, dropped: 0 };
  }

  /** Begins anew: list, topics and lines; what is drawn stays chosen. */
  clear(): void {
    this.tree.clear();
    this.rows.forget();
    this.births.clear();
    this.plot.clear();
    this.change((log) => log.clear());
  }

  change(work: (log: MessageLog) => void): void {
    work(this.log);
    this.finder.advance();
    this.#tell();
  }

  #tell(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#schedule(() => {
      this.#scheduled = false;
      this.#version += 1;
      for (const listener of this.#listeners) listener();
    });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly version = (): number => this.#version;
}
