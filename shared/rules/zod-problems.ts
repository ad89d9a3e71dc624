import { z } from 'zod';
import { type Problem, problem, type Rule } from '../problems.ts';

/** Adds one of our own checks to a zod schema; what it finds keeps its rule and parameters. */
export function ruled<S extends z.ZodType>(schema: S, check: (value: z.output<S>) => readonly Problem[]): S {
  return schema.superRefine((value, context) => {
    for (const found of check(value as z.output<S>)) {
      context.addIssue({ code: 'custom', message: found.rule, params: { problem: found } });
    }
  }) as S;
}

/** A whole number in bounds, both inclusive. */
export const whole = (minimum: number, maximum: number) =>
  ruled(z.number(), (n) => {
    if (!Number.isInteger(n)) return [problem('integer', {})];
    return n < minimum || n > maximum ? [problem('number-range', { minimum, maximum })] : [];
  });

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}

function isMissing(root: unknown, path: readonly PropertyKey[]): boolean {
  let value = root;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return true;
    value = (value as Record<PropertyKey, unknown>)[part];
  }
  return value === undefined;
}

/** Translates zod's findings on `input` into rules that window and command line have sentences for. */
export function problemsOfZod(error: z.ZodError, input: unknown): Problem[] {
  return error.issues.flatMap((issue) => problemsOfIssue(issue, [], input));
}

function problemsOfIssue(issue: z.core.$ZodIssue, base: readonly PropertyKey[], input: unknown): Problem[] {
  const path = [...base, ...issue.path];
  const where = pathText(path);
  switch (issue.code) {
    case 'custom': {
      const found = (issue.params as { problem?: Problem } | undefined)?.problem;
      return found
        ? [{ ...found, path: [where, found.path].filter((part) => part !== '').join('.') }]
        : [problem('type', { expected: issue.message }, where)];
    }
    case 'unrecognized_keys':
      return issue.keys.map((key) => problem('unknown-key', { key }, where));
    case 'invalid_type':
      return [isMissing(input, path) ? problem('missing', {}, where) : problem('type', { expected: issue.expected }, where)];
    case 'invalid_value':
      return [
        isMissing(input, path)
          ? problem('missing', {}, where)
          : problem('choice', { choices: issue.values.map(String).join(', ') }, where),
      ];
    case 'too_small':
      return [problem('too-short', { minimum: Number(issue.minimum) }, where)];
    case 'too_big':
      return [problem('too-long', { maximum: Number(issue.maximum), length: 0 }, where)];
    case 'invalid_union': {
      // of several shapes, the one with the fewest complaints is the one that was meant
      const best = [...issue.errors].sort((a, b) => a.length - b.length)[0] ?? [];
      return best.length > 0
        ? best.flatMap((inner) => problemsOfIssue(inner, path, input))
        : [problem('type', { expected: 'object' }, where)];
    }
    default:
      return [problem('type' satisfies Rule, { expected: issue.code }, where)];
  }
}
