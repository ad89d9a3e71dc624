import { filterCovers } from './topic-filter.ts';

/** What a line of an access list gives, in the words of the file; `deny` takes reading and writing. */
export type AccessWord = 'read' | 'write' | 'readwrite' | 'deny';

/**
 * One line of Mosquitto's `acl_file` (mosquitto.conf(5), "acl_file"). `topic` lines belong to the `user` line above them,
 * those before the first `user` line to clients without a user name.
 */
export type AccessLine =
  | { readonly kind: 'comment'; readonly text: string }
  | { readonly kind: 'blank' }
  | { readonly kind: 'user'; readonly user: string }
  | { readonly kind: 'topic'; readonly access: AccessWord; readonly topic: string }
  | { readonly kind: 'pattern'; readonly access: AccessWord; readonly topic: string };

/** A whole list; the index of a line plus one is its number in the file. */
export type AccessList = readonly AccessLine[];

export interface AccessQuery {
  /** Null = a client without a user name. */
  readonly user: string | null;
  readonly clientId: string;
  /** The topic of a message; for `subscribe` the filter asked for. */
  readonly topic: string;
  /** `read` is asked when a message would be delivered; Mosquitto never looks at the list when a client subscribes. */
  readonly verb: 'read' | 'write' | 'subscribe';
}

/**
 * Why a decision is as it is. `line`: a line of the list. `no-line`: none fits, and what is not allowed is denied.
 * `dangerous-name`: user name or client id has `+` or `#`, which would be wildcards in a
 * pattern (a slash is not refused: `%u` then stands for two levels). `broker-topic`: only
 * the broker itself writes `$SYS`, and nobody reads or writes `$share`. `subscribing`: never refused.
 */
export type AccessReason = 'line' | 'no-line' | 'dangerous-name' | 'broker-topic' | 'subscribing';

export interface AccessDecision {
  readonly allowed: boolean;
  readonly reason: AccessReason;
  /** Index into the list, of the line that decided; null unless `reason` is `line`. */
  readonly line: number | null;
}

/** What differs between versions of Mosquitto. */
export interface EvaluatorOptions {
  /** 2.1 replaces `%u` and `%c` only where they are a whole level; `dev-%u` stays as it is written. */
  readonly wholeLevelsOnly?: boolean;
}

interface Rule {
  readonly access: AccessWord;
  readonly topic: string;
  readonly line: number;
}

/** The text of the `acl_file`, byte for byte what a list stands for, with a line feed at its end. */
export function accessListText(list: AccessList): string {
  return `${list.map(lineText).join('\n')}\n`;
}

/** One line as it stands in the file, without its end. */
export function lineText(line: AccessLine): string {
  switch (line.kind) {
    case 'comment':
      return `# ${line.text}`;
    case 'blank':
      return '';
    case 'user':
      return `user ${line.user}`;
    default:
      return `${line.kind} ${line.access} ${line.topic}`;
  }
}

/**
 * Decides as Mosquitto does with this list (src/security_default.c): the lines of the user first, denials before
 * the rest, then the patterns, again denials first; the first line that fits decides, and no line means no.
 *
 * Made once per list: a decision then costs a look at the user's own lines and the patterns.
 */
export function accessEvaluator(list: AccessList, options: EvaluatorOptions = {}): (query: AccessQuery) => AccessDecision {
  const { users, anonymous, patterns } = indexed(list);
  const fill = options.wholeLevelsOnly ? fillWholeLevels : fillPattern;
  return ({ user, clientId, topic, verb }) => {
    if (verb === 'subscribe') return { allowed: true, reason: 'subscribing', line: null };
    if (ofBrokerOnly(topic, verb)) return { allowed: false, reason: 'broker-topic', line: null };
    const own = user === null ? anonymous : (users.get(user) ?? []);
    const byOwn = firstThatFits(own, topic, verb, (rule) => rule.topic);
    if (byOwn) return byOwn;
    if (patterns.length === 0) return none;
    // looked at only here: lines of its own hold for a dangerous name as well
    if (dangerous(user ?? '') || dangerous(clientId)) return { allowed: false, reason: 'dangerous-name', line: null };
    const filled = (rule: Rule) => (user === null && rule.topic.includes('%u') ? null : fill(rule.topic, user, clientId));
    return firstThatFits(patterns, topic, verb, filled) ?? none;
  };
}

const none: AccessDecision = { allowed: false, reason: 'no-line', line: null };

function indexed(list: AccessList): { users: Map<string, Rule[]>; anonymous: Rule[]; patterns: Rule[] } {
  const users = new Map<string, Rule[]>();
  const anonymous: Rule[] = [];
  const patterns: Rule[] = [];
  let block = anonymous;
  list.forEach((entry, line) => {
    if (entry.kind === 'user') {
      // a second block of the same user goes on with the first one
      block = users.get(entry.user) ?? [];
      users.set(entry.user, block);
    } else if (entry.kind === 'topic' || entry.kind === 'pattern') {
      const rules = entry.kind === 'topic' ? block : patterns;
      const rule = { access: entry.access, topic: entry.topic, line };
      // Mosquitto puts each denial in front of what it has read so far
      if (entry.access === 'deny') rules.unshift(rule);
      else rules.push(rule);
    }
  });
  return { users, anonymous, patterns };
}

function firstThatFits(
  rules: readonly Rule[],
  topic: string,
  verb: 'read' | 'write',
  filter: (rule: Rule) => string | null,
): AccessDecision | undefined {
  for (const rule of rules) {
    const { access, line } = rule;
    if (access !== 'deny' && access !== verb && access !== 'readwrite') continue;
    const wanted = filter(rule);
    if (wanted === null || !topicMatches(wanted, topic)) continue;
    return { allowed: access !== 'deny', reason: 'line', line };
  }
  return undefined;
}

/** True when a message with this topic fits the filter (MQTT 3.1.1 §4.7): wildcards first do not match `$` topics. */
export function topicMatches(filter: string, topic: string): boolean {
  return filterCovers(filter, topic);
}

/** `%u` and `%c` are replaced in one pass: a name that holds `%c` is not replaced again. */
function fillPattern(pattern: string, user: string | null, clientId: string): string {
  return pattern.replace(/%[uc]/g, (which) => (which === '%c' ? clientId : (user ?? which)));
}

/** The same as 2.1 does it, level by level. */
function fillWholeLevels(pattern: string, user: string | null, clientId: string): string {
  const level = (text: string) => (text === '%c' ? clientId : text === '%u' ? (user ?? text) : text);
  return pattern.split('/').map(level).join('/');
}

function dangerous(name: string): boolean {
  return /[+#]/.test(name);
}

/** What Mosquitto refuses before it looks at any line (acl__check_dollar). */
function ofBrokerOnly(topic: string, verb: 'read' | 'write'): boolean {
  if (topic.startsWith('$share')) return true;
  if (verb === 'read' || !topic.startsWith('$SYS')) return false;
  // the state of a bridge, which a bridge publishes itself
  return !topicMatches('$SYS/broker/connection/+/state', topic);
}
