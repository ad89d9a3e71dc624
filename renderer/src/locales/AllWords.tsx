import { type ReactNode, use } from 'react';
import { useTranslation } from 'react-i18next';
import { hasAllWords, loadAllWords } from './i18n.ts';

/** Shows what it holds once the words of all pages are there; suspends until then. */
export function AllWords({ children }: { readonly children: ReactNode }) {
  const { i18n } = useTranslation();
  if (!hasAllWords(i18n)) use(loadAllWords(i18n));
  return children;
}
