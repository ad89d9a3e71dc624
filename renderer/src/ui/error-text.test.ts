import { createInstance } from 'i18next';
import { beforeAll, describe, expect, test } from 'vitest';
import { type ErrorCode, type ErrorReport, errorParams } from '../../../shared/errors.ts';
import { refusalReasons } from '../../../shared/model/refusal.ts';
import { problem, ruleParams } from '../../../shared/problems.ts';
import { de } from '../locales/de.ts';
import { en } from '../locales/en.ts';
import { createFormat } from '../locales/format.ts';
import { errorText } from './error-text.ts';

const format = createFormat('en-GB');
const i18n = createInstance();
beforeAll(() =>
  i18n.init({
    lng: 'en',
    resources: { en: { translation: en }, de: { translation: de } },
    contextSeparator: '~',
    interpolation: { escapeValue: false },
  }),
);

test('fills in parameters, each in its own form', () => {
  const text = (report: ErrorReport) => errorText(report, i18n.t, format);
  expect(text({ code: 'VAULT_IN_USE', params: { file: 'a', pid: '12', host: 'bench', since: '?' } }).explanation).toContain(
    'held by process 12',
  );
  expect(text({ code: 'VAULT_TAMPERED', params: { table: 'devices', row: 4711 } }).explanation).toContain('(row 4711)');
  expect(text({ code: 'EXPORT_NO_SPACE', params: { directory: '/x', needed: 5_000_000, free: 0 } }).explanation).toContain(
    '5 MB',
  );
  expect(text({ code: 'EXPORT_VERIFY_FAILED', params: { directory: '/x', files: ['a', 'b'] } }).explanation).toContain('a and b');
});

test('says in words why a request or a certificate is refused', () => {
  const explain = (report: ErrorReport) => errorText(report, i18n.t, format).explanation;
  expect(explain({ code: 'REQUEST_REFUSED', params: { reason: 'signature' } })).toContain('does not fit its key');
  for (const reason of refusalReasons) expect(explain({ code: 'PROFILE_REFUSED', params: { reason } })).toMatch(/ .*\.$/);
});

test('problems become sentences with their place', () => {
  const problems = [problem('number-range', { minimum: 1, maximum: 65_535 }, 'broker.port')];
  const text = errorText({ code: 'PLAN_INVALID', params: { file: 'plan.json', problems }, ref: 'k3' }, i18n.t, format);
  expect(text.points).toEqual([{ path: 'broker.port', sentence: 'Please use a number from 1 to 65,535.' }]);
  expect(text.details).toContain('ref k3');
});

const placeholders = (words: string) => [...words.matchAll(/\{\{(\w+)/g)].map(([, name]) => name);

describe.each([
  ['en', en],
  ['de', de],
] as const)('%s', (_name, words) => {
  test.each(Object.keys(errorParams) as ErrorCode[])('%s uses only parameters that it has', (code) => {
    const { title, explanation, todo } = words.errors[code];
    for (const name of placeholders(title + explanation + todo)) expect(errorParams[code]).toContain(name);
  });

  test.each(Object.keys(ruleParams) as (keyof typeof ruleParams)[])('%s uses only parameters that it has', (rule) => {
    for (const name of placeholders(words.rules[rule])) expect(ruleParams[rule]).toContain(name);
  });
});
