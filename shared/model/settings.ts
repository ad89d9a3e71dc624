/** The languages of the interface. */
export const languages = ['en', 'de', 'es'] as const;
export type Language = (typeof languages)[number];

/** What a setting means on this computer: languages that we do not have fall back to English. `systemLanguage`: BCP 47. */
export function resolveLanguage(setting: 'system' | Language, systemLanguage: string): Language {
  if (setting !== 'system') return setting;
  const base = systemLanguage.toLowerCase().split('-')[0];
  return languages.find((language) => language === base) ?? 'en';
}
