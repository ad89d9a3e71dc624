import type { TestMessage } from '../../../shared/model/connection.ts';
import { unpackMessages } from '../../../shared/model/packed-messages.ts';
import type {
  DeniedPublish,
  FromPractice,
  LiveConnection,
  MeterState,
  PracticeCall,
  PracticeCalls,
  PracticeChannel,
  RefusedConnection,
  ToPractice,
} from '../../broker/practice/channel.ts';
import type { Channel, ConnectionReport, FromTester, TesterCall, TesterCalls, ToTester } from '../../tester/channel.ts';

/** Wakes whoever waits for something to have happened. */
export class Happenings {
  readonly #waiting = new Set<() => void>();

  happened(): void {
    for (const look of [...this.#waiting]) look();
  }

  /**
   * Looks whenever something has happened, until `look` gives something, and gives that; undefined when `patience` (ms)
   * has run out. @throws what `signal` was aborted with
   */
  until<T>(look: () => T | undefined, patience: number, signal: AbortSignal): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      const end = () => {
        clearTimeout(timer);
        this.#waiting.delete(again);
        signal.removeEventListener('abort', aborted);
      };
      const give = (value: T | undefined) => {
        end();
        resolve(value);
      };
      const aborted = () => {
        end();
        reject(signal.reason);
      };
      const again = () => {
        const found = look();
        if (found !== undefined) give(found);
      };
      const timer = setTimeout(() => give(look()), patience);
      this.#waiting.add(again);
      signal.addEventListener('abort', aborted, { once: true });
      if (signal.aborted) aborted();
      else again();
    });
  }
}

/** The calls that wait for their answer, by number. */
class Pending {
  #next = 1;
  readonly #calls = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();

  call<T>(send: (id: number) => void): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const id = this.#next++;
      this.#calls.set(id, { resolve: resolve as (value: never) => void, reject });
      send(id);
    });
  }

  answered(id: number, answer: { ok: true; value: unknown } | { ok: false; reason: string }): void {
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    if (answer.ok) call?.resolve(answer.value as never);
    else call?.reject(new Error(answer.reason));
  }
}

/** Two ends of a channel in this thread. Everything is cloned and comes later, as between processes. */
function channel<To, From>(take: (message: From) => void) {
  let listen: (message: To) => void = () => undefined;
  return {
    far: {
      send: (message: From) => {
        const copy = structuredClone(message);
        queueMicrotask(() => take(copy));
      },
      onMessage: (listener: (message: To) => void) => {
        listen = listener;
      },
    },
    post: (message: To) => {
      const copy = structuredClone(message);
      queueMicrotask(() => listen(copy));
    },
  };
}

/** The practice broker with its meters, and everything that it has told. */
export class PracticeHost {
  readonly opened: LiveConnection[] = [];
  readonly refused: RefusedConnection[] = [];
  readonly denied: DeniedPublish[] = [];
  readonly meters = new Map<string, MeterState>();
  readonly #pending = new Pending();
  readonly #post: (message: ToPractice) => void;

  constructor(serve: (channel: PracticeChannel) => void, happenings: Happenings) {
    const { far, post } = channel<ToPractice, FromPractice>((message) => {
      if (message.kind === 'answer') {
        const { id } = message;
        if (message.ok) this.#pending.answered(id, message);
        else this.#pending.answered(id, { ok: false, reason: `${message.failure.reason} ${message.failure.detail}` });
        return;
      }
      const { opened, refused, denied, meters } = message.batch;
      this.opened.push(...opened);
      this.refused.push(...refused);
      this.denied.push(...denied);
      for (const meter of meters) this.meters.set(meter.id, meter);
      this.#post({ kind: 'activityTaken' });
      happenings.happened();
    });
    this.#post = post;
    serve(far);
  }

  /** @throws an error with the broker's reason */
  call<N extends PracticeCall>(call: N, input: PracticeCalls[N]['input']): Promise<PracticeCalls[N]['output']> {
    return this.#pending.call((id) => this.#post({ kind: 'call', id, call, input }));
  }
}

/** The tester, and everything that its connections have received. */
export class TesterHost {
  readonly states = new Map<string, ConnectionReport>();
  /** Messages that were dropped because nobody took them in time. */
  dropped = 0;
  readonly #messages = new Map<string, TestMessage[]>();
  readonly #pending = new Pending();
  readonly #post: (message: ToTester) => void;

  constructor(serve: (channel: Channel) => void, happenings: Happenings) {
    const { far, post } = channel<ToTester, FromTester>((message) => {
      if (message.kind === 'answer') return this.#pending.answered(message.id, message);
      if (message.kind === 'state') this.states.set(message.state.connectionId, message.state);
      else if (message.kind === 'messages') {
        const { connectionId, packed, dropped } = message.batch;
        this.dropped = Math.max(this.dropped, dropped);
        this.#messages.set(connectionId, [...this.received(connectionId), ...unpackMessages(packed)]);
        this.#post({ kind: 'messagesTaken', connectionId });
      }
      happenings.happened();
    });
    this.#post = post;
    serve(far);
  }

  /** @throws an error with the tester's reason */
  call<N extends TesterCall>(call: N, input: TesterCalls[N]['input']): Promise<TesterCalls[N]['output']> {
    return this.#pending.call((id) => this.#post({ kind: 'call', id, call, input }));
  }

  /** What a connection sent and received so far, in its order. */
  received(connectionId: string): readonly TestMessage[] {
    return this.#messages.get(connectionId) ?? [];
  }
}
