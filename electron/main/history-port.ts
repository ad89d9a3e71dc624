import { Worker } from 'node:worker_threads';
import type { FromHistory } from '../tester/history/calls.ts';
import type { HistoryPort } from '../tester/history/history.ts';

/** Starts the thread that has the files of recordings: a slow medium keeps no connection waiting. */
export function startHistoryThread(): HistoryPort {
  const worker = new Worker(new URL('./history-worker.js', import.meta.url));
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    onMessage: (listener) => void worker.on('message', (message: FromHistory) => listener(message)),
    onExit: (listener) => {
      worker.on('error', (error) => listener(error.message));
      worker.on('exit', (code) => listener(`the thread of the recordings ended with ${code}`));
    },
  };
}
