import { expect, it } from 'vitest';
import type { SimulationState } from '../../shared/model/simulation.ts';
import type { FromTester, SimulatedMeter, SimulationOrder, ToTester } from '../tester/channel.ts';
import { SimulationHost } from './simulation-host.ts';
import type { TesterProcess } from './tester-host.ts';

const state = (change: Partial<SimulationState> = {}): SimulationState => ({
  runId: 'a-simulation',
  phase: 'ramp',
  end: null,
  startedAt: 0,
  endedAt: null,
  planned: 3,
  keysEnded: false,
  connecting: 0,
  connected: 2,
  peak: 2,
  refused: 0,
  lost: 0,
  causes: [],
  sent: 0,
  acknowledged: 0,
  failed: 0,
  reasonCode: null,
  skipped: 0,
  rate: 0,
  roundTrip: null,
  samples: [],
  ...change,
});
const order: SimulationOrder = {
  runId: 'a-simulation',
  host: 'broker',
  port: 8883,
  planned: 3,
  interval: 1,
  ramp: 10,
  qos: 1,
  observer: null,
};
const meter = (id: string): SimulatedMeter => ({
  identity: { id, certificateChain: '', key: Uint8Array.of(1, 2, 3), ca: '' },
  topic: `t/${id}`,
  seed: 1,
});

/** A process that answers as the test says; what it is given is cloned, as on the way to a real one. */
function fakeProcess(answer: (call: string, input: unknown) => unknown) {
  const calls: { call: string; input: unknown }[] = [];
  let take: (message: FromTester) => void = () => undefined;
  let exit: (code: number) => void = () => undefined;
  const process: TesterProcess = {
    post: (message: ToTester) => {
      if (message.kind !== 'call') return;
      const input = structuredClone(message.input);
      calls.push({ call: message.call, input });
      queueMicrotask(() => take({ kind: 'answer', id: message.id, ok: true, value: answer(message.call, input) }));
    },
    onMessage: (listener) => {
      take = listener;
    },
    onExit: (listener) => {
      exit = listener;
    },
    end: () => exit(0),
  };
  return { process, calls, tell: (told: SimulationState) => take({ kind: 'simulation', state: told }), crash: () => exit(139) };
}

it('hands keys on a few at a time while they are wanted, and wipes its own copies', async () => {
  const fake = fakeProcess((call) => (call === 'simulate' ? state() : { more: true }));
  const host = new SimulationHost({ start: () => fake.process, onState: () => undefined });
  const given: SimulatedMeter[] = [];
  await host.start(order, async (from) => {
    const meters = [meter(`meter-${from + 1}`)];
    given.push(...meters);
    return { meters, last: from === 2 };
  });
  await expect.poll(() => fake.calls.length).toBe(4);
  const keys = fake.calls.slice(1).map(({ input }) => (input as { meters: SimulatedMeter[] }).meters[0]?.identity.key);
  // those that were sent are whole, those that stay are empty
  expect(keys).toEqual([1, 2, 3].map(() => Uint8Array.of(1, 2, 3)));
  expect(given.every(({ identity }) => identity.key.every((byte) => byte === 0))).toBe(true);
});

it('tells the process when the vault gives no more keys', async () => {
  const fake = fakeProcess((call) => (call === 'simulate' ? state() : { more: true }));
  const host = new SimulationHost({ start: () => fake.process, onState: () => undefined });
  await host.start(order, async (from) => {
    if (from > 0) throw new Error('VAULT_LOCKED');
    return { meters: [meter('meter-1')], last: false };
  });
  await expect.poll(() => fake.calls.map(({ call }) => call)).toEqual(['simulate', 'addSimulated', 'endSimulated']);
});

it('tells a crash as the end of the run, and can start another one afterwards', async () => {
  const fake = fakeProcess((call) => (call === 'simulate' ? state() : { more: false }));
  const told: SimulationState[] = [];
  const host = new SimulationHost({ start: () => fake.process, onState: (each) => told.push(each) });
  await host.start(order, async () => ({ meters: [], last: true }));
  fake.tell(state({ connected: 3 }));
  expect(host.running).toBe(true);
  fake.crash();
  expect(told.at(-1)).toMatchObject({ phase: 'ended', end: 'process', connected: 0 });
  expect(host.running).toBe(false);
  await host.stop();
  const again = fakeProcess((call) => (call === 'simulate' ? state({ phase: 'ended', end: 'observer' }) : { more: false }));
  const next = new SimulationHost({ start: () => again.process, onState: () => undefined });
  expect(await next.start(order, async () => ({ meters: [], last: true }))).toMatchObject({ end: 'observer' });
  expect(again.calls.map(({ call }) => call)).toEqual(['simulate']);
});
