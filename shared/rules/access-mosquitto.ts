import { FieldkeyError } from '../errors.ts';
import type { AccessException, AccessRule } from '../model/access.ts';
import type { DeviceRequest } from '../model/device.ts';
import type { DeviceName } from '../model/kit.ts';
import { type AccessLine, type AccessList, accessListText, lineText } from './access-list.ts';
import { fillTopic, topicOfAllDevices } from './topic.ts';
import { filterCovers, filtersOverlap } from './topic-filter.ts';

/** What a user may do with a topic, in the words of the access file. */
type Access = 'read' | 'write' | 'readwrite';

interface Grant {
  readonly topic: string;
  readonly access: Access;
  readonly origin: LineOrigin;
}

/**
 * Why a line is in the list: a topic template of a role, an exception of one device, the observer's own rights, or a
 * `shield`: a denial that keeps the rules for devices from giving somebody else more than its role.
 */
export type LineOrigin =
  | { readonly kind: 'role'; readonly role: string; readonly template: string }
  | { readonly kind: 'exception'; readonly device: string; readonly template: string }
  | { readonly kind: 'shield'; readonly member: string }
  | { readonly kind: 'observer' };

/** A right that a member has besides its role, because Mosquitto has no way to take it away alone. */
export interface AclGap {
  readonly member: string;
  readonly topic: string;
  readonly access: Access;
}

export interface AclInput {
  readonly project: string;
  readonly access: readonly AccessRule[];
  readonly exceptions?: readonly AccessException[] | undefined;
  /** Everyone whose role is not `device`. */
  readonly members: readonly DeviceRequest[];
  /** The identity that reads everything and writes commands. */
  readonly observer: string;
  /**
   * User names that stand for a device besides its id: while its password is changed both are taken, and where devices share
   * a certificate, the name in it stands for all of them.
   */
  readonly aliases?: readonly UserAlias[] | undefined;
  /** What stands for a device in the topics of its role; left out = `user`. */
  readonly deviceIs?: DeviceName | undefined;
  /**
   * True: clients choose their client ids, because devices share a certificate. Otherwise the broker makes the user name the client id
   * (`use_username_as_clientid`), whatever a client sends.
   */
  readonly ownClientIds?: boolean | undefined;
}

export interface UserAlias {
  readonly user: string;
  /** The device that it stands for. */
  readonly id: string;
  readonly role: string;
  /** The name of a certificate that several devices share; otherwise the name of a second password. */
  readonly shared?: boolean | undefined;
}

export interface CompiledAcl {
  /** Line by line; shared/rules/access-list.ts decides by it as the broker does. */
  readonly list: AccessList;
  /** Why each line is there, by the same index; null for comments, blanks and `user` lines. */
  readonly origins: readonly (LineOrigin | null)[];
  /** The same as the file's text. */
  readonly text: string;
  readonly gaps: readonly AclGap[];
}

/**
 * Compiles the access rules for Mosquitto's `acl_file` (mosquitto.conf(5), "acl_file").
 *
 * The role `device` becomes `pattern` lines, so that adding a device changes nothing; everyone else gets a `user`
 * block, and so does a device with an exception. Mosquitto applies patterns to every user, so each block also denies what the
 * patterns would give its user on top of its role: the denials of a user block are looked at before any pattern. Where a
 * denial would take away what the role does give, the right stays and is reported as a gap.
 *
 * A denial wins everywhere. Since the lines of a user go before all patterns, the block of a device with an exception repeats
 * the denials of its role that touch what the exception gives.
 */
