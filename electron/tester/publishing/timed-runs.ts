import type { TimedState } from '../../../shared/model/timed.ts';
import type { FilledMessage } from '../../../shared/rules/publish-template.ts';
import { type TimedOrder, TimedRun } from './timed-run.ts';

/** The timed runs of the tester: at most one on each connection. */
export class TimedRuns {
  readonly #runs = new Map<string, TimedRun>();
  readonly #publish: (connectionId: string, message: FilledMessage) => Promise<number>;
  readonly #onState: (state: TimedState) => void;

  constructor(publish: (connectionId: string, message: FilledMessage) => Promise<number>, onState: (state: TimedState) => void) {
    this.#publish = publish;
    this.#onState = onState;
  }

  /** Starts one; one that runs on the same connection is stopped. */
  start(order: TimedOrder): TimedState {
    const { connectionId } = order;
    this.end(connectionId, 'stopped');
    const run = new TimedRun(order, {
      publish: (message) => this.#publish(connectionId, message),
      onState: (state) => {
        if (state.ended) this.#runs.delete(connectionId);
        this.#onState(state);
      },
    });
    // one message may have been all
    if (!run.state.ended) this.#runs.set(connectionId, run);
    return run.state;
  }

  end(connectionId: string, why: 'stopped' | 'connection'): void {
    this.#runs.get(connectionId)?.end(why);
  }
}
