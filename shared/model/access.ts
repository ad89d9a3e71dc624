/** Built-in roles. A project may have others of its own: any name that rules/role-name.ts takes. */
export const roles = ['device', 'gateway', 'dashboard', 'admin'] as const;
export type BuiltInRole = (typeof roles)[number];
export type Role = string;

export function isBuiltIn(role: string): role is BuiltInRole {
  return roles.some((each) => each === role);
}

/**
 * What a role may do. Topics are templates with `{project}` and `{device}` (the id of whoever has the role). `deny` takes
 * reading and writing together, and a denial always wins; absent = none.
 */
export interface AccessRule {
  readonly role: Role;
  readonly write: readonly string[];
  readonly read: readonly string[];
  readonly deny?: readonly string[] | undefined;
}

/** What one device may do besides its role, or may not although its role says so. Templates as above. */
export interface AccessException {
  /** Id of the device. */
  readonly device: string;
  readonly write: readonly string[];
  readonly read: readonly string[];
  readonly deny: readonly string[];
}

/** What a project gets when nothing else is said (product S2.8). */
export const defaultAccess: readonly AccessRule[] = [
  { role: 'device', write: ['{project}/energy/{device}'], read: ['{project}/commands/{device}'] },
  { role: 'gateway', write: ['{project}/energy/#'], read: ['{project}/commands/#'] },
  { role: 'dashboard', write: [], read: ['{project}/#'] },
  { role: 'admin', write: ['#'], read: ['#', '$SYS/#'] },
];
