import type { ElectronApplication } from '@playwright/test';
import type { ConnectionReport } from '../electron/tester/channel.ts';
import { patienceOfCases, startFailureCases } from '../electron/tester/testing/failure-cases.ts';
import { expect, root, test } from './fixtures/app.ts';

/**
 * The cases of electron/tester/failure-cases.test.ts in the real utility process of the real Electron: its TLS is
 * BoringSSL, whose codes and texts are others.
 */
test('every connection that cannot come about is explained, in Electron too', async ({ start, scratch }) => {
  test.setTimeout(120_000);
  const { cases, close } = await startFailureCases(scratch);
  const { app } = await start();
  try {
    await startTester(app);
    const found: Record<string, unknown> = {};
    const expected: Record<string, unknown> = {};
    for (const [index, { name, host, port, identity, expected: cause, alert, protocolVersion, tls }] of cases.entries()) {
      const state = await connect(app, { connectionId: `case-number-${index}`, host, port, identity });
      found[name] = [state.failure?.cause ?? state.phase, state.failure?.alert ?? null, state.protocolVersion];
      expected[name] = [cause, alert ?? null, protocolVersion ?? null];
      if (state.failure) await test.info().attach(name, { body: JSON.stringify(state.failure) });
      if (state.tls) expect(state.tls).toMatchObject({ protocol: tls ?? 'TLSv1.3', cipher: expect.stringMatching(/^TLS_/) });
    }
    expect(found).toEqual(expected);
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

type Waiting = { resolve: (state: ConnectionReport) => void; reject: (error: Error) => void };
type WithTester = typeof globalThis & { askTester?: (order: Order) => Promise<ConnectionReport> };

/** Forks the built tester beside the app's own one: it takes identities that no vault has. */
async function startTester(app: ElectronApplication): Promise<void> {
  await app.evaluate(
    ({ utilityProcess }, { entry, limit }) => {
      const child = utilityProcess.fork(entry, [`--connect-limit=${limit}`]);
      const waiting = new Map<number, Waiting>();
      let next = 1;
      child.on('message', (message) => {
        if (message.kind !== 'answer') return;
        if (message.ok) waiting.get(message.id)?.resolve(message.value);
        else waiting.get(message.id)?.reject(new Error(message.reason));
      });
      child.on('exit', (code) => {
        for (const { reject } of waiting.values()) reject(new Error(`the tester ended with ${code}`));
      });
      (globalThis as WithTester).askTester = (order) =>
        new Promise((resolve, reject) => {
          const id = next++;
          waiting.set(id, { resolve, reject });
          const key = new TextEncoder().encode(order.identity.key);
          const input = { ...order, identity: { ...order.identity, key }, reconnects: false };
          child.postMessage({ kind: 'call', id, call: 'connect', input });
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
