import type { EventPayload } from '../../../../shared/contract.ts';
import { unpackMessages } from '../../../../shared/model/packed-messages.ts';
import { MessageLog } from './message-log.ts';
import { ViewChoices } from './view-choices.ts';

/**
 * A message log outside React's state. Thousands of messages a second only change the log; whoever shows it is told at
 * most once per frame (and not at all while the window is hidden), through useSyncExternalStore.
 */
export class LogStore {
  readonly log: MessageLog;
  readonly views = new ViewChoices();
  readonly #schedule: (tell: () => void) => void;
  readonly #listeners = new Set<() => void>();
  #scheduled = false;
  #version = 0;
  /** Counters of the connections before the present one: the tester counts from each connect. */
  #earlier = { received: 0, dropped: 0 };
  #present = { received: 0, dropped: 0 };

  constructor(schedule: (tell: () => void) => void = (tell) => void requestAnimationFrame(tell), log = new MessageLog()) {
    this.#schedule = schedule;
    this.log = log;
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
    this.change((log) => log.add(unpackMessages(batch.packed)));
  }

  /** A new connection begins to count from zero. */
  nextConnection(): void {
    this.#earlier = { received: this.received, dropped: this.dropped };
    this.#present = { received: 0, dropped: 0 };
  }

  change(work: (log: MessageLog) => void): void {
    work(this.log);
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
