import type { Check, CheckComparison, CheckMatch, CheckMatchKind } from '../../../../shared/model/check.ts';

/** MQTT 5 §2.4: the reason code that everybody who tests access rules expects. */
const notAuthorized = 135;

export const answers = ['accepted', 'denied', 'any', 'code'] as const;
export type Answer = (typeof answers)[number];

/** A check as typed: numbers are text, and what is not asked for keeps its words. */
export interface CheckDraft {
  readonly name: string;
  readonly enabled: boolean;
  readonly publish: Omit<Check['publish'], 'answer'> & { readonly answer: Answer; readonly code: string };
  readonly expect: Omit<Check['expect'], 'within' | 'match'> & {
    /** ms. */
    readonly within: string;
    readonly kind: CheckMatchKind;
    /** Of the kinds that have one. */
    readonly text: string;
    readonly path: string;
    readonly compare: CheckComparison;
    readonly value: string;
  };
}

export function draftOf({ name, enabled, publish, expect }: Check): CheckDraft {
  const { answer } = publish;
  const { match, arrives, at, topic, within } = expect;
  return {
    name,
    enabled,
    publish: {
      ...publish,
      answer: typeof answer === 'string' ? answer : answer === notAuthorized ? 'denied' : 'code',
      code: typeof answer === 'number' ? String(answer) : '',
    },
    expect: {
      arrives,
      at,
      topic,
      within: String(within),
      kind: match.kind,
      text: 'text' in match ? match.text : '',
      path: match.kind === 'path' ? match.path : '$.',
      compare: match.kind === 'path' ? match.compare : 'equal',
      value: match.kind === 'path' ? match.value : '',
    },
  };
}

function matchOf({ kind, text, path, compare, value }: CheckDraft['expect']): CheckMatch {
  switch (kind) {
    case 'any':
    case 'same':
      return { kind };
    case 'path':
      return { kind, path: path.trim(), compare, value: compare === 'exists' ? '' : value };
    default:
      return { kind, text };
  }
}

/** What the draft says; text that is no number becomes one that no rule allows. */
export function checkOf({ name, enabled, publish, expect }: CheckDraft): Check {
  const number = (text: string) => (/^\d{1,6}$/.test(text.trim()) ? Number(text) : -1);
  const { by, topic, form, text, qos, retain, answer, code } = publish;
  const { arrives, at, within } = expect;
  return {
    name: name.trim(),
    enabled,
    publish: {
      by,
      topic,
      form,
      text,
      qos,
      retain,
      answer: answer === 'denied' ? notAuthorized : answer === 'code' ? number(code) : answer,
    },
    expect: {
      arrives,
      at,
      topic: expect.topic,
      within: number(within),
      // what does not count cannot be wrong either
      match: arrives ? matchOf(expect) : { kind: 'any' },
    },
  };
}

/** Whether two say the same, so that leaving one for the other loses nothing. */
export function sameCheck(one: Check, other: Check): boolean {
  return plain(one) === plain(other);
}

/** Test cases are told apart by their names, by people and by programs: capitals make no other one. */
export function sameName(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}

/** `wanted`, or with the first number behind it that makes it a name of its own. */
export function freeName(wanted: string, taken: readonly string[]): string {
  let name = wanted;
  for (let number = 2; taken.some((each) => sameName(each, name)); number++) name = `${wanted} ${number}`;
  return name;
}

/** Members in one order, whoever made the object. */
function plain(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
