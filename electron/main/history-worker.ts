import { parentPort } from 'node:worker_threads';
import type { ToHistory } from '../tester/history/calls.ts';
import { serveHistory } from '../tester/history/service.ts';

/** Entry of the thread, within the tester's process, that has the files of recordings. */
const port = parentPort;
if (!port) throw new Error('history-worker is started as a worker thread');

const take = serveHistory((message) => port.postMessage(message));
port.on('message', (message: ToHistory) => take(message));
