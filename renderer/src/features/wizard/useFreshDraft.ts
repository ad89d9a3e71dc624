import { useMemo } from 'react';
import { learntInPractice, usePractice } from '../../bridge/practice.ts';
import { useLoadedSession } from '../../bridge/session.ts';
import { countryOf, type Draft, emptyDraft } from './draft.ts';

/** What a new draft begins with on this computer. */
export function useFreshDraft(): Draft {
  const { settings, systemLanguage } = useLoadedSession();
  const practice = usePractice();
  return useMemo(
    // what was tried out in practice: topics, roles, and how devices are called
    () => ({ ...emptyDraft(countryOf(systemLanguage), settings.defaults), ...(practice ? {} : learntInPractice()) }),
    [systemLanguage, settings.defaults, practice],
  );
}
