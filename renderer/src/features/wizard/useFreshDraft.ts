import { useMemo } from 'react';
import { useLoadedSession } from '../../bridge/session.ts';
import { countryOf, type Draft, emptyDraft } from './draft.ts';

/** What a new draft begins with on this computer. */
export function useFreshDraft(): Draft {
  const { settings, systemLanguage } = useLoadedSession();
  return useMemo(() => emptyDraft(countryOf(systemLanguage), settings.defaults), [systemLanguage, settings.defaults]);
}
