import type { AccessException, AccessRule } from '../model/access.ts';
import type { DeviceRequest } from '../model/device.ts';
import type { DeviceName } from '../model/kit.ts';
import type { LineOrigin, UserAlias } from './access-mosquitto.ts';
import { type DeviceAccess, deviceAccess } from './device-access.ts';
import { fillTopic, topicOfAllDevices, utf8Length } from './topic.ts';
import { filterCovers } from './topic-filter.ts';

/**
 * RabbitMQ's access rules (rabbitmq.com/docs/access-control, "Topic Authorisation"), for its MQTT plugin.
 *
 * The plugin turns a topic into a routing key: `/` becomes `.` and `+` becomes `*`. What a user may do is one regular
 * expression for writing and one for reading. Writing is judged for every message. Reading is judged once, when a
 * client subscribes, and then on the text of the filter, wildcards included: an expression that lets `#` slip through
 * where one level is meant gives away everything. So the expressions here are written for the text of a key, and
 * nothing is left to the meaning of its wildcards.
 */

/** What one user may do, as MQTT topic filters. Denials win over grants. */
export interface RabbitmqRights {
  readonly user: string;
  readonly write: readonly string[];
  readonly read: readonly string[];
  /** Takes reading and writing. */
  readonly deny?: readonly string[] | undefined;
  /** The client id whose session it may use, if that is not its name. */
  readonly session?: string | undefined;
  /**
   * The same filters with the client id in place of the device's name, where the project tells devices apart by it: then both have
   * to allow.
   */
  readonly byClient?: { readonly write: readonly string[]; readonly read: readonly string[] } | undefined;
  /** Why a filter is there, by `write lab/x`; filters of nobody's have none. */
  readonly origins?: Readonly<Record<string, LineOrigin>> | undefined;
}

export interface RabbitmqAccessInput {
  readonly project: string;
  readonly access: readonly AccessRule[];
  readonly exceptions?: readonly AccessException[] | undefined;
  /** Everybody: RabbitMQ has no rule that holds for users it does not know. */
  readonly members: readonly DeviceRequest[];
  /** The identity that reads everything and writes commands. */
  readonly observer: string;
  /** Second names of devices, for as long as their passwords are being changed. */
  readonly aliases?: readonly UserAlias[] | undefined;
  readonly deviceIs?: DeviceName | undefined;
}

/** The routing key of a topic or filter, as the MQTT plugin makes it. `a.b` and `a/b` are the same key. */
export function routingKey(topic: string): string {
  return topic.replaceAll('/', '.').replaceAll('+', '*');
}

/** The rights of every member and the observer, by user name. */
export function compileRabbitmqAccess(input: RabbitmqAccessInput): RabbitmqRights[] {
  const { project, access, exceptions = [] } = input;
  const named: readonly (DeviceRequest & { readonly user: string })[] = [
    ...input.members.map((member) => ({ ...member, user: member.id })),
    ...(input.aliases ?? []),
  ];
  const members = named.map((member): RabbitmqRights => {
    const { id, user } = member;
    const own = exceptions.filter((exception) => exception.device === id);
    const granted = deviceAccess(access, exceptions, member);
    const origins: Record<string, LineOrigin> = {};
    const fill = (verb: 'write' | 'read' | 'deny') =>
      unique(
        granted[verb].map((template) => {
          const topic = fillTopic(template, { project, device: id });
          const isOwn = own.some((exception) => exception[verb].includes(template));
          origins[`${verb} ${topic}`] ??= isOwn
            ? { kind: 'exception', device: id, template }
            : { kind: 'role', role: member.role, template };
          return topic;
        }),
      );
    return {
      user,
      ...(user === id ? {} : { session: id }),
      write: fill('write'),
      read: fill('read'),
      deny: fill('deny'),
      ...(input.deviceIs === 'client' && member.role === 'device' ? { byClient: withClientId(project, granted) } : {}),
      origins,
    };
  });
  const all = [...members, observerRights(input)];
  return all.sort((a, b) => (a.user < b.user ? -1 : a.user > b.user ? 1 : 0));
}

/** Stands for the client id until the expression is written: no id and no topic has this character (Unicode, noncharacters). */
const clientId = '\ufdd0';

/** Undefined when no topic names the device: then its client id decides nothing. */
function withClientId(project: string, granted: DeviceAccess): RabbitmqRights['byClient'] {
  if (![...granted.write, ...granted.read].some((template) => template.includes('{device}'))) return undefined;
  const fill = (templates: readonly string[]) => unique(templates.map((each) => fillTopic(each, { project, device: clientId })));
  return { write: fill(granted.write), read: fill(granted.read) };
}

