import { useEffect, useState } from 'react';
import type { ErrorReport } from '../../../../shared/errors.ts';
import { isEverything, type RecordingQuery } from '../../../../shared/model/recording.ts';
import { call, reportOf } from '../../bridge/client.ts';

/** What is found of a recording so far; `searchId` null = nothing is looked for, all of it is shown. */
export interface Searched {
  readonly searchId: number | null;
  readonly found: number;
  readonly done: boolean;
  readonly looked: number;
  readonly total: number;
  readonly unreadable: number;
  readonly error: ErrorReport | null;
}

const all: Searched = { searchId: null, found: 0, done: true, looked: 0, total: 0, unreadable: 0, error: null };
/** ms after the last stroke. */
const patience = 120;

/**
 * Looks for what is typed. The first messages are shown as soon as they are found; the rest is looked through meanwhile, and no more
 * once something else is typed.
 */
export function useSearch(recordingId: string, query: RecordingQuery): Searched {
  const [searched, setSearched] = useState<Searched>(all);
  useEffect(() => {
    if (isEverything(query)) {
      setSearched(all);
      return;
    }
    let wanted = true;
    const look = async () => {
      for (let searchId: number | null = null, done = false; wanted && !done; ) {
        const progress: Awaited<ReturnType<typeof call<'recording.search'>>> = await call('recording.search', {
          recordingId,
          query,
          searchId,
        });
        ({ searchId, done } = progress);
        if (wanted) setSearched({ ...progress, error: null });
      }
    };
    const timer = setTimeout(() => look().catch((cause) => wanted && setSearched({ ...all, error: reportOf(cause) })), patience);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [recordingId, query]);
  return searched;
}
