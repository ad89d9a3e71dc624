import { type ReactNode, use } from 'react';
import { I18nContext } from 'react-i18next';
import { hasAllWords, loadAllWords } from './i18n.ts';

/** Shows what it holds once the words of all pages are there; suspends until then. */
export function AllWords({ children }: { readonly children: ReactNode }) {
  // not useTranslation: what that gives is another object for each language
  const i18n = use(I18nContext)?.i18n;
  if (i18n && !hasAllWords(i18n)) use(loadAllWords(i18n));
  return children;
}
