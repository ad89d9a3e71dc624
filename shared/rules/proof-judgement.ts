import type { ObservedRefusal, ObservedTopic, ProofCheck, ProofExplanation, ProofOutcome } from '../model/proof.ts';
import type { CompiledAccess } from './access-dialect.ts';

/** The access rules as they were from a moment on. */
export interface EarlierAccess {
  /** ms since 1970 UTC. */
  readonly since: number;
  readonly compiled: CompiledAccess;
}

/** What a check is expected to show. */
export type ExpectedCheck = Pick<ProofCheck, 'who' | 'verb' | 'topic' | 'expected' | 'rule'>;

/** What was seen beside what is expected. What nobody could have tried is left out. */
export function checksOf(expected: readonly ExpectedCheck[], topics: readonly ObservedTopic[]): ProofCheck[] {
  const keyOf = ({ who, verb, topic }: Pick<ObservedTopic, 'who' | 'verb' | 'topic'>) => JSON.stringify([who, verb, topic]);
  const seen = new Map(topics.map((each) => [keyOf(each), each]));
  // reading can only be tried where somebody may publish
  const publishable = new Set(expected.filter((each) => each.verb === 'write' && each.expected).map(({ topic }) => topic));
  return expected.flatMap((check): ProofCheck[] => {
    const found = seen.get(keyOf(check)) ?? { seen: 'untried' as const, by: null, reasonCode: null };
    const triable = check.topic.startsWith('$') ? check.verb === 'read' : check.verb === 'write' || publishable.has(check.topic);
    if (found.seen === 'untried' && !triable) return [];
    return [{ ...check, seen: found.seen, by: found.by, reasonCode: found.reasonCode }];
  });
}

/** True when it was tried and the broker did something else than the project says. */
export function differs({ expected, seen }: ProofCheck): boolean {
  return seen !== 'untried' && (seen === 'allowed') !== expected;
}

export function outcomeOf(checks: readonly ProofCheck[], refusals: readonly ObservedRefusal[]): ProofOutcome {
  if (checks.some(differs) || refusals.some(({ seen }) => seen === 'accepted')) return 'refuted';
  const open = checks.some(({ seen }) => seen === 'untried');
  return checks.length === 0 || open || refusals.some(({ seen }) => seen === 'untried') ? 'incomplete' : 'proved';
}

/**
 * Why the differences may be there. `earlier`: newest first; the first one by which the broker would do exactly what was seen
 * explains all of them.
 */
export function explainDifferences(checks: readonly ProofCheck[], earlier: readonly EarlierAccess[]): ProofExplanation[] {
  const places = checks.flatMap((check, index) => (differs(check) ? [index] : []));
  if (places.length === 0) return [];
  const tried = checks.filter(({ seen }) => seen !== 'untried');
  const agrees = ({ compiled }: EarlierAccess) =>
    tried.every(({ who, verb, topic, seen }) => {
      return compiled.decide({ user: who, clientId: who, verb, topic }).allowed === (seen === 'allowed');
    });
  const found = earlier.find(agrees);
  if (found) return [{ kind: 'older-list', at: found.since, checks: places }];
  if (tried.every(({ seen }) => seen === 'allowed')) return [{ kind: 'everything-allowed', at: null, checks: places }];
  if (tried.every(({ seen }) => seen === 'denied')) return [{ kind: 'nothing-allowed', at: null, checks: places }];
  return [{ kind: 'other-rule', at: null, checks: places }];
}
