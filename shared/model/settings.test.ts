import { expect, it } from 'vitest';
import { resolveLanguage } from './settings.ts';

it('falls back to English for a language it does not have', () => {
  expect(resolveLanguage('system', 'de-AT')).toBe('de');
  expect(resolveLanguage('system', 'fr-FR')).toBe('en');
  expect(resolveLanguage('es', 'de')).toBe('es');
});
