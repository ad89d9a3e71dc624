import { useSyncExternalStore } from 'react';

const minute = 60_000;

let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, minute);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The time in ms, the same for a whole render, renewed every minute: "in 23 days" must not stay over night. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => {
    // nobody has counted while no page was showing times
    if (timer === undefined && Date.now() - now > minute) now = Date.now();
    return now;
  });
}
