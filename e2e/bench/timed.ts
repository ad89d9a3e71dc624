import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { FromTester, TesterCall, TesterCalls, ToTester } from '../../electron/tester/channel.ts';
import { serveTester } from '../../electron/tester/serve.ts';
import { openLab } from '../../electron/tester/testing/lab.ts';
import type { TimedState } from '../../shared/model/timed.ts';
import type { Figure } from './figure.ts';

/** Two hours at one a second. */
const messages = 7_200;

/**
 * Timed publishing of two hours at 1 s on the broker of an exported kit, and what it leaves in memory: the heap after a full
 * collection when a fifth was sent, and at the end. Made shorter by sending every 10 ms; `FIELDKEY_TIMED_MINUTES=120` takes
 * the two hours, any other number that many minutes at 1 s.
 */
export async function* timedBench(): AsyncGenerator<Figure> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const minutes = Number(process.env['FIELDKEY_TIMED_MINUTES'] ?? 0);
  const [interval, count] = minutes > 0 ? [1_000, Math.round(minutes * 60)] : [10, messages];
  const lab = await openLab();
  const tester = open();
  try {
    const place = { host: '127.0.0.1', port: lab.port, reconnects: false };
    const connect = (connectionId: string, who: string) =>
      tester.call('connect', { connectionId, ...place, identity: lab.identity(who) });
    await connect('the-observer', 'observer');
    await connect('the-meter', 'meter-001');
    await tester.call('subscribe', { connectionId: 'the-observer', filter: 'lab/energy/#', qos: 0 });
    const template = {
      topic: 'lab/energy/{{device}}',
      form: 'json',
      text: '{"time":"{{now}}","power":{{random 100 3000}},"n":{{counter}}}',
      variables: true,
      qos: 1,
      retain: false,
      properties: { contentType: 'application/json', userProperties: [['run', '{{uuid}}']] },
    } as const;
    const heap = () => {
      collect();
      return process.memoryUsage().heapUsed / 1e6;
    };
    const began = performance.now();
    await tester.call('startTimed', {
      connectionId: 'the-meter',
      template,
      device: 'meter-001',
      project: 'lab',
      interval,
      count,
    });
    await tester.until(({ sent }) => sent >= count / 5);
    const early = heap();
    await tester.until(({ ended }) => ended !== null);
    const took = performance.now() - began;
    await tester.until(({ sent, acknowledged, failed }) => acknowledged + failed === sent);
    const late = heap();
    const state = tester.state();
    yield { name: 'confirmed', value: state.acknowledged, unit: 'messages', reference: count, against: 'those that were due' };
    const due = ((count - 1) * interval) / 1_000;
    yield { name: 'first to last', value: took / 1_000, unit: 's', reference: due, against: 'without any drift' };
    yield { name: 'memory at the end', value: late, unit: 'MB', reference: early, against: 'after a fifth of them' };
  } finally {
    await tester.call('disconnect', { connectionId: 'the-meter' });
    await tester.call('disconnect', { connectionId: 'the-observer' });
    await lab.close();
  }
}

/** The tester in this process; its messages are taken and thrown away, as by a window that shows others. */
function open() {
  let toTester: (message: ToTester) => void = () => undefined;
  let next = 1;
  let last: TimedState | null = null;
  let looking: () => void = () => undefined;
  const pending = new Map<number, (value: never) => void>();
  const take = (message: FromTester) => {
    if (message.kind === 'answer') {
      pending.get(message.id)?.((message.ok ? message.value : undefined) as never);
      pending.delete(message.id);
    } else if (message.kind === 'messages') toTester({ kind: 'messagesTaken', connectionId: message.batch.connectionId });
    else if (message.kind === 'timed') {
      last = message.state;
      looking();
    }
  };
  serveTester({
    send: (message) => queueMicrotask(() => take(message)),
    onMessage: (listener) => {
      toTester = listener;
    },
  });
  return {
    state: () => last as TimedState,
    call: <N extends TesterCall>(call: N, input: TesterCalls[N]['input']) =>
      new Promise<TesterCalls[N]['output']>((resolve) => {
        const id = next++;
        pending.set(id, resolve as (value: never) => void);
        toTester({ kind: 'call', id, call, input });
      }),
    until: (when: (state: TimedState) => boolean) =>
      new Promise<void>((resolve) => {
        looking = () => {
          if (last && when(last)) resolve();
        };
        looking();
      }),
  };
}
