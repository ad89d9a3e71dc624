import { randomUUID } from 'node:crypto';
import type { PublishTemplate } from '../../../shared/model/publish-template.ts';
import type { TimedEnd, TimedState } from '../../../shared/model/timed.ts';
import { type FilledMessage, fillTemplate } from '../../../shared/rules/publish-template.ts';

/** What of time a run uses; tests hand in their own. */
export interface Clock {
  /** ms, rising steadily, from any beginning. */
  readonly now: () => number;
  /** ms since 1970 UTC. */
  readonly date: () => number;
  /** Calls back after some ms; gives what takes it back. */
  readonly after: (ms: number, call: () => void) => () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  date: () => Date.now(),
  after: (ms, call) => {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};

export interface TimedOrder {
  readonly connectionId: string;
  readonly template: PublishTemplate;
  /** What `{{device}}` and `{{project}}` stand for. */
  readonly device: string | null;
  readonly project: string;
  /** ms between two messages. */
  readonly interval: number;
  /** Null = until stopped. */
  readonly count: number | null;
}

export interface TimedOptions {
  /** Publishes; gives the reason code, or fails when the connection is gone. */
  readonly publish: (message: FilledMessage) => Promise<number>;
  readonly onState: (state: TimedState) => void;
  readonly clock?: Clock;
  /** ms between two reports; 250 unless told. */
  readonly report?: number;
  /** How many messages may wait for the broker's word; 100 unless told. */
  readonly waiting?: number;
}

/** ms that a message may be late: a busy computer makes up for it, one that slept does not. */
const grace = 2_000;

const utf8 = (text: string) => new Uint8Array(Buffer.from(text));

/**
 * One message again and again. The n-th is due n intervals after the first, however late those before it were, so that
 * nothing drifts; what should have gone out while the computer slept is counted as skipped.
 */
export class TimedRun {
  readonly #order: TimedOrder;
  readonly #options: TimedOptions;
  readonly #clock: Clock;
  readonly #start: number;
  #index = 0;
  /** Messages whose turn has come, sent or not. */
  #due = 0;
  #outstanding = 0;
  #next: (() => void) | null = null;
  #report: (() => void) | null = null;
  #state: TimedState;

  /** Sends the first message at once. */
  constructor(order: TimedOrder, options: TimedOptions) {
    this.#order = order;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#start = this.#clock.now();
    this.#state = {
      connectionId: order.connectionId,
      topic: order.template.topic,
      interval: order.interval,
      count: order.count,
      startedAt: this.#clock.date(),
      ended: null,
      sent: 0,
      acknowledged: 0,
      failed: 0,
      skipped: 0,
      reasonCode: null,
    };
    options.onState(this.#state);
    this.#turn();
  }

  get state(): TimedState {
    return this.#state;
  }

  /** Nothing more is sent. What is on its way is still counted. */
  end(why: TimedEnd): void {
    if (this.#state.ended) return;
    this.#next?.();
    this.#note({ ended: why });
    this.#tell();
  }

  #turn(): void {
    this.#next = null;
    const { interval, count } = this.#order;
    // timers may fire a little early; a turn that is nearly due is due
    const passed = Math.floor((this.#clock.now() - this.#start + Math.min(5, interval / 4)) / interval) + 1;
    const due = count === null ? passed : Math.min(passed, count);
    // the newest that is due goes out in any case
    const newest = Math.max(this.#due, due - 1);
    const first = Math.min(newest, Math.max(this.#due, Math.ceil((this.#clock.now() - this.#start - grace) / interval)));
    if (first > this.#due) this.#note({ skipped: this.#state.skipped + first - this.#due });
    this.#due = due;
    for (let turn = first; turn < due && !this.#state.ended; turn++) this.#send();
    if (this.#state.ended) return;
    if (count !== null && this.#due >= count) {
      this.end('done');
      return;
    }
    const wait = this.#start + this.#due * interval - this.#clock.now();
    this.#next = this.#clock.after(Math.max(0, wait), () => this.#turn());
  }

  #send(): void {
    const { template, device, project } = this.#order;
    const { waiting = 100, publish } = this.#options;
    if (this.#outstanding >= waiting) {
      this.#note({ skipped: this.#state.skipped + 1 });
      return;
    }
    const { message } = fillTemplate(
      template,
      { device, project, now: this.#clock.date(), index: this.#index, random: Math.random, uuid: randomUUID },
      utf8,
    );
    if (!message) {
      this.end('message');
      return;
    }
    this.#index++;
    this.#outstanding++;
    this.#note({ sent: this.#state.sent + 1 });
    publish(message).then(
      (reasonCode) => {
        this.#outstanding--;
        if (reasonCode >= 128) this.#note({ failed: this.#state.failed + 1, reasonCode });
        else if (message.qos > 0) this.#note({ acknowledged: this.#state.acknowledged + 1 });
      },
      () => {
        this.#outstanding--;
        this.#note({ failed: this.#state.failed + 1 });
      },
    );
  }

  /** Told at once at the end, and otherwise at most once in a while. */
  #note(change: Partial<TimedState>): void {
    this.#state = { ...this.#state, ...change };
    this.#report ??= this.#clock.after(this.#options.report ?? 250, () => this.#tell());
  }

  #tell(): void {
    this.#report?.();
    this.#report = null;
    this.#options.onState(this.#state);
  }
}
