import type { AccessException, AccessRule } from '../model/access.ts';
import { type BrokerTarget, formsOf, softwareOf } from '../model/broker.ts';
import type { KitSettings } from '../model/kit.ts';
import { type Problem, problem } from '../problems.ts';
import { suitesOfList } from './cipher-list.ts';

/** So many say enough. */
const enough = 20;

/**
 * To RabbitMQ a `.` in a topic is a `/`, and a `*` is a `+` when it arrives: names that become levels of topics have neither
 * (rabbitmq.com/docs/mqtt, "Topics"; measured with 3.10.8).
 */
export function checkNameForTarget(name: string, target: BrokerTarget, path = ''): Problem[] {
  return target === 'rabbitmq-3' && name.includes('.') ? [problem('rabbitmq-separator', { value: name }, path)] : [];
}

/** The same for the topics of access rules, with paths as in a plan. */
export function checkTopicsForTarget(
  access: readonly AccessRule[],
  exceptions: readonly AccessException[],
  target: BrokerTarget,
): Problem[] {
  if (target !== 'rabbitmq-3') return [];
  const of = (rules: readonly Pick<AccessRule, 'write' | 'read' | 'deny'>[], name: string) =>
    rules.flatMap((rule, index) =>
      (['write', 'read', 'deny'] as const).flatMap((verb) =>
        (rule[verb] ?? []).flatMap((value, at) =>
          /[.*]/.test(value) ? [problem('rabbitmq-separator', { value }, `${name}[${index}].${verb}[${at}]`)] : [],
        ),
      ),
    );
  return [...of(access, 'access'), ...of(exceptions, 'exceptions')].slice(0, enough);
}

/** What the kit of this broker software cannot be, with paths below the kit's settings. */
export function checkKitForTarget(kit: KitSettings, target: BrokerTarget): Problem[] {
  return [
    ...(formsOf(target).includes(kit.form) ? [] : [problem('kit-target', { value: kit.form }, 'form')]),
    ...checkCiphersForTarget(kit, target),
  ];
}

/** RabbitMQ and EMQX take names of suites only: every word of the list has to mean some that are known, and some have to be left. */
export function checkCiphersForTarget(kit: Pick<KitSettings, 'ciphers' | 'tlsMinimum'>, target: BrokerTarget): Problem[] {
  if (softwareOf(target) === 'mosquitto' || kit.tlsMinimum === 'tlsv1.3' || kit.ciphers === '') return [];
  return (suitesOfList(kit.ciphers) ?? []).length > 0 ? [] : [problem('cipher-names', { value: kit.ciphers }, 'ciphers')];
}
