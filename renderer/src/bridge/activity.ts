import { call } from './client.ts';

/** The auto-lock clock counts minutes, so a report every few seconds is exact enough. */
export const activityInterval = 5_000;

/** Wraps `report` so that it runs at once and then at most every `interval` ms. `now` gives milliseconds. */
export function throttled(report: () => void, interval: number, now: () => number): () => void {
  let last = Number.NEGATIVE_INFINITY;
  return () => {
    const time = now();
    if (time - last < interval) return;
    last = time;
    report();
  };
}

/** Tells main that somebody is at work. Gives the function that ends it. */
export function reportActivity(): () => void {
  const report = throttled(
    // a lost report only means that the vault locks a little earlier
    () => void call('activity').catch(() => {}),
    activityInterval,
    () => performance.now(),
  );
  const kinds = ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const;
  for (const kind of kinds) window.addEventListener(kind, report, { passive: true, capture: true });
  return () => {
    for (const kind of kinds) window.removeEventListener(kind, report, { capture: true });
  };
}
