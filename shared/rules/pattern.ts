import { type Problem, problem } from '../problems.ts';

/** A typing error in a range must not issue a million certificates. */
export const patternMaximum = 100_000;

const range = /^([^{}]*)\{(\d{1,9})\.\.(\d{1,9})\}([^{}]*)$/;

/**
 * Expands `press-{001..100}` into its ids, padded to the width of the first number.
 * Gives the ids, or what is wrong with the pattern.
 */
export function expandPattern(pattern: string): { ids: string[] } | { problems: Problem[] } {
  const match = range.exec(pattern);
  if (!match) return { problems: [problem('pattern-form', { value: pattern })] };
  const [, before = '', from = '', to = '', after = ''] = match;
  const first = Number(from);
  const last = Number(to);
  if (last < first) return { problems: [problem('pattern-range', { value: pattern })] };
  if (last - first + 1 > patternMaximum)
    return { problems: [problem('pattern-size', { value: pattern, maximum: patternMaximum })] };
  const ids: string[] = [];
  for (let n = first; n <= last; n++) ids.push(`${before}${String(n).padStart(from.length, '0')}${after}`);
  return { ids };
}
