import type { Found } from './find-worker.ts';
import type { FindThread } from './finder.ts';

/** A thread of the page that searches. */
export function startFinding(): FindThread {
  const worker = new Worker(new URL('./find-worker.ts', import.meta.url), { type: 'module' });
  return {
    post: (message) => worker.postMessage(message),
    onFound: (listener) => worker.addEventListener('message', ({ data }: MessageEvent<Found>) => listener(data)),
    end: () => worker.terminate(),
  };
}