export function compileAcl(input: AclInput): CompiledAcl {
  const { project, access, exceptions = [] } = input;
  const byClient = input.deviceIs === 'client';
  const patterns = grantsOf(templatesOf(access, 'device'), (topic) =>
    fillTopic(topic, { project, device: byClient ? '%c' : '%u' }),
  );
  const gaps: AclGap[] = [];
  const list: AccessLine[] = [];
  const origins: (LineOrigin | null)[] = [];
  const add = (line: AccessLine, origin: LineOrigin | null = null) => {
    list.push(line);
    origins.push(origin);
  };
  add(comment(`Written by Fieldkey for the project ${project}. Who is not named here and has no pattern may do nothing.`));
  const means = byClient
    ? `%c is the client id${input.ownClientIds ? ', which nothing proves' : ', and the broker makes the user name the client id'}`
    : '%u is the name in the certificate';
  add(comment(`Patterns hold for every user; ${means}. A new device needs no new line.`));
  for (const { topic, origin } of patterns.deny) add({ kind: 'pattern', access: 'deny', topic }, origin);
  for (const grant of patterns.grants) add({ kind: 'pattern', access: grant.access, topic: grant.topic }, grant.origin);

  const block = (id: string, { deny, grants }: Filled, shields: readonly Grant[]) => {
    add({ kind: 'blank' });
    add({ kind: 'user', user: id });
    for (const { topic, origin } of deny) add({ kind: 'topic', access: 'deny', topic }, origin);
    for (const { topic } of shields) add({ kind: 'topic', access: 'deny', topic }, { kind: 'shield', member: id });
    for (const grant of grants) add({ kind: 'topic', access: grant.access, topic: grant.topic }, grant.origin);
  };
  const member = (id: string, filled: Filled) => {
    const found = excessOf(access, project, id, filled);
    for (const { grant } of found.filter((f) => !f.deniable)) gaps.push({ member: id, topic: grant.topic, access: grant.access });
    block(
      id,
      filled,
      found.filter((f) => f.deniable).map(({ grant }) => grant),
    );
  };
  const named = [
    ...input.members.map(({ id, role }) => ({ id, role })),
    ...exceptions
      .filter(({ device }) => !input.members.some(({ id }) => id === device))
      .map(({ device }) => ({ id: device, role: 'device' })),
  ].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  for (const { id, role } of named) {
    const fill = (topic: string) => fillTopic(topic, { project, device: id });
    const own = exceptionTemplates(exceptions, id);
    if (role === 'device') block(id, exceptionOf(templatesOf(access, 'device'), own, fill), []);
    else member(id, grantsOf([...templatesOf(access, role), ...own], fill));
  }
  // the patterns would give it topics of a device that there is not: it gets those of its devices instead
  for (const [user, aliases] of byUser(input.aliases ?? [])) {
    if (byClient && aliases.some(({ shared, role }) => shared && role === 'device')) {
      // the client id tells these apart, and the patterns give each its own: nothing that closes them may stand here
      const beside = aliases.map((alias) => besidePatterns(input, alias));
      if (beside.some(({ deny, grants }) => deny.length + grants.length > 0)) block(user, unitedOf(beside), []);
      continue;
    }
    const filled = aliases.map(({ id, role }) =>
      grantsOf([...templatesOf(access, role), ...exceptionTemplates(exceptions, id)], (topic) =>
        fillTopic(topic, { project, device: id }),
      ),
    );
    member(user, unitedOf(filled));
  }
  member(input.observer, { deny: [], grants: observerGrants(input) });
  for (const line of list) assertOneLine(lineText(line));
  return { list, origins, text: accessListText(list), gaps };
}

