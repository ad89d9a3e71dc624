import type { Check, CheckMatch, CheckOutcome, CheckReport, CheckResult } from '../../../../shared/model/check.ts';
import { fillTopic } from '../../../../shared/rules/topic.ts';
import { sameCheck } from './check-draft.ts';

export type Shown = CheckOutcome | 'all';

export function countsOf(results: readonly CheckResult[]): Readonly<Record<Shown, number>> {
  const counts = { all: results.length, passed: 0, failed: 0, untried: 0 };
  for (const { outcome } of results) counts[outcome]++;
  return counts;
}

export function shownOf(results: readonly CheckResult[], shown: Shown): readonly CheckResult[] {
  return shown === 'all' ? results : results.filter(({ outcome }) => outcome === shown);
}

/** How a check stood in the last run. `left`: it had no part in it; `changed`: it says something else by now. */
export type Standing =
  | { readonly kind: 'never' }
  | { readonly kind: 'left' }
  | { readonly kind: 'changed' }
  | ({ readonly kind: 'ran' } & Readonly<Record<CheckOutcome, number>>);

/** How each check stood, found by its name. */
export function standingsOf(report: CheckReport | null): (check: Check) => Standing {
  const counted = (report?.checks ?? []).map((check) => ({ check, passed: 0, failed: 0, untried: 0 }));
  for (const { check, outcome } of report?.results ?? []) {
    const line = counted[check];
    if (line) line[outcome]++;
  }
  const byName = new Map(counted.map((line) => [line.check.name, line]));
  return (check) => {
    const line = byName.get(check.name);
    if (!line || line.passed + line.failed + line.untried === 0) return { kind: report === null ? 'never' : 'left' };
    const { passed, failed, untried } = line;
    // whether it takes part in each run says nothing about its outcome
    return sameCheck({ ...line.check, enabled: check.enabled }, check)
      ? { kind: 'ran', passed, failed, untried }
      : { kind: 'changed' };
  };
}

/** A topic template with the names of the execution. */
export function topicFor(template: string, project: string, device: string | null): string {
  return fillTopic(template, { project, ...(device === null ? {} : { device }) });
}

/** A text with the names of the execution; what was another one each time (`{{run}}`, the time) stays as it is written. */
export function textFor(text: string, project: string, device: string | null): string {
  const known = text.replaceAll(/\{\{\s*project\s*\}\}/g, () => project);
  return device === null ? known : known.replaceAll(/\{\{\s*device\s*\}\}/g, () => device);
}

/** What a message was to say: a text with the kind of comparison, a value at a place, or nothing at all (null: none may arrive). */
export type Expected = Exclude<CheckMatch, { kind: 'any' | 'same' }> | { readonly kind: 'same'; readonly text: string } | null;

export function expectedOf({ publish, expect }: Check): Expected {
  const { arrives, match } = expect;
  if (!arrives || match.kind === 'any') return null;
  return match.kind === 'same' ? { kind: 'same', text: publish.text } : match;
}

/** What did not pass, to be tried once more: the checks by name, and the devices by name (none: those checks concern no device). */
export function failedOf({ checks, results }: CheckReport): {
  readonly checks: ReadonlySet<string>;
  readonly devices: readonly string[];
} {
  const bad = results.filter(({ outcome }) => outcome !== 'passed');
  return {
    checks: new Set(bad.flatMap(({ check }) => checks[check]?.name ?? [])),
    devices: [...new Set(bad.flatMap(({ device }) => device ?? []))],
  };
}

/** ms with as many digits as mean something: tenths below ten, tenths of a second from a second on. */
export function rounded(ms: number): number {
  const step = ms < 10 ? 0.1 : ms < 1_000 ? 1 : 100;
  return Math.round(Math.round(ms / step) * step * 10) / 10;
}
