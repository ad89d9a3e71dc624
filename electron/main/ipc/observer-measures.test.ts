import { EventEmitter } from 'node:events';
import { afterEach, expect, it, vi } from 'vitest';
import { simulationBegins } from '../../../shared/model/simulation.ts';
import type { ToTester } from '../../tester/channel.ts';
import { createCheckHandlers } from './check-handlers.ts';
import { createDoctorHandlers } from './doctor-handlers.ts';
import { createProofHandlers } from './proof-handlers.ts';
import { createSimulationHandlers } from './simulation-handlers.ts';
import { createTesterHandlers } from './tester-handlers.ts';

/** A process that begins every load test, and says nothing about anything else. */
class Child extends EventEmitter {
  postMessage(message: ToTester): void {
    if (message.kind !== 'call') return;
    const state = simulationBegins('run', 1);
    const value = message.call === 'simulate' ? state : message.call === 'addSimulated' ? { more: false } : undefined;
    queueMicrotask(() => this.emit('message', { kind: 'answer', id: message.id, ok: true, value }));
  }
  kill(): void {
    this.emit('exit', 0);
  }
}
const children: Child[] = [];
vi.mock('electron', () => ({
  app: { once: () => undefined },
  utilityProcess: {
    fork: () => {
      const child = new Child();
      children.push(child);
      return child;
    },
  },
}));
afterEach(() => {
  children.length = 0;
});

const key = () => new Uint8Array([1, 2, 3]);
const opened: Uint8Array[] = [];
const host = {
  call: async (name: string) => {
    const identity = { id: 'observer', certificateChain: '', key: key(), ca: '' };
    opened.push(identity.key);
    // a connection comes no further than this: whether it is let so far is what is looked at
    if (name === 'identity.open') throw new Error('let in');
    if (name === 'connection.open')
      return { name: 'own', speaksAs: { kind: 'observer' }, host: 'BROKER', port: 1, reconnects: false, identity };
    return name === 'simulation.prepare' ? { members: [], observer: null } : [];
  },
};

it('nobody else connects as the observer while it measures a load test, and everybody may otherwise', async () => {
  const parts = { host: host as never, tell: () => undefined };
  let measures: ReturnType<typeof createSimulationHandlers>['measures'] = () => false;
  const tester = createTesterHandlers({ ...parts, unlocked: () => true, measures: (at) => measures(at) });
  const simulation = createSimulationHandlers({
    ...parts,
    bound: () => host as never,
    endObservers: tester.endObservers,
  });
  measures = simulation.measures;
  const connect = (identity: object, address = 'broker') =>
    tester['tester.connect']({
      connectionId: 'c',
      projectId: 1,
      identity,
      host: address,
      port: 8883,
    } as never) as Promise<unknown>;
  const refused = { code: 'OBSERVER_MEASURES' };
  const start = (observe: boolean) =>
    simulation['simulation.start']({
      ...{ projectId: 1, host: 'broker', port: 8883, runId: 'run', ramp: 1, qos: 0, interval: 5, search: '', limit: null },
      observe,
    } as never);

  await expect(connect({ kind: 'observer' })).rejects.toThrow('let in');
  await start(true);
  await expect(connect({ kind: 'observer' })).rejects.toMatchObject(refused);
  await expect(connect({ kind: 'own', ownId: 7 })).rejects.toMatchObject(refused);
  expect(opened.at(-1)?.every((byte) => byte === 0)).toBe(true);
  await expect(connect({ kind: 'observer' }, 'elsewhere')).rejects.toThrow('let in');
  await expect(connect({ kind: 'device', deviceId: 1, takeoverAccepted: true })).rejects.toThrow('let in');
  // it is over
  children.at(-1)?.kill();
  await expect(connect({ kind: 'observer' })).rejects.toThrow('let in');
  // and one that nobody measures is nobody's business
  await start(false);
  await expect(connect({ kind: 'observer' })).rejects.toThrow('let in');
});

it('nor do the doctor, a proof or checks, which take nothing out of the vault then; whoever brings files may be examined', async () => {
  const reached: string[] = [];
  const bound = () => ({ call: async (name: string) => Promise.reject(new Error(`let in: ${reached.push(name)}`)) }) as never;
  const parts = { bound, tester: {} as never, speakers: {} as never, measures: () => true, tell: () => undefined };
  const doctor = createDoctorHandlers({ ...parts, tester: { stopDiagnosis: async () => undefined } as never });
  const examine = (kind: string) => doctor['doctor.run']({ runId: 'r', projectId: 1, host: 'b', identity: { kind } } as never);
  const refused = { code: 'OBSERVER_MEASURES' };
  for (const kind of ['observer', 'device', 'own']) await expect(examine(kind)).rejects.toMatchObject(refused);
  await expect(createProofHandlers(parts)['proof.run']({ projectId: 1, host: 'b' } as never)).rejects.toMatchObject(refused);
  await expect(createCheckHandlers(parts)['check.run']({ projectId: 1, host: 'b' } as never)).rejects.toMatchObject(refused);
  expect(reached).toEqual([]);
  await expect(examine('files')).rejects.toThrow('let in');
});
