import type { TFunction } from 'i18next';
import { type AccessRule, isBuiltIn, roles } from '../../../shared/model/access.ts';

/** A role as people read it: a word for the built-in ones, a project's own as it was named. */
export function roleName(t: TFunction, role: string): string {
  return isBuiltIn(role) ? t(`common.role.${role}`) : role;
}

/** The built-in roles, then those that a project has of its own. */
export function rolesOf(access: readonly AccessRule[] = []): readonly string[] {
  return [...roles, ...access.map(({ role }) => role).filter((role) => !isBuiltIn(role))];
}
