import type { AccessException, AccessRule } from '../../shared/model/access.ts';
import type { BrokerTarget } from '../../shared/model/broker.ts';
import { accessDialects, type CompiledAccess } from '../../shared/rules/access-dialect.ts';
import type { EarlierAccess } from '../../shared/rules/proof-judgement.ts';
import { AuditList } from '../vault/audit-list.ts';
import type { VaultSession } from '../vault/session.ts';
import { accessInput } from './access-input.ts';
import { membersOf, sharersIn } from './project-files.ts';

/** A broker that is further behind is found to have another list, not which one. */
const lookedAt = 50;
/** ms: what changes within this is one change to a person. */
const together = 10_000;

interface State {
  readonly since: number;
  readonly access: readonly AccessRule[];
  readonly exceptions: readonly AccessException[];
  readonly members: ReadonlyMap<string, string>;
}

/**
 * The access rules as they were before, newest first, from the audit log: each change of rules and exceptions, and each time
 * somebody came who is named in the list.
 */
export async function earlierAccess(session: VaultSession, projectId: number, target: BrokerTarget): Promise<EarlierAccess[]> {
  const { project, observer, deviceIs, ownClientIds } = accessInput(session, projectId);
  const sharers = ownClientIds ? sharersIn(session, projectId) : [];
  const holders = new Map(sharers.map(({ device, holder }) => [device.id, holder.id]));
  const states: State[] = [];
  let now: State = { since: 0, access: [], exceptions: [], members: new Map() };
  const become = (change: Partial<State>, at: number) => {
    if (now.access.length > 0 && at - now.since > together) states.push(now);
    now = { ...now, ...change, since: at };
  };
  for await (const entries of new AuditList(session).all({ projectId })) {
    for (const { action, at, subject, detail } of entries) {
      if (action === 'project.change' || action === 'project.create') {
        const access = parsed<AccessRule>(detail['access']);
        const exceptions = parsed<AccessException>(detail['exceptions']);
        if (access || exceptions) become({ ...(access ? { access } : {}), ...(exceptions ? { exceptions } : {}) }, at);
      } else if (action === 'device.add' || action === 'device.change') {
        const role = String(detail['role'] ?? 'device');
        const before = now.members.get(subject) ?? 'device';
        if (role === before) continue;
        const others = [...now.members].filter(([id]) => id !== subject);
        become({ members: new Map(role === 'device' ? others : [...others, [subject, role]]) }, at);
      }
    }
  }
  return states
    .slice(-lookedAt)
    .reverse()
    .map(({ since, access, exceptions, members }) => ({
      since,
      compiled: asUsers(
        holders,
        accessDialects[target]({
          project,
          access,
          exceptions,
          members: [...members].map(([id, role]) => ({ id, role })),
          // devices of now: one that is gone is not asked about
          everybody: () => membersOf(session, projectId).map(({ name }) => ({ id: name, role: members.get(name) ?? 'device' })),
          observer,
          deviceIs,
          ownClientIds,
        }),
      ),
    }));
}

/** Who shows the certificate of another one is that user. */
function asUsers(holders: ReadonlyMap<string, string>, compiled: CompiledAccess): CompiledAccess {
  const userOf = (user: string | null) => (user === null ? null : (holders.get(user) ?? user));
  return { ...compiled, decide: (query) => compiled.decide({ ...query, user: userOf(query.user) }) };
}

/** Undefined for what is no list: an act of another kind, or somebody changed the entry. */
function parsed<T>(text: unknown): T[] | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
