import { parentPort } from 'node:worker_threads';
import { errorReport } from './error-report.ts';
import { createLogReader } from './log-reader.ts';

/** A call to the log's thread; its answer, and events in between, come as messages too. */
export interface LogRequest {
  readonly id: number;
  readonly name: string;
  readonly input: unknown;
}

const port = parentPort;
if (!port) throw new Error('log-worker is started as a worker thread');

const handlers = createLogReader((event, payload) => port.postMessage({ event, payload })) as unknown as Record<
  string,
  (input: unknown) => unknown
>;

port.on('message', async ({ id, name, input }: LogRequest) => {
  try {
    port.postMessage({ id, reply: { ok: true, value: await handlers[name]?.(input) } });
  } catch (error) {
    port.postMessage({ id, reply: { ok: false, error: errorReport(error) } });
  }
});
