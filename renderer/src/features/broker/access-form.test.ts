import { expect, test } from 'vitest';
import { defaultAccess } from '../../../../shared/model/access.ts';
import { everyRole, rulesOf } from './access-form.ts';

test('all roles are shown, only those with topics are saved', () => {
  const some = [{ role: 'device', write: ['a'], read: [] }] as const;
  expect(everyRole(some).map(({ role }) => role)).toEqual(['device', 'gateway', 'dashboard', 'admin']);
  expect(rulesOf(everyRole(some))).toEqual(some);
  expect(rulesOf(everyRole(defaultAccess))).toEqual(defaultAccess);
});
