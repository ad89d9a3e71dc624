import { type AccessRule, roles } from '../../../../shared/model/access.ts';

/** Every role in its usual order, those without a rule with empty lists: so that one can be given topics. */
export function everyRole(access: readonly AccessRule[]): AccessRule[] {
  return roles.map((role) => access.find((rule) => rule.role === role) ?? { role, write: [], read: [] });
}

/** What is saved: a role that may do nothing has no rule. */
export function rulesOf(rules: readonly AccessRule[]): AccessRule[] {
  return rules.filter(({ write, read }) => write.length + read.length > 0);
}
