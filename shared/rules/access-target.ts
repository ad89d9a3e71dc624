import type { AccessRule } from '../model/access.ts';
import type { BrokerTarget } from '../model/broker.ts';
import { type Problem, problem } from '../problems.ts';

/** True for `dev-{device}`: the placeholder is only a part of a level. */
export function hasPartLevelDevice(template: string): boolean {
  return template.split('/').some((level) => level.includes('{device}') && level !== '{device}');
}

/**
 * What the access rules ask of `target` that it cannot do; to be asked before anything is issued.
 *
 * Mosquitto 2.1.2 replaces `%u` only where it is a whole level; `dev-%u` is taken literally and matches nobody, without
 * a word in the log. 2.0.11 replaces it anywhere. Measured with both. Only the role `device` is compiled to patterns.
 */
export function checkAccessForTarget(access: readonly AccessRule[], target: BrokerTarget): Problem[] {
  if (target !== 'mosquitto-2.1') return [];
  return access.flatMap((rule, index) => {
    if (rule.role !== 'device') return [];
    return (['write', 'read', 'deny'] as const).flatMap((verb) =>
      (rule[verb] ?? []).flatMap((value, at) =>
        hasPartLevelDevice(value) ? [problem('topic-part-level', { value }, `access[${index}].${verb}[${at}]`)] : [],
      ),
    );
  });
}
