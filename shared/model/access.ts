/** Built-in roles. A device's topics are templates, every other role is written out per user. */
export const roles = ['device', 'gateway', 'dashboard', 'admin'] as const;
export type Role = (typeof roles)[number];

/** What a role may do. Topics are templates with `{project}` and `{device}` (the id of whoever has the role). */
export interface AccessRule {
  readonly role: Role;
  readonly write: readonly string[];
  readonly read: readonly string[];
}

/** What a project gets when nothing else is said (product S2.8). */
export const defaultAccess: readonly AccessRule[] = [
  { role: 'device', write: ['{project}/energy/{device}'], read: ['{project}/commands/{device}'] },
  { role: 'gateway', write: ['{project}/energy/#'], read: ['{project}/commands/#'] },
  { role: 'dashboard', write: [], read: ['{project}/#'] },
  { role: 'admin', write: ['#'], read: ['#', '$SYS/#'] },
];
