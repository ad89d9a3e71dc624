import { type AccessException, type AccessRule, roles } from '../../../../shared/model/access.ts';
import type { BrokerTarget } from '../../../../shared/model/broker.ts';
import { type AccessDanger, accessDangers } from '../../../../shared/rules/access-dangers.ts';
import { type AccessAnswer, accessDialects } from '../../../../shared/rules/access-dialect.ts';
import type { AclGap } from '../../../../shared/rules/access-mosquitto.ts';
import { checkTopicTemplate } from '../../../../shared/rules/topic.ts';

/** What stands in the editor. */
export interface AccessDraft {
  readonly rules: readonly AccessRule[];
  readonly exceptions: readonly AccessException[];
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
export function isSound({ rules, exceptions }: AccessDraft): boolean {
  return [...rules, ...exceptions].every(({ write, read, deny = [] }) =>
    [...write, ...read, ...deny].every((topic) => checkTopicTemplate(topic).length === 0),
  );
}

/** The same without what is being typed wrongly. */
function soundPart({ rules, exceptions }: AccessDraft): AccessDraft {
  const sound = (topics: readonly string[] = []) => topics.filter((topic) => checkTopicTemplate(topic).length === 0);
  const part = <T extends AccessRule | AccessException>(each: T) => ({
    ...each,
    write: sound(each.write),
    read: sound(each.read),
    deny: sound(each.deny),
  });
  return { rules: rulesOf(rules).map(part), exceptions: exceptions.map(part) };
}

/** What is worth a second look, while one types. */
export function dangersOf(project: string, draft: AccessDraft, roleOf: (device: string) => string): AccessDanger[] {
  const { rules, exceptions } = soundPart(draft);
  return accessDangers(project, rules, exceptions, roleOf);
}

export interface Asked {
  readonly id: string;
  readonly role: string;
  readonly verb: 'write' | 'read';
  readonly topic: string;
}

/** What the broker would answer to the rules as they stand. Nobody else's lines decide about one client, so only its own are made. */
export function simulate(project: string, draft: AccessDraft, target: BrokerTarget, asked: Asked): AccessAnswer {
  const { id, verb, topic } = asked;
  return compiled(project, draft, target, asked).decide({ user: id, clientId: id, verb, topic });
}

/** What each role gets besides its own, told with the role as the name of whoever has it. */
export function gapsOf(project: string, draft: AccessDraft, target: BrokerTarget): AclGap[] {
  const members = soundPart(draft).rules.filter(({ role }) => role !== 'device');
  return members.flatMap(({ role }) =>
    compiled(project, { ...draft, exceptions: [] }, target, { id: role, role }).gaps.filter(({ member }) => member === role),
  );
}

function compiled(project: string, draft: AccessDraft, target: BrokerTarget, { id, role }: Pick<Asked, 'id' | 'role'>) {
  const { rules, exceptions } = soundPart(draft);
  return accessDialects[target]({
    project,
    access: rules,
    exceptions: exceptions.filter(({ device }) => device === id),
    members: role === 'device' || id === 'observer' ? [] : [{ id, role }],
    everybody: () => (id === 'observer' ? [] : [{ id, role }]),
    observer: 'observer',
  });
}