/** The observer reads the whole project and what roles use besides it, and writes whatever devices listen to. */
function observerRights({ project, access, exceptions = [], observer }: RabbitmqAccessInput): RabbitmqRights {
  const whole = `${project}/#`;
  const ofExceptions = exceptions.flatMap(({ device, write, read }) =>
    [...write, ...read].map((template) => fillTopic(template, { project, device })),
  );
  const used = access
    .flatMap((rule) => [...rule.write, ...rule.read].map((template) => topicOfAllDevices(template, project)))
    .concat(ofExceptions)
    // `#` of an administrator is not a topic of this project, and RabbitMQ has no $SYS
    .filter((topic) => !filterCovers(whole, topic) && !filterCovers(topic, whole) && !topic.startsWith('$SYS'));
  const commands = access.filter((rule) => rule.role === 'device').flatMap((rule) => rule.read);
  const write = unique(commands.map((template) => topicOfAllDevices(template, project)));
  const read = unique([whole, ...used]);
  const named = [...write.map((topic) => `write ${topic}`), ...read.map((topic) => `read ${topic}`)];
  return { user: observer, write, read, origins: Object.fromEntries(named.map((name) => [name, { kind: 'observer' }])) };
}

function unique(topics: readonly string[]): string[] {
  return [...new Set(topics)];
}

/** Matches nothing that a client can send: a topic has at least one character. */
const nothing = '^$';

/**
 * The expression for `write`. A topic name may hold `*`, which would reach subscribers as `+`, and MQTT clients end
 * the connection over such a topic: nobody may write one.
 */
export function writeExpression({ write, deny = [], byClient }: Expressed<'write'>): string {
  const of = (filters: readonly string[]) => filters.map((filter) => levels(filter, '[^.#*]*', '[^#*]*'));
  const named = expression(
    of(write),
    deny.map((filter) => levels(filter, '[^.]*', '[\\s\\S]*')),
  );
  return byClient ? bothExpressions(named, expression(of(byClient.write), [])) : named;
}

type Expressed<Verb extends 'write' | 'read'> = Pick<RabbitmqRights, Verb | 'deny' | 'byClient'>;

/**
 * What `named` allows and `byClient` as well. RabbitMQ puts the client id in place of `{client_id}` as it was sent, without escaping it
 * (rabbit_auth_backend_internal, expand_topic_permission): an id like `x)|.*|(?:y` becomes part of the expression. So what is not
 * allowed by name is refused before: (*COMMIT) lets PCRE try nothing else then, neither another alternative nor another beginning.
 */
function bothExpressions(named: string, byClient: string): string {
  return named === nothing || byClient === nothing
    ? nothing
    : `(?!${named})(*COMMIT)(*FAIL)|${byClient.replaceAll(clientId, '{client_id}')}`;
}

/**
 * The expression for `read`, over the filters that a client may subscribe to: a filter is allowed when a granted one
 * covers it. A filter that would bring a single topic of a denied one is refused as a whole, because RabbitMQ looks
 * at nothing when it delivers.
 */
export function readExpression({ read, deny = [], byClient }: Expressed<'read'>): string {
  const of = (filters: readonly string[]) => filters.map((filter) => levels(filter, '[^.#]*', '[\\s\\S]*'));
  const named = expression(of(read), deny.map(overlapping));
  return byClient ? bothExpressions(named, expression(of(byClient.read), [])) : named;
}

function expression(allowed: readonly string[], denied: readonly string[]): string {
  if (allowed.length === 0) return nothing;
  // `$` would also stand before a line feed at the end (PCRE); \z is the end
  const without = denied.length === 0 ? '' : `(?!(?:${denied.join('|')})\\z)`;
  return `^${without}(?:${allowed.join('|')})\\z`;
}

/** What `filter` covers. MQTT 5 §4.7.2: a wildcard at the beginning stands for no level that starts with `$`. */
function levels(filter: string, one: string, rest: string): string {
  const parts = filter.split('/');
  return parts
    .map((part, index) => {
      const first = index === 0;
      // also the parent itself: `lab/#` covers `lab` (§4.7.1.2)
      if (part === '#') return first ? `(?!\\$)${rest}` : `(?:\\.${rest})?`;
      return `${first ? '' : '\\.'}${part === '+' ? `${first ? '(?!\\$)' : ''}${one}` : literal(part)}`;
    })
    .join('');
}

/** Every filter (as a key) that has a topic in common with this one. RabbitMQ takes `#` anywhere, so it counts anywhere. */
function overlapping(filter: string): string {
  const parts = filter.split('/');
  const anything = '[\\s\\S]*';
  const hash = `#(?:\\.${anything})?`;
  const from = (index: number): string => {
    const part = parts[index] ?? '';
    if (part === '#') return anything;
    const level = part === '+' ? '[^.#]*' : `(?:${literal(part)}|\\*)`;
    const next = parts[index + 1];
    const tail = next === undefined ? `(?:\\.${hash})?` : next === '#' ? `(?:\\.${anything})?` : `\\.${from(index + 1)}`;
    return `(?:${hash}|${level}${tail})`;
  };
  return from(0);
}

/** Names and topics of ours need few of these; a `.` in one is a level of its own to RabbitMQ. */
function literal(text: string): string {
  return routingKey(text).replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');
}

/** Line of each user's topic permission in definitions.json, from 1: see definitionsJson for what stands before. */
export function topicPermissionLines(all: readonly RabbitmqRights[]): ReadonlyMap<string, number> {
  return new Map(all.map(({ user }, index) => [user, 10 + 2 * all.length + index]));
}

