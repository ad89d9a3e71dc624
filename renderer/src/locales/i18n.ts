import { createInstance, type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Language } from '../../../shared/model/settings.ts';
import type { Words } from './en.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    contextSeparator: '~';
    resources: { translation: Words };
  }
}

const contextSeparator = '~';

/** How each language calls itself: found by those who cannot read the current one. */
export const languageNames: Readonly<Record<Language, string>> = { en: 'English', de: 'Deutsch', es: 'Español' };

/** Only the language in use is loaded. */
const loaders: Readonly<Record<Language, () => Promise<Words>>> = {
  en: async () => (await import('./en.ts')).en,
  de: async () => (await import('./de.ts')).de,
  es: async () => (await import('./es.ts')).es,
};

export async function createTranslator(language: Language): Promise<i18n> {
  const translator = createInstance({
    lng: language,
    fallbackLng: false,
    resources: { [language]: { translation: await loaders[language]() } },
    // React escapes; escaping twice would show &quot; to people
    interpolation: { escapeValue: false },
    // codes like VAULT_IN_USE are keys, not keys with a context
    contextSeparator,
  });
  await translator.use(initReactI18next).init();
  return translator;
}

export async function switchLanguage(translator: i18n, language: Language): Promise<void> {
  if (!translator.hasResourceBundle(language, 'translation')) {
    translator.addResourceBundle(language, 'translation', await loaders[language]());
  }
  if (translator.language !== language) await translator.changeLanguage(language);
}
