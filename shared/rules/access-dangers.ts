import type { AccessException, AccessRule } from '../model/access.ts';
import { deviceAccess } from './device-access.ts';
import { fillTopic } from './topic.ts';
import { filterCovers, filtersOverlap } from './topic-filter.ts';

/**
 * What is pointed out while access rules are edited. Nothing here is forbidden: each has its uses, and each is more often a mistake.
 * `risk`: somebody can do what nobody would want. `useless`: the rule has no effect. `note`: good to know.
 */
export const dangerKinds = {
  /** Writes every topic of every project on the broker. */
  'writes-everything': 'risk',
  /** Reads every topic on the broker. */
  'reads-everything': 'risk',
  /** `#` stops before `$SYS`. */
  'hash-without-sys': 'note',
  /** Any device may write here: who wrote it cannot be told, and each can speak for the others. */
  'write-without-device': 'risk',
  /** Every device reads what is meant for others. */
  'read-of-others': 'risk',
  /** By two templates together one device may write the topic of another one; `device` is an id with which it can. */
  'write-of-others': 'risk',
  /** A `+` before the last level also stands for other branches. */
  'wildcard-middle': 'risk',
  /** A device may write the topic on which it is commanded. */
  'commands-itself': 'note',
  /** Topics that only the broker writes, or that nobody can be allowed. */
  'broker-topic': 'useless',
  /** Every topic of it is denied as well; a denial always wins. */
  'denied-anyway': 'useless',
  /** It denies what nothing allows. */
  'denies-nothing': 'useless',
  /** The role allows it already. */
  'allowed-already': 'useless',
  /** Belongs to another project, or to none: outside of `{project}/`. */
  'outside-project': 'note',
} as const satisfies Record<string, 'risk' | 'useless' | 'note'>;
export type DangerKind = keyof typeof dangerKinds;

/** One finding: at the role or at the exception of a device, for one topic. */
export interface AccessDanger {
  readonly kind: DangerKind;
  /** The role, or the id of the device whose exception it is. */
  readonly at: { readonly role: string } | { readonly device: string };
  readonly verb: 'write' | 'read' | 'deny';
  readonly topic: string;
  /** A second topic that it takes; empty where none is needed. */
  readonly other: string;
  /** The id of a device that shows it; empty where any does. */
  readonly device: string;
}

interface Templates {
  readonly write: readonly string[];
  readonly read: readonly string[];
  readonly deny: readonly string[];
}

/**
 * Everything that is worth a second look in these rules.
 * `project` is the project's name; templates with mistakes (rules/topic.ts) are best left out before.
 */
export function accessDangers(
  project: string,
  access: readonly AccessRule[],
  exceptions: readonly AccessException[] = [],
  roleOf: (device: string) => string = () => 'device',
): AccessDanger[] {
  const ofRoles = access.flatMap(({ role, write, read, deny = [] }) => {
    const found: AccessDanger[] = [];
    const add: Add = (kind, verb, topic, other = '', example = '') =>
      found.push({ kind, at: { role }, verb, topic, other, device: example });
    general({ write, read, deny }, project, role === 'admin', add);
    if (role === 'device') betweenDevices({ write, read, deny }, project, add);
    return found;
  });
  const ofDevices = exceptions.flatMap((exception) => {
    const { device } = exception;
    const found: AccessDanger[] = [];
    const add: Add = (kind, verb, topic, other = '', example = '') =>
      found.push({ kind, at: { device }, verb, topic, other, device: example });
    const role = deviceAccess(access, [], { id: device, role: roleOf(device) });
    general(exception, project, false, add, role);
    const fill = (topic: string) => fillTopic(topic, { project, device });
    for (const verb of ['write', 'read'] as const) {
      for (const topic of exception[verb]) {
        if (role[verb].some((each) => filterCovers(fill(each), fill(topic)))) add('allowed-already', verb, topic);
      }
    }
    return found;
  });
  return [...ofRoles, ...ofDevices];
}

type Add = (kind: DangerKind, verb: AccessDanger['verb'], topic: string, other?: string, example?: string) => void;

