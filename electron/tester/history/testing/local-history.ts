import type { FromHistory } from '../calls.ts';
import type { HistoryPort } from '../history.ts';
import { serveHistory } from '../service.ts';

/** The files of recordings in this very thread; everything is cloned on the way, as between threads. */
export function localHistory(): HistoryPort {
  let listener: (message: FromHistory) => void = () => undefined;
  const take = serveHistory((message) => {
    const copy = structuredClone(message);
    queueMicrotask(() => listener(copy));
  });
  return {
    post: (message, transfer) => {
      const copy = structuredClone(message, { transfer });
      queueMicrotask(() => take(copy));
    },
    onMessage: (given) => {
      listener = given;
    },
    onExit: () => undefined,
  };
}
