import { type Problem, problem } from '../problems.ts';

/** Schemas and device lists take a role by this form: one word in lower case, so that it can stand behind an id in a list. */
export const roleNamePattern = /^\p{Ll}[\p{Ll}\p{N}-]{0,31}$/u;

/** Checks the name of a role, built-in or of one's own. */
export function checkRoleName(name: string): Problem[] {
  return roleNamePattern.test(name) ? [] : [problem('role-name', { value: name })];
}
