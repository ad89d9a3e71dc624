import { FieldkeyError } from '../../../shared/errors.ts';
import type { AccessRule } from '../../../shared/model/access.ts';
import type { DeviceRequest } from '../../../shared/model/device.ts';
import { type AccessLine, type AccessList, accessListText, lineText } from '../../../shared/rules/access-list.ts';
import { fillTopic, topicOfAllDevices } from '../../../shared/rules/topic.ts';
import { filterCovers, filtersOverlap } from '../../../shared/rules/topic-filter.ts';

/** What a user may do with a topic, in the words of the access file. */
type Access = 'read' | 'write' | 'readwrite';

interface Grant {
  readonly topic: string;
  readonly access: Access;
}

/** A right that a member has besides its role, because Mosquitto has no way to take it away alone. */
export interface AclGap {
  readonly member: string;
  readonly topic: string;
  readonly access: Access;
}

export interface AclInput {
  readonly project: string;
  readonly access: readonly AccessRule[];
  /** Everyone whose role is not `device`. */
  readonly members: readonly DeviceRequest[];
  /** The identity that reads everything and writes commands. */
  readonly observer: string;
}

export interface CompiledAcl {
  /** Line by line; shared/rules/access-list.ts decides by it as the broker does. */
  readonly list: AccessList;
  /** The same as the file's text. */
  readonly text: string;
  readonly gaps: readonly AclGap[];
}

/**
 * Compiles the access rules for Mosquitto's `acl_file` (mosquitto.conf(5), "acl_file").
 *
 * The role `device` becomes `pattern` lines, so that adding a device changes nothing; everyone else gets a `user`
 * block. Mosquitto applies patterns to every user, so each block also denies what the patterns would give its user on
 * top of its role: the denials of a user block are looked at before any pattern. Where a denial would take away
 * what the role does give, the right stays and is reported as a gap.
 */
export function compileAcl(input: AclInput): CompiledAcl {
  const { project, access } = input;
  const patterns = grantsOf(access, 'device', (topic) => fillTopic(topic, { project, device: '%u' }));
  const members = [...input.members].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const gaps: AclGap[] = [];
  const list: AccessLine[] = [
    comment(`Written by Fieldkey for the project ${project}. Who is not named here and has no pattern may do nothing.`),
    comment('Patterns hold for every user; %u is the name in the certificate. A new device needs no new line.'),
    ...patterns.map((grant) => ({ kind: 'pattern', ...grant }) as const),
  ];
  const block = (id: string, grants: readonly Grant[]) => {
    const fromPatterns = grantsOf(access, 'device', (topic) => fillTopic(topic, { project, device: id }));
    const ownNamed = new Set(
      templatesOf(access, 'device')
        .filter((t) => t.includes('{device}'))
        .map((t) => fillTopic(t, { project, device: id })),
    );
    const found = fromPatterns.flatMap((pattern) => excess(pattern, grants, ownNamed.has(pattern.topic)));
    for (const { grant } of found.filter((f) => !f.deniable)) gaps.push({ member: id, ...grant });
    list.push({ kind: 'blank' }, { kind: 'user', user: id });
    for (const { grant } of found.filter((f) => f.deniable)) list.push({ kind: 'topic', access: 'deny', topic: grant.topic });
    for (const grant of grants) list.push({ kind: 'topic', ...grant });
  };
  for (const member of members)
    block(
      member.id,
      grantsOf(access, member.role, (topic) => fillTopic(topic, { project, device: member.id })),
    );
  block(input.observer, observerGrants(input));
  for (const line of list) assertOneLine(lineText(line));
  return { list, text: accessListText(list), gaps };
}

function comment(text: string): AccessLine {
  return { kind: 'comment', text };
}

/** The observer reads the whole project and what roles use besides it, and writes whatever devices listen to. */
function observerGrants({ project, access }: AclInput): Grant[] {
  const whole = `${project}/#`;
  const used = access
    .flatMap((rule) => [...rule.write, ...rule.read])
    .map((template) => topicOfAllDevices(template, project))
    // `#` of an administrator is not a topic of this project, and $SYS has its own line below
    .filter((topic) => !filterCovers(whole, topic) && !filterCovers(topic, whole) && !topic.startsWith('$SYS'));
  const read = [whole, ...new Set(used)];
  const write = new Set(
    access.filter((rule) => rule.role === 'device').flatMap((rule) => rule.read.map((t) => topicOfAllDevices(t, project))),
  );
  return [...merge(read, [...write]), { topic: '$SYS/broker/#', access: 'read' }];
}

function templatesOf(access: readonly AccessRule[], role: string): string[] {
  return access.filter((rule) => rule.role === role).flatMap((rule) => [...rule.write, ...rule.read]);
}

function grantsOf(access: readonly AccessRule[], role: string, fill: (template: string) => string): Grant[] {
  const rules = access.filter((rule) => rule.role === role);
  return merge(
    rules.flatMap((rule) => rule.read.map(fill)),
    rules.flatMap((rule) => rule.write.map(fill)),
  );
}

/** One line a topic: written first, then read, a topic in both lists is `readwrite`. */
function merge(read: readonly string[], write: readonly string[]): Grant[] {
  return [...new Set([...write, ...read])].map((topic) => {
    const both = write.includes(topic) && read.includes(topic);
    return { topic, access: both ? 'readwrite' : write.includes(topic) ? 'write' : 'read' };
  });
}

/**
 * What a pattern gives a member besides its own grants, and whether a denial may close it. A denial takes reading *and*
 * writing (Mosquitto knows no other), so it may only cost the reading of the one topic that carries the member's own
 * name and that no device writes: a dashboard that reads `lab/#` loses `lab/energy/dash-1`, which nobody may fill.
 */
function excess(
  pattern: Grant,
  own: readonly Grant[],
  ownNamed: boolean,
): { readonly grant: Grant; readonly deniable: boolean }[] {
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
  return [{ grant: { topic: pattern.topic, access }, deniable: touched.length === 0 || (ownNamed && onlyWideReading) }];
}

/** shared/rules has refused these long ago; here they would add a line of somebody's choice to an access list. */
function assertOneLine(line: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]/.test(line)) {
    throw new FieldkeyError('INTERNAL', { detail: 'control character in a line of the access list' });
  }
}
