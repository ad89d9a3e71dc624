import type {
  FromPractice,
  PracticeActivity,
  PracticeCall,
  PracticeCalls,
  PracticeChannel,
  PracticeFailure,
  ToPractice,
} from '../channel.ts';
import { servePractice } from '../serve.ts';

export interface LocalPractice {
  call<N extends PracticeCall>(call: N, input: PracticeCalls[N]['input']): Promise<PracticeCalls[N]['output']>;
  readonly batches: PracticeActivity[];
  all<K extends 'opened' | 'closed' | 'refused' | 'denied' | 'meters'>(kind: K): PracticeActivity[K][number][];
}

/** What a call that failed rejects with. */
export class CallFailed extends Error {
  readonly failure: PracticeFailure;
  constructor(failure: PracticeFailure) {
    super(`${failure.reason} ${failure.detail}`);
    this.failure = failure;
  }
}

/** The practice broker behind a channel in this very thread; everything is cloned on the way, as between processes. */
export function localPractice(): LocalPractice {
  let toPractice: (message: ToPractice) => void = () => undefined;
  let next = 1;
  const pending = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  const batches: PracticeActivity[] = [];
  const take = (message: FromPractice) => {
    if (message.kind === 'activity') {
      batches.push(message.batch);
      toPractice({ kind: 'activityTaken' });
      return;
    }
    const waiting = pending.get(message.id);
    pending.delete(message.id);
    if (message.ok) waiting?.resolve(message.value as never);
    else waiting?.reject(new CallFailed(message.failure));
  };
  const channel: PracticeChannel = {
    send: (message) => {
      const copy = structuredClone(message);
      queueMicrotask(() => take(copy));
    },
    onMessage: (listener) => {
      toPractice = listener;
    },
  };
  servePractice(channel);
  return {
    call: (call, input) =>
      new Promise((resolve, reject) => {
        const id = next++;
        pending.set(id, { resolve: resolve as (value: never) => void, reject });
        toPractice({ kind: 'call', id, call, input: structuredClone(input) });
      }),
    batches,
    all: (kind) => batches.flatMap((batch) => batch[kind] as never[]),
  };
}
