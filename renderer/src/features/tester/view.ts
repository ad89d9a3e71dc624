import { useEffect, useState } from 'react';

/** The ways to look at what one connection received. */
export const streamViews = ['list', 'topics', 'plot'] as const;
export type StreamView = (typeof streamViews)[number];

/** Renders again every so many milliseconds: numbers that change sixty times a second can be read by nobody. */
export function useTick(milliseconds: number): number {
  const [tick, setTick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTick((before) => before + 1), milliseconds);
    return () => clearInterval(timer);
  }, [milliseconds]);
  return tick;
}
