import { useSyncExternalStore } from 'react';

/** What the tour leads to. A step is done when it really happened, wherever the person did it. */
export const tourSteps = ['reading', 'certificate', 'command', 'replace', 'export'] as const;
export type TourStep = (typeof tourSteps)[number];

export interface Tour {
  readonly done: readonly TourStep[];
  /** False = put away; it goes on counting. */
  readonly open: boolean;
  /** The step whose place is marked on the page. */
  readonly pointing: { readonly step: TourStep } | null;
}

// for this window only: the next practice begins anew, a page that is loaded again goes on
const storageKey = 'fieldkey.tour';
const fresh: Tour = { done: [], open: true, pointing: null };
let tour = restored();
const listeners = new Set<() => void>();

function restored(): Tour {
  try {
    const stored = JSON.parse(sessionStorage.getItem(storageKey) ?? '{}') as { done?: unknown; open?: unknown };
    const done = Array.isArray(stored.done) ? tourSteps.filter((step) => (stored.done as unknown[]).includes(step)) : [];
    return { ...fresh, done, open: stored.open !== false };
  } catch {
    return fresh;
  }
}

function set(next: Partial<Tour>): void {
  tour = { ...tour, ...next };
  sessionStorage.setItem(storageKey, JSON.stringify({ done: tour.done, open: tour.open }));
  for (const each of listeners) each();
}

export function beginTour(): void {
  set(fresh);
}

/** It happened. Outside of practice nobody looks at it. */
export function tourDid(step: TourStep): void {
  if (tour.done.includes(step)) return;
  set({ done: [...tour.done, step], pointing: tour.pointing?.step === step ? null : tour.pointing });
}

export function pointAt(step: TourStep): void {
  set({ pointing: { step } });
}

export function showTour(open: boolean): void {
  set({ open, pointing: null });
}

export function useTour(): Tour {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => tour,
  );
}
