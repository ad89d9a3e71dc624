import { useState } from 'react';
import type { ErrorReport } from '../../../shared/errors.ts';
import { reportOf } from './client.ts';

export interface Action<A extends readonly unknown[]> {
  /** Gives true when it worked; the error is in `error` otherwise. */
  readonly run: (...args: A) => Promise<boolean>;
  readonly pending: boolean;
  readonly error: ErrorReport | null;
  readonly clear: () => void;
}

/**
 * Something a person starts with a button. Deliberately not TanStack's useMutation, which keeps the variables of
 * past mutations in its cache: one of them would be the passphrase.
 */
export function useAction<A extends readonly unknown[]>(work: (...args: A) => Promise<unknown>): Action<A> {
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<ErrorReport | null>(null);
  return {
    pending,
    error,
    clear: () => setError(null),
    run: async (...args) => {
      setPending(true);
      setError(null);
      try {
        await work(...args);
        return true;
      } catch (cause) {
        setError(reportOf(cause));
        return false;
      } finally {
        setPending(false);
      }
    },
  };
}
