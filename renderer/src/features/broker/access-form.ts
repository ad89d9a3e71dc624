import { type AccessException, type AccessRule, roles } from '../../../../shared/model/access.ts';
import type { BrokerTarget } from '../../../../shared/model/broker.ts';
import type { DeviceName } from '../../../../shared/model/kit.ts';
import { type AccessDanger, accessDangers } from '../../../../shared/rules/access-dangers.ts';
import { type AccessAnswer, accessDialects } from '../../../../shared/rules/access-dialect.ts';
import type { AclGap } from '../../../../shared/rules/access-mosquitto.ts';
import { checkTopicTemplate } from '../../../../shared/rules/topic.ts';

/** What stands in the editor. */
export interface AccessDraft {
  readonly rules: readonly AccessRule[];
  readonly exceptions: readonly AccessException[];
  readonly deviceIs: DeviceName;
}

/** Devices that show one certificate: to the broker they are the one that it names. */
export interface OneCertificate {
  readonly holder: string;
  readonly role: string;
  readonly devices: readonly { readonly id: string; readonly role: string }[];
}

/** Every built-in role in its usual order, those without a rule with empty lists, then those of the project. */
export function everyRole(access: readonly AccessRule[]): AccessRule[] {
  const known = roles.map((role) => access.find((rule) => rule.role === role) ?? { role, write: [], read: [] });
  return [...known, ...access.filter(({ role }) => !roles.some((each) => each === role))];
}

/** What is saved: a built-in role that says nothing has no rule. */
export function rulesOf(rules: readonly AccessRule[]): AccessRule[] {
  return rules.filter(({ write, read, deny = [] }) => write.length + read.length + deny.length > 0);
}

/** Everything in it can be a topic. */
export function isSound({ rules, exceptions }: Pick<AccessDraft, 'rules' | 'exceptions'>): boolean {
  return [...rules, ...exceptions].every(({ write, read, deny = [] }) =>
    [...write, ...read, ...deny].every((topic) => checkTopicTemplate(topic).length === 0),
  );
}

/** The same without what is being typed wrongly. */
function soundPart({ rules, exceptions, deviceIs }: AccessDraft): AccessDraft {
  const sound = (topics: readonly string[] = []) => topics.filter((topic) => checkTopicTemplate(topic).length === 0);
  const part = <T extends AccessRule | AccessException>(each: T) => ({
    ...each,
    write: sound(each.write),
    read: sound(each.read),
    deny: sound(each.deny),
  });
  return { rules: rulesOf(rules).map(part), exceptions: exceptions.map(part), deviceIs };
}

/** What is worth a second look, while one types. */
export function dangersOf(project: string, draft: AccessDraft, roleOf: (device: string) => string): AccessDanger[] {
  const { rules, exceptions } = soundPart(draft);
  return accessDangers(project, rules, exceptions, roleOf);
}

export interface Asked {
  readonly id: string;
  readonly role: string;
  /** What the device sends; only where the broker does not make the user name the client id. */
  readonly clientId?: string | undefined;
  readonly verb: 'write' | 'read';
  readonly topic: string;
}

/** What the broker would answer to the rules as they stand. Nobody else's lines decide about one client, so only its own are made. */
export function simulate(
  project: string,
  draft: AccessDraft,
  target: BrokerTarget,
  asked: Asked,
  groups: readonly OneCertificate[] = [],
): AccessAnswer {
  const { id, clientId = id, verb, topic } = asked;
  const group = groups.find(({ holder, devices }) => holder === id || devices.some((each) => each.id === id));
  const { decide } = compiled(project, draft, target, asked, { group, ownClientIds: groups.length > 0 });
  return decide({ user: group?.holder ?? id, clientId, verb, topic });
}

/** What each role gets besides its own, told with the role as the name of whoever has it. */
export function gapsOf(project: string, draft: AccessDraft, target: BrokerTarget): AclGap[] {
  const members = soundPart(draft).rules.filter(({ role }) => role !== 'device');
  return members.flatMap(({ role }) =>
    compiled(project, { ...draft, exceptions: [] }, target, { id: role, role }).gaps.filter(({ member }) => member === role),
  );
}

function compiled(
  project: string,
  draft: AccessDraft,
  target: BrokerTarget,
  { id, role }: Pick<Asked, 'id' | 'role'>,
  { group, ownClientIds = false }: { readonly group?: OneCertificate | undefined; readonly ownClientIds?: boolean } = {},
) {
  const { rules, exceptions, deviceIs } = soundPart(draft);
  const together = group ? [{ id: group.holder, role: group.role }, ...group.devices] : [];
  return accessDialects[target]({
    project,
    access: rules,
    exceptions: exceptions.filter(({ device }) => device === id || together.some((each) => each.id === device)),
    members: role === 'device' || id === 'observer' ? [] : [{ id, role }],
    aliases: together.map((each) => ({ user: group?.holder ?? each.id, id: each.id, role: each.role, shared: true })),
    deviceIs,
    ownClientIds,
    everybody: () => (id === 'observer' ? [] : [{ id, role }]),
    observer: 'observer',
  });
}
