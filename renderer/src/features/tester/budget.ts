import { useSyncExternalStore } from 'react';

/** How many messages of one connection the window keeps, and how many bytes they may weigh. */
export interface KeepBudget {
  readonly messages: number;
  readonly bytes: number;
}

export const defaultBudget: KeepBudget = { messages: 20_000, bytes: 64_000_000 };

/** What can be chosen. */
export const messageChoices = [1_000, 5_000, 20_000, 50_000, 200_000] as const;
export const byteChoices = [16_000_000, 64_000_000, 128_000_000, 256_000_000] as const;

/**
 * What is kept while a list stands still, besides what it shows: twice as much, so that who reads misses nothing for a while. In
 * bytes never more than the largest choice.
 */
export function whilePaused({ messages, bytes }: KeepBudget): KeepBudget {
  return { messages: messages * 2, bytes: Math.max(bytes, Math.min(bytes * 2, byteChoices[byteChoices.length - 1] as number)) };
}

const storageKey = 'tester.keep';
const listeners = new Set<() => void>();
let chosen: KeepBudget | undefined;

/** What this computer keeps of each connection. A place that forgets, or a damaged note, gives the usual. */
export function keepBudget(): KeepBudget {
  chosen ??= read();
  return chosen;
}

function read(): KeepBudget {
  try {
    const { messages, bytes } = JSON.parse(localStorage.getItem(storageKey) ?? '{}') as Partial<KeepBudget>;
    return {
      messages: messageChoices.find((each) => each === messages) ?? defaultBudget.messages,
      bytes: byteChoices.find((each) => each === bytes) ?? defaultBudget.bytes,
    };
  } catch {
    return defaultBudget;
  }
}

export function changeBudget(change: Partial<KeepBudget>): KeepBudget {
  chosen = { ...keepBudget(), ...change };
  try {
    localStorage.setItem(storageKey, JSON.stringify(chosen));
  } catch {
    // then it holds until the program ends
  }
  for (const each of listeners) each();
  return chosen;
}

export function useKeepBudget(): KeepBudget {
  return useSyncExternalStore((changed) => {
    listeners.add(changed);
    return () => listeners.delete(changed);
  }, keepBudget);
}
