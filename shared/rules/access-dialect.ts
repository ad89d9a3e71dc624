import type { BrokerTarget } from '../model/broker.ts';
import type { DeviceRequest } from '../model/device.ts';
import { compileEmqxAccess, emqxAclText, emqxEvaluator, emqxRuleText } from './access-emqx.ts';
import { type AccessQuery, type AccessReason, accessEvaluator, lineText } from './access-list.ts';
import { type AclGap, type AclInput, compileAcl, type LineOrigin } from './access-mosquitto.ts';

import { compileRabbitmqAccess, rabbitmqEvaluator, routingKey, topicPermissionLines } from './access-rabbitmq.ts';

/** The rule that decided, as it stands in the broker's own file. */
export interface DecidingRule {
  readonly text: string;
  /** Its place in the file, from 1. */
  readonly number: number;
  /** Why it is there; null for a rule that Fieldkey did not write. */
  readonly origin: LineOrigin | null;
}

/** `other-client`: the user may, but not with this client id (RabbitMQ). */
export type AnswerReason = AccessReason | 'other-client';

export interface AccessAnswer {
  readonly allowed: boolean;
  readonly reason: AnswerReason;
  /** Null when no rule fits and the answer is the broker's own. */
  readonly rule: DecidingRule | null;
}

/** A project's access rules as one broker software takes them. */
export interface CompiledAccess {
  /** What a client with this user name and client id may do with a topic, and which rule says so. */
  readonly decide: (query: AccessQuery) => AccessAnswer;
  /** What the software gives besides what was wanted, because it has no words for taking it away. */
  readonly gaps: readonly AclGap[];
}

/** A broker software's way of writing access rules and of deciding by them. */
export type AccessDialect = (input: DialectInput) => CompiledAccess;

/** Asked for only where the software has to know them. */
export interface DialectInput extends AclInput {
  readonly everybody?: (() => readonly DeviceRequest[]) | undefined;
  /** Devices whose certificates are all revoked. */
  readonly blocked?: (() => readonly string[]) | undefined;
}

/** Mosquitto 2.0 and 2.1: the `acl_file`, decided line by line. */
function mosquitto(wholeLevelsOnly: boolean): AccessDialect {
  return (input) => {
    const { list, origins, gaps } = compileAcl(input);
    const evaluate = accessEvaluator(list, { wholeLevelsOnly });
    return {
      gaps,
      decide: (query) => {
        const { allowed, reason, line } = evaluate({ ...query, clientId: clientIdOn(input, query) });
        const found = line === null ? undefined : list[line];
        const rule =
          line === null || found === undefined
            ? null
            : { text: lineText(found), number: line + 1, origin: origins[line] ?? null };
        return { allowed, reason, rule };
      },
    };
  };
}

/** The client id as the broker knows it: Mosquitto's and EMQX's kits make the user name the client id, where nobody shares a certificate. */
function clientIdOn({ ownClientIds }: DialectInput, { user, clientId }: AccessQuery): string {
  return ownClientIds ? clientId : (user ?? clientId);
}

/** RabbitMQ: one expression for writing and one for reading in the user's topic permission. */
const rabbitmq: AccessDialect = (input) => {
  const all = compileRabbitmqAccess({ ...input, members: input.everybody?.() ?? input.members });
  const evaluate = rabbitmqEvaluator(all);
  const numbers = topicPermissionLines(all);
  return {
    gaps: [],
    decide: ({ user, clientId, topic, verb }) => {
      if (user === null) return { allowed: false, reason: 'no-line', rule: null };
      const { allowed, filter, reason } = evaluate({ user, clientId, topic, verb });
      if (filter === null) return { allowed, reason: 'no-line', rule: null };
      if (reason === 'other-client') return { allowed, reason, rule: null };
      const word = reason === 'denied' ? 'deny' : verb === 'write' ? 'write' : 'read';
      const origin = all.find((rights) => rights.user === user)?.origins?.[`${word} ${filter}`] ?? null;
      return { allowed, reason: 'line', rule: { text: `${word} ${routingKey(filter)}`, number: numbers.get(user) ?? 0, origin } };
    },
  };
};

/** EMQX: the rules of acl.conf from the top, the first that fits. */
const emqx: AccessDialect = (input) => {
  const { rules, gaps } = compileEmqxAccess({ ...input, blocked: input.blocked?.() });
  const evaluate = emqxEvaluator(rules);
  const { lines } = emqxAclText(rules, input.project);
  return {
    gaps,
    decide: ({ user, topic, verb }) => {
      if (user === null) return { allowed: false, reason: 'no-line', rule: null };
      // client id and user name are one by the kit
      const { allowed, rule } = evaluate({ user, topic, verb });
      const found = rule === null ? undefined : rules[rule];
      if (rule === null || !found) return { allowed, reason: 'no-line', rule: null };
      return { allowed, reason: 'line', rule: { text: emqxRuleText(found), number: lines[rule] ?? 0, origin: found.origin } };
    },
  };
};

/** One for each broker software that a kit can be written for. */
export const accessDialects: Readonly<Record<BrokerTarget, AccessDialect>> = {
  'mosquitto-2.0': mosquitto(false),
  'mosquitto-2.1': mosquitto(true),
  'rabbitmq-3': rabbitmq,
  'emqx-5': emqx,
};
