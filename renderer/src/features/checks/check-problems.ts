import type { Problem } from '../../../../shared/problems.ts';
import { checkSchema } from '../../../../shared/rules/check.ts';
import { problemsOfZod } from '../../../../shared/rules/zod-problems.ts';
import { type CheckDraft, checkOf } from './check-draft.ts';

/** What is wrong with it, by the place in the check. */
export function problemsOf(draft: CheckDraft): ReadonlyMap<string, Problem> {
  const check = checkOf(draft);
  const judged = checkSchema.safeParse(check);
  if (judged.success) return new Map();
  // of several at one place the first is enough to go on
  return new Map(
    problemsOfZod(judged.error, check)
      .toReversed()
      .map((each) => [each.path, each]),
  );
}
