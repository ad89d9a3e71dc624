import type { AccessRule } from '../../../../shared/model/access.ts';
import { type Check, newCheck } from '../../../../shared/model/check.ts';

export const exampleKinds = ['sends', 'commands', 'foreignWrite', 'foreign'] as const;
export type ExampleKind = (typeof exampleKinds)[number];

/** In place of a device, where a check must not meet a real one. */
const nobody = 'somebody-else';
/** ms: nobody waits longer than needed for what must not come. */
const quiet = 1_000;

const plainTopic = (topics: readonly string[]) => topics.find((topic) => !/[+#]/.test(topic) && topic.includes('{device}'));

/** Checks that fit a project, made from what its access rules let devices do. `names`: what they are called. */
export function examplesOf(
  access: readonly AccessRule[],
  names: Readonly<Record<ExampleKind, string>>,
): { readonly kind: ExampleKind; readonly check: Check }[] {
  const rule = access.find(({ role }) => role === 'device');
  const sent = plainTopic(rule?.write ?? []);
  const heard = plainTopic(rule?.read ?? []);
  const { publish, expect } = newCheck;
  const command = { ...publish, by: 'observer', text: '{"command":"check","id":"{{run}}"}' } as const;
  const made: { kind: ExampleKind; check: Check }[] = [];
  const add = (kind: ExampleKind, parts: Pick<Check, 'publish' | 'expect'>) =>
    made.push({ kind, check: { name: names[kind], enabled: true, ...parts } });
  if (sent !== undefined)
    add('sends', {
      publish: { ...publish, topic: sent, text: '{"power":230.4,"check":"{{run}}"}' },
      expect: { ...expect, topic: sent },
    });
  if (heard !== undefined)
    add('commands', { publish: { ...command, topic: heard }, expect: { ...expect, at: 'device', topic: heard } });
  if (sent !== undefined) {
    const topic = sent.replaceAll('{device}', nobody);
    add('foreignWrite', {
      publish: { ...publish, topic, answer: 'any' },
      expect: { ...expect, arrives: false, topic, within: quiet, match: { kind: 'any' } },
    });
  }
  if (heard !== undefined) {
    const topic = heard.replaceAll('{device}', nobody);
    add('foreign', {
      publish: { ...command, topic },
      expect: { arrives: false, at: 'device', topic, within: quiet, match: { kind: 'any' } },
    });
  }
  return made;
}
