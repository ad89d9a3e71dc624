import { expect, test } from 'vitest';
import { standardDefaults } from '../../../../shared/model/defaults.ts';
import { defaultsChange } from '../../../../shared/rules/defaults.ts';
import { draftOf, readField, typedFields } from './defaults-form.ts';

test('what stands in the fields is what was stored', () => {
  const draft = draftOf(standardDefaults);
  for (const field of typedFields) expect(readField(field, draft[field])).toBe(standardDefaults[field]);
});

/** The page takes what main takes, and nothing else: whatever is typed, both say the same. */
const texts = [
  '',
  ' ',
  '0',
  '1',
  '89',
  '90',
  '825',
  '826',
  '3650',
  '3651',
  '65535',
  '65536',
  '1.5',
  '-1',
  'ES',
  'es',
  'E',
  'x'.repeat(64),
  'x'.repeat(65),
  'a\u0007b',
];

test.each(typedFields)('%s', (field) => {
  for (const text of texts) {
    const value = readField(field, text);
    if (value !== null) expect(defaultsChange.safeParse({ [field]: value }).success, `${field} ${text}`).toBe(true);
    else {
      const raw = typeof standardDefaults[field] === 'number' ? Number(text || 'none') : text;
      expect(defaultsChange.safeParse({ [field]: raw }).success, `${field} ${text}`).toBe(false);
    }
  }
});
