import type { AccessException, AccessRule } from '../model/access.ts';
import type { DeviceRequest } from '../model/device.ts';
import type { AclGap, AclInput, LineOrigin } from './access-mosquitto.ts';
import { deviceAccess } from './device-access.ts';
import { fillTopic, topicOfAllDevices } from './topic.ts';
import { filterCovers } from './topic-filter.ts';

/**
 * EMQX 5's rules in a file (docs.emqx.com, "Use ACL File"): Erlang terms, looked at from the top, the first one that fits
 * decides. A subscription fits a rule when the rule's filter covers it; nothing is looked at when a message is delivered.
 */
export interface EmqxRule {
  readonly permission: 'allow' | 'deny';
  /** User name; null = everybody. */
  readonly user: string | null;
  readonly action: 'publish' | 'subscribe' | 'all';
  /** Filters. `${username}` stands for the user's name, `${clientid}` for the client id. */
  readonly topics: readonly string[];
  /** True: only a subscription to exactly this filter, or a message to a topic of these very letters. */
  readonly exact: boolean;
  readonly origin: LineOrigin | null;
}

export interface CompiledEmqx {
  readonly rules: readonly EmqxRule[];
  /** Denials of reading that a wider subscription gets around. */
  readonly gaps: readonly AclGap[];
}

const username = `\${username}`;
const clientid = `\${clientid}`;

export interface EmqxAccessInput extends AclInput {
  /** Whose certificates are all revoked: they may do nothing. */
  readonly blocked?: readonly string[] | undefined;
}

/**
 * Compiles the access rules. The role `device` becomes rules for everybody with `${username}`, so that a device more
 * changes nothing; everybody else has rules of their own that end with a denial of all the rest, so the rules for devices
 * give nobody else anything.
 */
export function compileEmqxAccess(input: EmqxAccessInput): CompiledEmqx {
  const { project, access, exceptions = [], observer, blocked = [] } = input;
  const anyDevice = input.deviceIs === 'client' ? clientid : username;
  const rules: EmqxRule[] = [];
  const gaps: AclGap[] = [];
  const block = (user: string | null, member: DeviceRequest, fill: (template: string) => string) => {
    const own = exceptions.filter((exception) => exception.device === member.id);
    const wanted = deviceAccess(access, exceptions, member);
    const origin = (verb: 'write' | 'read' | 'deny', template: string): LineOrigin =>
      own.some((exception) => exception[verb].includes(template))
        ? { kind: 'exception', device: member.id, template }
        : { kind: 'role', role: member.role, template };
    for (const template of wanted.deny) {
      const topic = fill(template);
      const rule = { permission: 'deny', user, origin: origin('deny', template) } as const;
      rules.push({ ...rule, action: 'all', topics: [topic], exact: false });
      const wider = widerFilters(topic);
      if (wider) rules.push({ ...rule, action: 'subscribe', topics: wider, exact: true });
      else if (wanted.read.some((read) => !filterCovers(topic, fill(read))))
        gaps.push({ member: member.id, topic, access: 'read' });
    }
    for (const template of wanted.write)
      rules.push({
        permission: 'allow',
        user,
        action: 'publish',
        topics: [fill(template)],
        exact: false,
        origin: origin('write', template),
      });
    for (const template of wanted.read)
      rules.push({
        permission: 'allow',
        user,
        action: 'subscribe',
        topics: [fill(template)],
        exact: false,
        origin: origin('read', template),
      });
  };
  // `#` does not cover topics that start with `$` (MQTT 5 §4.7.2)
  const hidden = access
    .filter((rule) => rule.role === 'device')
    .flatMap((rule) => [...rule.write, ...rule.read])
    .filter((template) => template.startsWith('$'))
    .map((template) => fillTopic(template, { project, device: anyDevice }));
  const rest = (user: string, origin: LineOrigin) =>
    rules.push({ permission: 'deny', user, action: 'all', topics: ['#', '$SYS/#', ...hidden], exact: false, origin });
  for (const user of [...blocked].sort()) rest(user, { kind: 'shield', member: user });
  const ownRules = [...input.members]
    .filter(({ id, role }) => role !== 'device' || exceptions.some(({ device }) => device === id))
    .concat(
      exceptions
        .filter(({ device }) => !input.members.some(({ id }) => id === device))
        .map(({ device }) => ({ id: device, role: 'device' })),
    );
  for (const member of ownRules.sort((a, b) => (a.id < b.id ? -1 : 1))) {
    block(member.id, member, (template) => fillTopic(template, { project, device: member.id }));
    rest(member.id, { kind: 'shield', member: member.id });
  }
  // second names of devices, for as long as their passwords are being changed: the rules for everybody would give them topics of
  // a device that there is not
  for (const { user, id, role } of [...(input.aliases ?? [])].sort((a, b) => (a.user < b.user ? -1 : 1))) {
    block(user, { id, role }, (template) => fillTopic(template, { project, device: id }));
    rest(user, { kind: 'shield', member: id });
  }
  for (const rule of observerRules(input)) rules.push(rule);
  rest(observer, { kind: 'shield', member: observer });
  // ids never hold a brace, so this names no device
  block(null, { id: '{}', role: 'device' }, (template) => fillTopic(template, { project, device: anyDevice }));
  return { rules, gaps };
}

