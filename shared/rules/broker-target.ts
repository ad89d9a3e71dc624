import type { AccessException, AccessRule } from '../model/access.ts';
import { type BrokerTarget, softwareOf } from '../model/broker.ts';
import type { KitSettings } from '../model/kit.ts';
import { type Problem, problem } from '../problems.ts';

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
  const software = softwareOf(target);
  if (software === 'mosquitto') return [];
  const forms: readonly string[] = software === 'emqx' ? ['whole', 'container'] : ['whole'];
  return [
    ...(forms.includes(kit.form) ? [] : [problem('kit-target', { value: kit.form }, 'form')]),
    ...(kit.identity === 'certificate' ? [] : [problem('kit-target', { value: kit.identity }, 'identity')]),
  ];
}