export interface RabbitmqQuery {
  readonly user: string;
  /** Left out: the id that the user's session has. */
  readonly clientId?: string | undefined;
  /** The topic of a message; for `subscribe` the filter asked for. */
  readonly topic: string;
  readonly verb: 'read' | 'write' | 'subscribe';
}

/**
 * `filter`: a granted filter decided. `denied`: a denial did. `no-filter`: nothing fits, and what is not allowed is denied.
 * `other-client`: the user may, but not with this client id. `no-user`: RabbitMQ lets nobody in whom it does not know. `too-long`: a routing key has at most 255 bytes.
 */
export interface RabbitmqDecision {
  readonly allowed: boolean;
  readonly reason: 'filter' | 'denied' | 'no-filter' | 'other-client' | 'no-user' | 'too-long';
  /** The granted or denied filter, as it was given. */
  readonly filter: string | null;
}

/** AMQP 0-9-1 §4.2.5.3: a routing key is a short string. */
const keyMaximumBytes = 255;

/**
 * Decides as RabbitMQ 3.10 does with these rights: by the very expressions that go into its definitions. `read` is
 * true when some filter that the user may subscribe to brings the topic. Made once; a decision then costs one user's
 * expressions.
 */
export function rabbitmqEvaluator(all: readonly RabbitmqRights[]): (query: RabbitmqQuery) => RabbitmqDecision {
  const users = new Map(all.map((rights) => [rights.user, rights]));
  const compiled = new Map<RabbitmqRights, { write: RegExp; read: RegExp }>();
  return ({ user, clientId: id, topic, verb }) => {
    const rights = users.get(user);
    if (!rights) return { allowed: false, reason: 'no-user', filter: null };
    const key = routingKey(topic);
    if (utf8Length(key) > keyMaximumBytes) return { allowed: false, reason: 'too-long', filter: null };
    const named = { ...rights, byClient: undefined };
    const own = compiled.get(rights) ?? { write: regExp(writeExpression(named)), read: regExp(readExpression(named)) };
    compiled.set(rights, own);
    const decision = byName(rights, own, key, verb);
    if (!decision.allowed || id === undefined || id === (rights.session ?? user)) return decision;
    // a subscription needs a queue, and a user may have those of its own session only
    const mayAs = verb === 'write' && (!rights.byClient || writesAs(rights.byClient.write, id, key));
    return mayAs ? decision : { ...decision, allowed: false, reason: 'other-client' };
  };
}

/** What RabbitMQ makes of a client id in an expression, also of one that is itself an expression, or half of one. */
function writesAs(filters: readonly string[], id: string, key: string): boolean {
  try {
    // only from the beginning: anywhere else what is not allowed by name has ended the search
    return regExp(
      writeExpression({ write: filters }).replaceAll(clientId, () => id),
      'y',
    ).test(key);
  } catch {
    return false;
  }
}

function byName(
  rights: RabbitmqRights,
  own: { readonly write: RegExp; readonly read: RegExp },
  key: string,
  verb: RabbitmqQuery['verb'],
): RabbitmqDecision {
  if (verb === 'write') return told(own.write.test(key), rights.write, rights.deny, key, (f) => writeExpression({ write: [f] }));
  const direct = told(own.read.test(key), rights.read, rights.deny, key, (f) => readExpression({ read: [f] }));
  if (verb === 'subscribe' || direct.allowed) return direct;
  // a granted filter may bring more than it covers: to RabbitMQ a `$` at the beginning is nothing special
  const wider = rights.read.find((filter) => own.read.test(routingKey(filter)) && keyMatches(routingKey(filter), key));
  return wider === undefined ? direct : { allowed: true, reason: 'filter', filter: wider };
}

/** `\z` is written `$` in JavaScript, where that is the end and nothing else as long as lines are not looked at. */
function regExp(text: string, flags = ''): RegExp {
  return new RegExp(text.replaceAll('\\z', '$'), flags);
}

function told(
  allowed: boolean,
  granted: readonly string[],
  denied: readonly string[] | undefined,
  key: string,
  alone: (filter: string) => string,
): RabbitmqDecision {
  const filter = granted.find((one) => regExp(alone(one)).test(key)) ?? null;
  if (allowed) return { allowed, reason: 'filter', filter };
  if (filter === null) return { allowed, reason: 'no-filter', filter };
  const by = denied?.find(
    (one) => regExp(`^${overlapping(one)}$`).test(key) || regExp(`^${levels(one, '[^.]*', '[\\s\\S]*')}$`).test(key),
  );
  return { allowed, reason: 'denied', filter: by ?? null };
}

/** Whether a binding brings a message (AMQP 0-9-1, topic exchange): `*` is one word, `#` any number of them, anywhere. */
export function keyMatches(binding: string, key: string): boolean {
  const words = binding.split('.');
  const given = key.split('.');
  const from = (i: number, j: number): boolean => {
    if (i === words.length) return j === given.length;
    if (words[i] === '#') return from(i + 1, j) || (j < given.length && from(i, j + 1));
    return j < given.length && (words[i] === '*' || words[i] === given[j]) && from(i + 1, j + 1);
  };
  return from(0, 0);
}
