import type { AccessException, AccessRule } from '../model/access.ts';

/** The topic templates of one device, from its role and its own exception. A denial always wins. */
export interface DeviceAccess {
  readonly write: readonly string[];
  readonly read: readonly string[];
  readonly deny: readonly string[];
}

const once = (topics: readonly string[]) => [...new Set(topics)];

/** What a device is meant to be allowed, whatever the broker makes of it (see access-dialect.ts). */
export function deviceAccess(
  access: readonly AccessRule[],
  exceptions: readonly AccessException[],
  device: { readonly id: string; readonly role: string },
): DeviceAccess {
  const rules = access.filter((rule) => rule.role === device.role);
  const own = exceptions.filter((exception) => exception.device === device.id);
  return {
    write: once([...rules, ...own].flatMap(({ write }) => write)),
    read: once([...rules, ...own].flatMap(({ read }) => read)),
    deny: once([...rules, ...own].flatMap(({ deny }) => deny ?? [])),
  };
}

/** One form for each rule, so that two of them can be compared: an empty list of denials is left out. */
export function plainRule({ role, write, read, deny }: AccessRule): AccessRule {
  return { role, write: [...write], read: [...read], ...(deny && deny.length > 0 ? { deny: [...deny] } : {}) };
}

/** The same for exceptions: sorted by device, those that say nothing left out. */
export function plainExceptions(exceptions: readonly AccessException[]): AccessException[] {
  return exceptions
    .filter(({ write, read, deny }) => write.length + read.length + deny.length > 0)
    .map(({ device, write, read, deny }) => ({ device, write: [...write], read: [...read], deny: [...deny] }))
    .sort((a, b) => (a.device < b.device ? -1 : a.device > b.device ? 1 : 0));
}
