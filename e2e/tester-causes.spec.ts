import type { ElectronApplication } from '@playwright/test';
import type { ConnectionReport } from '../electron/tester/channel.ts';
import { compared, type DoctorCase, orderOf, startDoctorCases } from '../electron/tester/testing/doctor-cases.ts';
import { patienceOfCases } from '../electron/tester/testing/failure-cases.ts';
import type { DoctorReport } from '../shared/model/doctor.ts';
import { expect, root, test } from './fixtures/app.ts';

/**
 * The cases of electron/tester/failure-cases.test.ts in the real utility process of the real Electron: its TLS is
 * BoringSSL, whose codes and texts are others. Then the doctor looks at each row of the table, on the same brokers.
 */
test('every connection that cannot come about is explained, in Electron too, and the doctor names the cause', async ({
  start,
  scratch,
}) => {
  const { failures, cases, close } = await startDoctorCases(scratch);
  const { app } = await start();
  try {
    await startTester(app);
    const found: Record<string, unknown> = {};
    const expected: Record<string, unknown> = {};
    for (const [index, { name, host, port, identity, expected: cause, alert, protocolVersion, tls }] of failures.entries()) {
      const state = await connect(app, { connectionId: `case-number-${index}`, host, port, identity });
      found[name] = [state.failure?.cause ?? state.phase, state.failure?.alert ?? null, state.protocolVersion];
      expected[name] = [cause, alert ?? null, protocolVersion ?? null];
      if (state.failure) await test.info().attach(name, { body: JSON.stringify(state.failure) });
      if (state.tls) expect(state.tls).toMatchObject({ protocol: tls ?? 'TLSv1.3', cipher: expect.stringMatching(/^TLS_/) });
    }
    expect(found).toEqual(expected);

    const verdicts: Record<string, unknown> = {};
    const causes: Record<string, unknown> = {};
    for (const [index, one] of cases.entries()) {
      const both = compared(one, await diagnose(app, one, `doctor-case-${index}`), true);
      verdicts[one.name] = both.found;
      causes[one.name] = both.expected;
    }
    expect(verdicts).toEqual(causes);
  } finally {
    await close();
  }
});

interface Order {
  readonly connectionId: string;
  readonly host: string;
  readonly port: number;
  readonly identity: { readonly id: string; readonly certificateChain: string; readonly key: string; readonly ca: string };
}

type Waiting = { resolve: (value: never) => void; reject: (error: Error) => void };
type WithTester = typeof globalThis & {
  askTester?: (order: Order) => Promise<ConnectionReport>;
  askDoctor?: (order: string) => Promise<DoctorReport>;
};

/** Forks the built tester beside the app's own one: it takes identities that no vault has. */
async function startTester(app: ElectronApplication): Promise<void> {
  await app.evaluate(
    ({ utilityProcess }, { entry, limit }) => {
      const child = utilityProcess.fork(entry, [`--connect-limit=${limit}`]);
      const waiting = new Map<number, Waiting>();
      let next = 1;
      child.on('message', (message) => {
        if (message.kind !== 'answer') return;
        if (message.ok) waiting.get(message.id)?.resolve(message.value as never);
        else waiting.get(message.id)?.reject(new Error(message.reason));
      });
      child.on('exit', (code) => {
        for (const { reject } of waiting.values()) reject(new Error(`the tester ended with ${code}`));
      });
      (globalThis as WithTester).askTester = (order) =>
        new Promise((resolve, reject) => {
          const id = next++;
          waiting.set(id, { resolve: resolve as (value: never) => void, reject });
          const key = new TextEncoder().encode(order.identity.key);
          const input = { ...order, identity: { ...order.identity, key }, reconnects: false };
          child.postMessage({ kind: 'call', id, call: 'connect', input });
        });
      (globalThis as WithTester).askDoctor = (order) =>
        new Promise((resolve, reject) => {
          const id = next++;
          waiting.set(id, { resolve: resolve as (value: never) => void, reject });
          // bytes crossed from the test as lists of numbers
          const input = JSON.parse(order, (_name, value) => (Array.isArray(value?.bytes) ? new Uint8Array(value.bytes) : value));
          child.postMessage({ kind: 'call', id, call: 'diagnose', input });
        });
    },
    { entry: `${root}/out/main/tester-worker.js`, limit: patienceOfCases },
  );
}

function connect(app: ElectronApplication, order: Order): Promise<ConnectionReport> {
  return app.evaluate((_electron, input) => {
    const ask = (globalThis as WithTester).askTester;
    if (!ask) throw new Error('the tester was not started');
    return ask(input);
  }, order);
}

function diagnose(app: ElectronApplication, one: DoctorCase, runId: string): Promise<DoctorReport> {
  const order = JSON.stringify(orderOf(one, runId), (_name, value) =>
    value instanceof Uint8Array ? { bytes: [...value] } : value,
  );
  return app.evaluate((_electron, input) => {
    const ask = (globalThis as WithTester).askDoctor;
    if (!ask) throw new Error('the tester was not started');
    return ask(input);
  }, order);
}
