import { createInstance, type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Language } from '../../../shared/model/settings.ts';
import type { FirstWords } from './en/first.ts';
import type { RestWords } from './en/rest.ts';
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

/** Only the language in use is loaded: first what the unlock page says, and all of it while that is on screen. */
const loaders: Readonly<Record<Language, { first(): Promise<FirstWords>; rest(): Promise<RestWords> }>> = {
  en: { first: async () => (await import('./en/first.ts')).first, rest: async () => (await import('./en/rest.ts')).rest },
  de: { first: async () => (await import('./de/first.ts')).first, rest: async () => (await import('./de/rest.ts')).rest },
  es: { first: async () => (await import('./es/first.ts')).first, rest: async () => (await import('./es/rest.ts')).rest },
};

/** A translator that knows the words of the first page; whatever else is rendered waits for `loadAllWords`. */
export async function createTranslator(language: Language): Promise<i18n> {
  const translator = createInstance({
    lng: language,
    fallbackLng: false,
    resources: { [language]: { translation: await loaders[language].first() } },
    // React escapes; escaping twice would show &quot; to people
    interpolation: { escapeValue: false },
    // codes like VAULT_IN_USE are keys, not keys with a context
    contextSeparator,
  });
  await translator.use(initReactI18next).init();
  return translator;
}

const loading = new WeakMap<i18n, Map<Language, Promise<void>>>();
const complete = new WeakMap<i18n, Set<Language>>();

/** Whether every word of the language that is shown is there. */
export function hasAllWords(translator: i18n): boolean {
  return complete.get(translator)?.has(translator.language as Language) ?? false;
}

/** Loads the words of all pages in a language, once; the one that is shown unless another is given. */
export function loadAllWords(translator: i18n, language = translator.language as Language): Promise<void> {
  const started = loading.get(translator) ?? new Map<Language, Promise<void>>();
  loading.set(translator, started);
  const load = async () => {
    const [first, rest] = await Promise.all([loaders[language].first(), loaders[language].rest()]);
    // as they are: a copy of all words would take longer than the rest of this
    translator.addResourceBundle(language, 'translation', { ...first, ...rest }, false, true, { skipCopy: true });
    complete.set(translator, (complete.get(translator) ?? new Set()).add(language));
  };
  const words = started.get(language) ?? load();
  started.set(language, words);
  return words;
}

export async function switchLanguage(translator: i18n, language: Language): Promise<void> {
  if (translator.language === language) return;
  await loadAllWords(translator, language);
  await translator.changeLanguage(language);
}
