import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { errorReport } from './error-report.ts';
import { createVaultService } from './vault-service.ts';

/** A call to the vault's thread; its answer, and events in between, come as messages too. */
export interface VaultRequest {
  readonly id: number;
  readonly name: string;
  readonly input: unknown;
}

const port = parentPort;
if (!port) throw new Error('vault-worker is started as a worker thread');

/** Ids of cancelled jobs come here as well, and are taken from it in the middle of work; see VaultHost. */
const { cancelling } = workerData as { readonly cancelling: MessagePort };

function* cancelled(): Generator<string> {
  for (let taken = receiveMessageOnPort(cancelling); taken; taken = receiveMessageOnPort(cancelling)) yield String(taken.message);
}

const handlers = createVaultService({
  tell: (event, payload) => port.postMessage({ event, payload }),
  cancelled: () => [...cancelled()],
}) as unknown as Record<string, (input: unknown) => unknown>;

port.on('message', async ({ id, name, input }: VaultRequest) => {
  try {
    port.postMessage({ id, reply: { ok: true, value: await handlers[name]?.(input) } });
  } catch (error) {
    port.postMessage({
      id,
      reply: { ok: false, error: errorReport(error) },
      detail: error instanceof Error ? (error.stack ?? '') : '',
    });
  }
});