function observerRules({ project, access, exceptions = [], observer }: EmqxAccessInput): EmqxRule[] {
  const whole = `${project}/#`;
  const used = access
    .flatMap((rule: AccessRule) => [...rule.write, ...rule.read].map((template) => topicOfAllDevices(template, project)))
    .concat(
      exceptions.flatMap(({ device, write, read }: AccessException) =>
        [...write, ...read].map((template) => fillTopic(template, { project, device })),
      ),
    )
    .filter((topic) => !filterCovers(whole, topic) && !filterCovers(topic, whole) && !topic.startsWith('$SYS'));
  const commands = access
    .filter((rule) => rule.role === 'device')
    .flatMap((rule) => rule.read.map((t) => topicOfAllDevices(t, project)));
  const rule = { permission: 'allow', user: observer, exact: false, origin: { kind: 'observer' } } as const;
  return [
    ...[...new Set(commands)].map((topic): EmqxRule => ({ ...rule, action: 'publish', topics: [topic] })),
    { ...rule, action: 'subscribe', topics: [...new Set([whole, ...used]), '$SYS/#'] },
  ];
}

/**
 * The filters that bring this topic and others: to deny reading it, each of them has to be denied, word for word. Null when it
 * has wildcards itself (then they are without number) or too many levels.
 */
export function widerFilters(topic: string): string[] | null {
  const levels = topic.split('/');
  if (levels.length > 6 || levels.some((level) => level === '+' || level === '#' || level.includes('$'))) return null;
  let heads: string[] = [''];
  const found: string[] = ['#'];
  for (const level of levels) {
    heads = heads.flatMap((head) => [`${head}${level}/`, `${head}+/`]);
    found.push(...heads.map((head) => `${head}#`));
  }
  found.push(...heads.map((head) => head.slice(0, -1)).filter((filter) => filter !== topic));
  return found;
}

/** acl.conf as Erlang terms, and for each rule the number of its line, from 1. */
export function emqxAclText(
  rules: readonly EmqxRule[],
  project: string,
): { readonly text: string; readonly lines: readonly number[] } {
  const head = [
    `%% Written by Fieldkey for the project ${project}. The first rule that fits decides.`,
    `%% ${username} is the name of the device, ${clientid} its client id. A new device needs no new line.`,
  ];
  const written = rules.map(emqxRuleText);
  return {
    text: `${[...head, ...written, '{deny, all}.'].join('\n')}\n`,
    lines: written.map((_, index) => head.length + index + 1),
  };
}

export function emqxRuleText({ permission, user, action, topics, exact }: EmqxRule): string {
  const who = user === null ? 'all' : `{username, ${string(user)}}`;
  const list = topics.map((topic) => (exact ? `{eq, ${string(topic)}}` : string(topic))).join(', ');
  return `{${permission}, ${who}, ${action}, [${list}]}.`;
}

/** An Erlang string; beyond ASCII a binary, because a list of characters is not taken for UTF-8 everywhere. */
function string(text: string): string {
  const quoted = `"${text.replace(/[\\"]/g, '\\$&')}"`;
  return /^[ -~]*$/.test(text) ? quoted : `<<${quoted}/utf8>>`;
}

export interface EmqxQuery {
  readonly user: string;
  /** Left out: the same as the user name, as the kit has EMQX make it. */
  readonly clientId?: string | undefined;
  readonly topic: string;
  readonly verb: 'read' | 'write' | 'subscribe';
}

/** `rule` is the index of the rule that decided; null: none fits, and `no_match` is deny. */
export interface EmqxDecision {
  readonly allowed: boolean;
  readonly rule: number | null;
}

type Who = Pick<EmqxQuery, 'user' | 'clientId'>;

/** Decides as EMQX 5 does with these rules. `read` is true when some subscription that is allowed brings the topic. */
export function emqxEvaluator(rules: readonly EmqxRule[]): (query: EmqxQuery) => EmqxDecision {
  const filled = (topic: string, { user, clientId = user }: Who) =>
    topic.replaceAll(username, user).replaceAll(clientid, clientId);
  const first = (who: Who, action: 'publish' | 'subscribe', asked: string): EmqxDecision => {
    const rule = rules.findIndex(
      (each) =>
        (each.user === null || each.user === who.user) &&
        (each.action === 'all' || each.action === action) &&
        each.topics.some((topic) => {
          const text = filled(topic, who);
          return each.exact ? text === asked : filterCovers(text, asked);
        }),
    );
    return { allowed: rules[rule]?.permission === 'allow', rule: rule === -1 ? null : rule };
  };
  return ({ topic, verb, ...who }) => {
    if (verb === 'write') return first(who, 'publish', topic);
    const direct = first(who, 'subscribe', topic);
    if (verb === 'subscribe' || direct.allowed) return direct;
    for (const rule of rules) {
      if (rule.permission !== 'allow' || rule.action === 'publish' || (rule.user !== null && rule.user !== who.user)) continue;
      for (const granted of rule.topics.map((each) => filled(each, who))) {
        if (!filterCovers(granted, topic)) continue;
        const wide = first(who, 'subscribe', granted);
        if (wide.allowed) return wide;
      }
    }
    return direct;
  };
}