/** What holds for any role. `role`: for an exception, what its device has by its role. */
function general(
  own: Templates,
  project: string,
  isAdmin: boolean,
  add: Add,
  role: Templates = { write: [], read: [], deny: [] },
): void {
  // one id that no topic names stands for whoever has the role
  const fill = (topic: string) => fillTopic(topic, { project, device: anyDevice });
  const deny = [...own.deny, ...role.deny];
  for (const verb of ['write', 'read'] as const) {
    for (const topic of own[verb]) {
      const filled = fill(topic);
      if (brokerOnly(filled, verb)) add('broker-topic', verb, topic);
      else if (!isAdmin && coversEverything(filled))
        add(verb === 'write' ? 'writes-everything' : 'reads-everything', verb, topic);
      else if (!filled.startsWith(`${project}/`) && filled !== project && !filled.startsWith('$') && !coversEverything(filled))
        add('outside-project', verb, topic);
      if (verb === 'read' && filled === '#' && !own.read.some((each) => each.startsWith('$SYS')))
        add('hash-without-sys', verb, topic);
      const denial = deny.find((each) => filterCovers(fill(each), filled));
      if (denial !== undefined) add('denied-anyway', verb, topic, denial);
    }
  }
  const allowed = [...own.write, ...own.read, ...role.write, ...role.read];
  for (const topic of own.deny) {
    if (!allowed.some((each) => filtersOverlap(fill(each), fill(topic)))) add('denies-nothing', 'deny', topic);
  }
}

/** What holds for many that share the same templates: may one of them speak for another one, or listen in? */
function betweenDevices({ write, read, deny }: Templates, project: string, add: Add): void {
  const fill = (topic: string, device = anyDevice) => fillTopic(topic, { project, device });
  const denied = (topic: string) => deny.some((each) => filterCovers(fill(each), fill(topic)));
  const seen = new Set<string>();
  for (const topic of write.filter((each) => !denied(each))) {
    if (coversEverything(fill(topic)) || topic.startsWith('$')) continue;
    if (!topic.includes('{device}')) add('write-without-device', 'write', topic);
    else if (plusInTheMiddle(topic)) add('wildcard-middle', 'write', topic, exampleOf(topic, [...read, ...write], project));
    for (const other of write) {
      const device = meeting(topic, other, project);
      // once for both directions
      if (device === null || seen.has(`${other}\0${topic}`) || topic === other) continue;
      seen.add(`${topic}\0${other}`);
      add('write-of-others', 'write', topic, other, device);
    }
    const commanded = read.find((each) => each !== topic && each.includes('{device}') && filtersOverlap(fill(each), fill(topic)));
    if (commanded !== undefined && !plusInTheMiddle(topic)) add('commands-itself', 'write', topic, commanded);
  }
  for (const topic of read.filter((each) => !denied(each))) {
    if (coversEverything(fill(topic)) || topic.startsWith('$')) continue;
    // a topic for all is no danger; one that takes in what carries other names is
    const listens = [...read, ...write].find(
      (each) => each !== topic && each.includes('{device}') && filtersOverlap(fill(topic, anyDevice), fill(each, otherDevice)),
    );
    if (listens !== undefined) add('read-of-others', 'read', topic, listens);
    else if (/[+#]/.test(topic) && !topic.includes('{device}')) add('read-of-others', 'read', topic);
  }
}

/** Ids that no topic of a project names: they match nothing but a wildcard. */
const anyDevice = 'any device of this role';
const otherDevice = 'another device of this role';

function coversEverything(filter: string): boolean {
  return /^(\+\/)*#$/.test(filter);
}

/** Mosquitto lets nobody write `$SYS` or use `$share` as a topic of a rule; see access-list.ts. */
function brokerOnly(filter: string, verb: 'write' | 'read'): boolean {
  return filter.startsWith('$share') || (verb === 'write' && filter.startsWith('$SYS'));
}

function plusInTheMiddle(topic: string): boolean {
  const levels = topic.split('/');
  return levels.some((level, index) => level === '+' && index < levels.length - 1);
}

/** Another topic of the same device that the wildcard takes in. */
function exampleOf(topic: string, others: readonly string[], project: string): string {
  const fill = (each: string) => fillTopic(each, { project, device: anyDevice });
  return others.find((each) => each !== topic && filtersOverlap(fill(each), fill(topic))) ?? '';
}

/**
 * The id of a device that by `one` may use what by `other` belongs to another device; empty when any can, null when none. Such an id is a
 * word of the other template: with `lab/{device}/#` and `lab/energy/{device}`, a device called `energy` may write every energy topic.
 */
function meeting(one: string, other: string, project: string): string | null {
  if (!one.includes('{device}') || !other.includes('{device}')) return null;
  const words = fillTopic(other, { project, device: '/' })
    .split('/')
    .filter((level) => level !== '' && !/[+#$]/.test(level));
  const candidates = [...new Set(words)].filter((word) => /^[A-Za-z0-9._-]{1,64}$/.test(word));
  const theirs = fillTopic(other, { project, device: otherDevice });
  if (filtersOverlap(fillTopic(one, { project, device: anyDevice }), theirs)) return '';
  return candidates.find((device) => filtersOverlap(fillTopic(one, { project, device }), theirs)) ?? null;
}
