import { useEffect, useRef, useState } from 'react';
import type { Recorded } from './useRecorded.ts';

/** ms between two steps, and messages that one may pass by. */
const tick = 50;
const stepMaximum = 5_000;

export interface Player {
  readonly playing: boolean;
  readonly play: () => void;
  readonly pause: () => void;
}

/** Walks through a list of messages as they came, or so many times faster, from the one that is chosen. */
export function usePlayer(
  recorded: Recorded,
  count: number,
  chosen: number | null,
  speed: number,
  onChoose: (index: number) => void,
): Player {
  const [playing, setPlaying] = useState(false);
  const state = useRef({ recorded, count, chosen, onChoose });
  state.current = { recorded, count, chosen, onChoose };
  useEffect(() => {
    if (!playing) return;
    /** From which message on time is counted; anew when a person chooses another one. */
    let base: { readonly index: number; readonly at: number; readonly since: number } | null = null;
    let shown: number | null = null;
    const timer = setInterval(() => {
      const { recorded: list, count: total, chosen: present, onChoose: choose } = state.current;
      const index = present ?? 0;
      const message = list.rowAt(index);
      if (message === undefined) return list.onRange(index, index);
      if (message === null) {
        // it has no time: the next one goes on
        base = null;
        return index + 1 < total ? choose(index + 1) : setPlaying(false);
      }
      if (base === null || present !== shown) {
        base = { index, at: message.at, since: performance.now() };
        shown = index;
        if (present === null) return choose(index);
      }
      const until = base.at + (performance.now() - base.since) * speed;
      let next = index;
      while (next + 1 < total && next - index < stepMaximum) {
        const following = list.rowAt(next + 1);
        if (following === undefined) {
          list.onRange(next + 1, next + 1);
          break;
        }
        if (following !== null && following.at > until) break;
        next++;
      }
      if (next + 1 >= total) setPlaying(false);
      if (next !== index) {
        shown = next;
        choose(next);
      }
    }, tick);
    return () => clearInterval(timer);
  }, [playing, speed]);
  return { playing, play: () => setPlaying(true), pause: () => setPlaying(false) };
}
