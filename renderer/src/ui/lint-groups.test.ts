import { expect, test } from 'vitest';
import { rules } from '../../../shared/rules/lint-catalogue.ts';
import { groupOf } from './lint-groups.ts';

test('every rule of a certificate has a group that says what it is about; only odd extensions are others', () => {
  const ofCertificates = Object.keys(rules).filter(
    (rule) => !/^(crl|request|chain)-|^foreign-(crl|key-open|encryption|no-integrity)/.test(rule),
  );
  expect(ofCertificates.length).toBeGreaterThan(60);
  for (const rule of ofCertificates) if (groupOf(rule) === 'other') expect(rule).toMatch(/^extension-/);
  expect([groupOf('key-usage-bits'), groupOf('key-large'), groupOf('key-identifier-critical'), groupOf('san-present')]).toEqual([
    'usage',
    'key',
    'identifiers',
    'san',
  ]);
});
