import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { createFormat, type Format, localeFor } from './format.ts';

const FormatContext = createContext<Format | null>(null);

/** Hands out Intl formats in the language of the interface; building them is slow, so they are built once. */
export function FormatProvider({ systemLanguage, children }: { readonly systemLanguage: string; readonly children: ReactNode }) {
  const { i18n } = useTranslation();
  const format = useMemo(() => createFormat(localeFor(i18n.language, systemLanguage)), [i18n.language, systemLanguage]);
  return <FormatContext value={format}>{children}</FormatContext>;
}

export function useFormat(): Format {
  const format = useContext(FormatContext);
  if (!format) throw new Error('useFormat needs a FormatProvider');
  return format;
}