function byUser(aliases: readonly UserAlias[]): [string, UserAlias[]][] {
  const found = new Map<string, UserAlias[]>();
  for (const alias of aliases) found.set(alias.user, [...(found.get(alias.user) ?? []), alias]);
  return [...found].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

/** What several devices may do that the broker cannot tell apart; what one of them is denied is denied to all. */
function unitedOf(all: readonly Filled[]): Filled {
  const grants = all.flatMap((each) => each.grants);
  const reads = (topic: string) => grants.some((each) => each.topic === topic && each.access !== 'write');
  const writes = (topic: string) => grants.some((each) => each.topic === topic && each.access !== 'read');
  return {
    deny: firstOfEach(all.flatMap((each) => each.deny)),
    grants: firstOfEach(grants).map((grant) => ({
      ...grant,
      access: reads(grant.topic) && writes(grant.topic) ? 'readwrite' : grant.access,
    })),
  };
}

function comment(text: string): AccessLine {
  return { kind: 'comment', text };
}

/** A template with what it gives and where it comes from. */
interface Template {
  readonly verb: 'write' | 'read' | 'deny';
  readonly template: string;
  readonly origin: LineOrigin;
}

interface Filled {
  readonly deny: readonly { readonly topic: string; readonly origin: LineOrigin }[];
  readonly grants: readonly Grant[];
}

function templatesOf(access: readonly AccessRule[], role: string): Template[] {
  return access
    .filter((rule) => rule.role === role)
    .flatMap((rule) => listed(rule, (template) => ({ kind: 'role', role, template })));
}

function exceptionTemplates(exceptions: readonly AccessException[], device: string): Template[] {
  return exceptions
    .filter((exception) => exception.device === device)
    .flatMap((exception) => listed(exception, (template) => ({ kind: 'exception', device, template })));
}

function listed(
  topics: { readonly write: readonly string[]; readonly read: readonly string[]; readonly deny?: readonly string[] | undefined },
  origin: (template: string) => LineOrigin,
): Template[] {
  return (['write', 'read', 'deny'] as const).flatMap((verb) =>
    (topics[verb] ?? []).map((template) => ({ verb, template, origin: origin(template) })),
  );
}

/** One line a topic: written first, then read; a topic in both lists is `readwrite`. */
function grantsOf(templates: readonly Template[], fill: (template: string) => string): Filled {
  const filled = templates.map((each) => ({ ...each, topic: fill(each.template) }));
  const of = (verb: Template['verb']) => filled.filter((each) => each.verb === verb);
  const [write, read] = [of('write'), of('read')];
  const has = (list: typeof filled, topic: string) => list.some((each) => each.topic === topic);
  const grants = firstOfEach([...write, ...read]).map(({ topic, origin }): Grant => {
    const both = has(write, topic) && has(read, topic);
    return { topic, origin, access: both ? 'readwrite' : has(write, topic) ? 'write' : 'read' };
  });
  return { deny: firstOfEach(of('deny')).map(({ topic, origin }) => ({ topic, origin })), grants };
}

function firstOfEach<T extends { readonly topic: string }>(all: readonly T[]): T[] {
  return all.filter((each, index) => all.findIndex((other) => other.topic === each.topic) === index);
}

/** What one device has besides the patterns, with the denials of its role that its own rights would go before. */
function exceptionOf(role: readonly Template[], own: readonly Template[], fill: (template: string) => string): Filled {
  const filled = grantsOf(own, fill);
  const ofRole = grantsOf(role, fill).deny.filter(({ topic }) =>
    filled.grants.some((grant) => filtersOverlap(grant.topic, topic)),
  );
  return { deny: firstOfEach([...filled.deny, ...ofRole]), grants: filled.grants };
}

/** What a device has that the patterns cannot say; who has another role has no patterns at all. */
function besidePatterns({ project, access, exceptions = [] }: AclInput, { id, role }: UserAlias): Filled {
  const fill = (topic: string) => fillTopic(topic, { project, device: id });
  const own = exceptionTemplates(exceptions, id);
  if (role !== 'device') return grantsOf([...templatesOf(access, role), ...own], fill);
  return exceptionOf(templatesOf(access, 'device'), own, fill);
}

/** The observer reads the whole project and what roles use besides it, and writes whatever devices listen to. */
function observerGrants({ project, access, exceptions = [] }: AclInput): Grant[] {
  const whole = `${project}/#`;
  const ofExceptions = (verb: 'write' | 'read') =>
    exceptions.flatMap((exception) => exception[verb].map((topic) => fillTopic(topic, { project, device: exception.device })));
  const used = [
    ...access.flatMap((rule) => [...rule.write, ...rule.read]).map((template) => topicOfAllDevices(template, project)),
    ...ofExceptions('write'),
    ...ofExceptions('read'),
  ]
    // `#` of an administrator is not a topic of this project, and $SYS has its own line below
    .filter((topic) => !filterCovers(whole, topic) && !filterCovers(topic, whole) && !topic.startsWith('$SYS'));
  const read = [whole, ...used];
  const write = [
    ...access.filter((rule) => rule.role === 'device').flatMap((rule) => rule.read.map((t) => topicOfAllDevices(t, project))),
    ...ofExceptions('read').filter((topic) => !topic.startsWith('$SYS')),
  ];
  const origin: LineOrigin = { kind: 'observer' };
  const templates = [
    ...write.map((template) => ({ verb: 'write' as const, template, origin })),
    ...read.map((template) => ({ verb: 'read' as const, template, origin })),
  ];
  return [...grantsOf(templates, (topic) => topic).grants, { topic: '$SYS/broker/#', access: 'read', origin }];
}

/** What the patterns give a member besides its role, topic by topic. */
function excessOf(access: readonly AccessRule[], project: string, id: string, { deny, grants }: Filled): Excess[] {
  const device = templatesOf(access, 'device');
  const patterns = grantsOf(device, (topic) => fillTopic(topic, { project, device: id }));
  const ownNamed = new Set(
    device
      .filter(({ template }) => template.includes('{device}'))
      .map(({ template }) => fillTopic(template, { project, device: id })),
  );
  const denied = [...deny, ...patterns.deny];
  return patterns.grants
    .filter((pattern) => !denied.some(({ topic }) => filterCovers(topic, pattern.topic)))
    .flatMap((pattern) => excess(pattern, grants, ownNamed.has(pattern.topic)));
}

interface Excess {
  readonly grant: Grant;
  readonly deniable: boolean;
}

/**
 * What a pattern gives a member besides its own grants, and whether a denial may close it. A denial takes reading *and*
 * writing (Mosquitto knows no other), so it may only cost the reading of the one topic that carries the member's own
 * name and that no device writes: a dashboard that reads `lab/#` loses `lab/energy/dash-1`, which nobody may fill.
 */
function excess(pattern: Grant, own: readonly Grant[], ownNamed: boolean): Excess[] {
  const allows = (grant: Grant, verb: 'read' | 'write') => grant.access === verb || grant.access === 'readwrite';
  const covered = (verb: 'read' | 'write') =>
    own.some((grant) => allows(grant, verb) && filterCovers(grant.topic, pattern.topic));
  const missing = (['read', 'write'] as const).filter((verb) => allows(pattern, verb) && !covered(verb));
  if (missing.length === 0) return [];
  const touched = own.filter((grant) => filtersOverlap(grant.topic, pattern.topic));
  const onlyWideReading = touched.every(
    (grant) => grant.access === 'read' && grant.topic !== pattern.topic && filterCovers(grant.topic, pattern.topic),
  );
  const access: Access = missing.length === 2 ? 'readwrite' : (missing[0] ?? 'read');
  const deniable = touched.length === 0 || (ownNamed && onlyWideReading);
  return [{ grant: { topic: pattern.topic, access, origin: pattern.origin }, deniable }];
}

/** shared/rules has refused these long ago; here they would add a line of somebody's choice to an access list. */
function assertOneLine(line: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]/.test(line)) {
    throw new FieldkeyError('INTERNAL', { detail: 'control character in a line of the access list' });
  }
}
