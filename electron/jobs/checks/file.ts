import { z } from 'zod';
import { FieldkeyError } from '../../../shared/errors.ts';
import { type Check, checkLimits } from '../../../shared/model/check.ts';
import { problem } from '../../../shared/problems.ts';
import { checkSchema } from '../../../shared/rules/check.ts';
import { problemsOfZod } from '../../../shared/rules/zod-problems.ts';
import { projectById } from '../../authority/lookup.ts';
import type { VaultSession } from '../../vault/session.ts';
import { folded, savedChecks } from './store.ts';

/** What the file of another program, or of another version of this one, is told apart by. */
const format = 'fieldkey-checks';

const fileSchema = z.strictObject({
  format: z.literal(format),
  version: z.literal(1),
  checks: z.array(checkSchema).max(checkLimits.checks),
});

/**
 * Checks as a file: `{"format": "fieldkey-checks", "version": 1, "checks": […]}`, each as shared/model/check.ts says. There is nothing
 * secret in them. `checkIds` null = all.
 * @throws CHECK_NOT_FOUND, PROJECT_NOT_FOUND
 */
export function exportChecks(
  session: VaultSession,
  projectId: number,
  checkIds: readonly number[] | null,
): { readonly name: string; readonly text: string } {
  const { name } = projectById(session, projectId);
  const saved = savedChecks(session, projectId);
  const missing = checkIds?.find((id) => !saved.some(({ checkId }) => checkId === id));
  if (missing !== undefined) throw new FieldkeyError('CHECK_NOT_FOUND', { check: String(missing) });
  const checks = saved.filter(({ checkId }) => checkIds?.includes(checkId) ?? true).map(({ check }) => check);
  return { name: `${name}-checks.json`, text: `${JSON.stringify({ format, version: 1, checks }, null, 2)}\n` };
}

/** @throws FILE_MALFORMED for what is no JSON, INPUT_INVALID with places like `checks[2].expect.topic` */
export function readChecks(text: string, what: string): Check[] {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new FieldkeyError('FILE_MALFORMED', { what, reason: error instanceof Error ? error.message : String(error) }, error);
  }
  const read = fileSchema.safeParse(value);
  if (!read.success) throw new FieldkeyError('INPUT_INVALID', { problems: problemsOfZod(read.error, value) });
  const { checks } = read.data;
  const names = checks.map(({ name }) => folded(name));
  const problems = checks.flatMap(({ name }, at) => {
    const first = names.indexOf(folded(name));
    return first < at ? [problem('duplicate', { value: name, other: `checks[${first}].name` }, `checks[${at}].name`)] : [];
  });
  if (problems.length > 0) throw new FieldkeyError('INPUT_INVALID', { problems });
  return checks;
}
