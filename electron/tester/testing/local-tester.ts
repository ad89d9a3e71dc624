import type { CheckResult } from '../../../shared/model/check.ts';
import type { TestMessage } from '../../../shared/model/connection.ts';
import type { DoctorProgress } from '../../../shared/model/doctor.ts';
import { unpackMessages } from '../../../shared/model/packed-messages.ts';
import type { RecordingState } from '../../../shared/model/recording.ts';
import type { SimulationState } from '../../../shared/model/simulation.ts';
import type { TimedState } from '../../../shared/model/timed.ts';
import type { Channel, ConnectionReport, FromTester, MessageBatch, TesterCall, TesterCalls, ToTester } from '../channel.ts';
import type { HistoryCall, HistoryCalls } from '../history/calls.ts';
import { localHistory } from '../history/testing/local-history.ts';
import { serveTester } from '../serve.ts';
import type { Timing } from '../timing.ts';

export interface LocalTester {
  call<N extends TesterCall>(call: N, input: TesterCalls[N]['input']): Promise<TesterCalls[N]['output']>;
  readonly states: ConnectionReport[];
  /** Of timed runs. */
  readonly timed: TimedState[];
  readonly simulations: SimulationState[];
  /** Of proofs. */
  readonly progress: [done: number, total: number][];
  /** Of the doctor. */
  readonly steps: DoctorProgress[];
  /** Of checks, of all runs. */
  readonly checked: CheckResult[];
  /** What was told of recordings. */
  readonly recordings: RecordingState[];
  /** As `call`, of the recordings. @throws ErrorReport */
  history<N extends HistoryCall>(call: N, input: HistoryCalls[N]['input']): Promise<HistoryCalls[N]['output']>;
  readonly batches: (MessageBatch & { at: number })[];
  /** The messages of one connection so far. */
  messages(connectionId: string): TestMessage[];
  phases(connectionId: string): string[];
  /** While false, batches are left lying, as by a window that hangs. */
  takes: boolean;
  closeAll(): Promise<void>;
}

/** The tester behind a channel in this very thread; everything is cloned on the way, as between processes. */
export function localTester(timing: Partial<Timing> = {}): LocalTester {
  let toTester: (message: ToTester) => void = () => undefined;
  let next = 1;
  const pending = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  const states: ConnectionReport[] = [];
  const timed: TimedState[] = [];
  const simulations: SimulationState[] = [];
  const progress: [done: number, total: number][] = [];
  const steps: DoctorProgress[] = [];
  const checked: CheckResult[] = [];
  const recordings: RecordingState[] = [];
  const batches: (MessageBatch & { at: number })[] = [];
  const take = (message: FromTester) => {
    if (message.kind === 'answer') {
      const waiting = pending.get(message.id);
      pending.delete(message.id);
      if (message.ok) waiting?.resolve(message.value as never);
      else waiting?.reject(new Error(message.reason));
    } else if (message.kind === 'proving') progress.push([message.done, message.total]);
    else if (message.kind === 'diagnosing') steps.push(message.progress);
    else if (message.kind === 'checked') checked.push(message.result);
    else if (message.kind === 'state') states.push(message.state);
    else if (message.kind === 'recording') recordings.push(message.state);
    else if (message.kind === 'timed') timed.push(message.state);
    else if (message.kind === 'simulation') simulations.push(message.state);
    else if (message.kind === 'messages') {
      batches.push({ ...message.batch, at: performance.now() });
      if (tester.takes) toTester({ kind: 'messagesTaken', connectionId: message.batch.connectionId });
    }
  };
  const channel: Channel = {
    send: (message) => {
      const copy = structuredClone(message);
      queueMicrotask(() => take(copy));
    },
    onMessage: (listener) => {
      toTester = listener;
    },
  };
  serveTester(channel, timing, localHistory);
  const tester: LocalTester = {
    call: (call, input) =>
      new Promise((resolve, reject) => {
        const id = next++;
        pending.set(id, { resolve: resolve as (value: never) => void, reject });
        toTester({ kind: 'call', id, call, input: structuredClone(input) });
      }),
    history: async (call, input) => {
      const answer = await tester.call('history', { call, input });
      if (!answer.ok) throw answer.error;
      return answer.value as never;
    },
    recordings,
    states,
    timed,
    simulations,
    progress,
    steps,
    checked,
    batches,
    takes: true,
    messages: (id) => batches.filter((b) => b.connectionId === id).flatMap((b) => unpackMessages(b.packed)),
    phases: (id) => states.filter((s) => s.connectionId === id).map((s) => s.phase),
    async closeAll() {
      for (const connectionId of new Set(states.map((s) => s.connectionId))) await tester.call('disconnect', { connectionId });
    },
  };
  return tester;
}
