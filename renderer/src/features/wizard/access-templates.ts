import { type AccessRule, defaultAccess } from '../../../../shared/model/access.ts';

export const templateNames = ['standard', 'branch'] as const;
export type TemplateName = (typeof templateNames)[number];

/** What each template gives every role. `standard` is the plan's default (product S2.8). */
export const templates: Readonly<Record<TemplateName, readonly AccessRule[]>> = {
  standard: defaultAccess,
  branch: [
    { role: 'device', write: ['{project}/{device}/#'], read: ['{project}/{device}/#'] },
    { role: 'gateway', write: ['{project}/#'], read: ['{project}/#'] },
    { role: 'dashboard', write: [], read: ['{project}/#'] },
    { role: 'admin', write: ['#'], read: ['#', '$SYS/#'] },
  ],
};

const same = (a: readonly string[], b: readonly string[]) => a.length === b.length && a.every((each, index) => each === b[index]);

/** The template that these rules are, or null when somebody has changed them. */
export function templateOf(rules: readonly AccessRule[]): TemplateName | null {
  return (
    templateNames.find((name) =>
      templates[name].every((rule) => {
        const found = rules.find((each) => each.role === rule.role);
        return found && same(found.write, rule.write) && same(found.read, rule.read);
      }),
    ) ?? null
  );
}
