import { MantineProvider } from '@mantine/core';
import { useColorScheme, useMediaQuery } from '@mantine/hooks';
import { QueryClientProvider } from '@tanstack/react-query';
import type { i18n } from 'i18next';
import { useEffect, useLayoutEffect, useState } from 'react';
import { I18nextProvider, useTranslation } from 'react-i18next';
import { type Language, resolveLanguage } from '../../../shared/model/settings.ts';
import { reportOf } from '../bridge/client.ts';
import { queryClient } from '../bridge/queries.ts';
import { useSession } from '../bridge/session.ts';
import { FormatProvider } from '../locales/FormatContext.tsx';
import { createTranslator, switchLanguage } from '../locales/i18n.ts';
import { ErrorBoundary } from '../ui/ErrorBoundary.tsx';
import { ErrorPanel } from '../ui/ErrorPanel.tsx';
import css from './Gate.module.css';
import { Gate } from './Gate.tsx';
import { highContrastResolver, theme, variablesResolver } from './theme.ts';

interface Props {
  readonly getNonce: () => string;
  /** The words, where the language was known before the first render. */
  readonly translator: i18n | null;
}

/** Everything around the pages: queries, colours, language. */
export function App({ getNonce, translator }: Props) {
  return (
    <QueryClientProvider client={queryClient}>
      <Frame getNonce={getNonce} translator={translator} />
    </QueryClientProvider>
  );
}

function Frame({ getNonce, translator: first }: Props) {
  const session = useSession();
  const system = useColorScheme('light', { getInitialValueInEffect: false });
  const wantsMore = useMediaQuery('(prefers-contrast: more)', false, { getInitialValueInEffect: false });
  const high = session.data?.settings.contrast === 'high' || wantsMore;
  useLayoutEffect(() => {
    document.documentElement.toggleAttribute('data-high-contrast', high);
  }, [high]);
  const chosen = session.data?.settings.theme ?? 'system';
  const systemLanguage = session.data?.systemLanguage ?? navigator.language;
  // without an answer of main there are still words for the error
  const language = resolveLanguage(session.data?.settings.language ?? 'system', systemLanguage);
  const translator = useTranslator(first, session.isPending ? null : language);
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={high ? highContrastResolver : variablesResolver}
      getStyleNonce={getNonce}
      forceColorScheme={chosen === 'system' ? system : chosen}
    >
      {translator && (
        <I18nextProvider i18n={translator}>
          <FormatProvider systemLanguage={systemLanguage}>
            <ErrorBoundary className={css.alone}>
              {session.data ? (
                <Gate session={session.data} />
              ) : (
                <main className={css.alone}>
                  <Broken />
                  <ErrorPanel error={reportOf(session.error)} onRetry={() => void session.refetch()} />
                </main>
              )}
            </ErrorBoundary>
          </FormatProvider>
        </I18nextProvider>
      )}
    </MantineProvider>
  );
}

/** Words in the wanted language; null until they are loaded for the first time, the old ones while others load. */
function useTranslator(first: i18n | null, language: Language | null): i18n | null {
  const [translator, setTranslator] = useState(first);
  useEffect(() => {
    if (language === null) return;
    document.documentElement.lang = language;
    if (translator) void switchLanguage(translator, language);
    else void createTranslator(language).then(setTranslator);
  }, [language, translator]);
  return translator;
}

/** Names the page on which nothing but an error is. */
function Broken() {
  const { t } = useTranslation();
  return <h1 className="visually-hidden">{t('app.name')}</h1>;
}
