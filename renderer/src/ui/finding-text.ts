import type { TFunction } from 'i18next';
import type { LintFinding } from '../../../shared/model/lint.ts';
import type { Format } from '../locales/format.ts';

const times = new Set(['notAfter', 'notBefore', 'nextUpdate']);

/** One finding of the linter as a sentence. */
export function findingText({ rule, params }: LintFinding, t: TFunction, format: Format): string {
  const values = Object.entries(params).map(([name, value]) => {
    if (typeof value !== 'number') return [name, String(value)];
    return [name, times.has(name) ? format.date(value) : format.number(value)];
  });
  // the table is exhaustive by its own type; the key types of i18next cannot follow a union of this size
  const words = t as unknown as (key: string, values: Readonly<Record<string, string>>) => string;
  const text = words(`lint.rules.${rule}`, Object.fromEntries(values));
  return text.charAt(0).toUpperCase() + text.slice(1);
}
