import { createHash } from 'node:crypto';
import { FieldkeyError } from '../../../shared/errors.ts';
import { type Check, type CheckImportMode, checkLimits, type SavedCheck } from '../../../shared/model/check.ts';
import { problem } from '../../../shared/problems.ts';
import { checkSchema } from '../../../shared/rules/check.ts';
import { problemsOfZod } from '../../../shared/rules/zod-problems.ts';
import { projectById } from '../../authority/lookup.ts';
import type { MessageCheckRow } from '../../vault/rows.ts';
import type { Log, VaultSession } from '../../vault/session.ts';

/** The checks of a project in the order in which they are run. @throws PROJECT_NOT_FOUND, VAULT_LOCKED */
export function savedChecks(session: VaultSession, projectId: number): SavedCheck[] {
  projectById(session, projectId);
  return rowsOf(session, projectId).map(({ id, definition }) => ({ checkId: id, check: JSON.parse(definition) as Check }));
}

/**
 * Keeps a check: a new one (`checkId` null), which becomes the last, or a changed one in its place. Gives its number.
 * @throws INPUT_INVALID for one that could not be run, a name that is taken, or one too many; CHECK_NOT_FOUND, PROJECT_NOT_FOUND
 */
export function saveCheck(session: VaultSession, projectId: number, checkId: number | null, check: Check): number {
  projectById(session, projectId);
  const checked = checkSchema.safeParse(check);
  if (!checked.success) throw new FieldkeyError('INPUT_INVALID', { problems: problemsOfZod(checked.error, check) });
  const rows = rowsOf(session, projectId);
  const before = checkId === null ? null : rowOf(session, projectId, checkId);
  const twin = rows.find(({ id, name }) => id !== checkId && folded(name) === folded(check.name));
  if (twin) throw new FieldkeyError('INPUT_INVALID', { problems: [problem('check-name', { value: twin.name }, 'check.name')] });
  if (!before && rows.length >= checkLimits.checks) throw tooMany();
  if (before?.definition === textOf(checked.data)) return before.id;
  return session.write((log) => put(session, log, { projectId, before, position: lastOf(rows) + 1, check: checked.data }));
}

/** Forgets one of them. @throws CHECK_NOT_FOUND, what `VaultSession.write` throws */
export function removeCheck(session: VaultSession, projectId: number, checkId: number): void {
  const row = rowOf(session, projectId, checkId);
  session.write((log) => {
    session.tables.messageCheck.delete(row);
    log('check.remove', { projectId, subject: row.name, detail: { check: checkId } });
  });
}

/** Puts them into this order; those that are not named follow as they were. @throws CHECK_NOT_FOUND, PROJECT_NOT_FOUND */
export function orderChecks(session: VaultSession, projectId: number, checkIds: readonly number[]): void {
  projectById(session, projectId);
  const named = [...new Set(checkIds)].map((id) => rowOf(session, projectId, id));
  const others = rowsOf(session, projectId).filter(({ id }) => !checkIds.includes(id));
  const moved = [...named, ...others]
    .map((row, at) => ({ ...row, position: at + 1, was: row.position }))
    .filter(({ position, was }) => position !== was);
  if (moved.length === 0) return;
  // what a check says stays as it was: nothing that the record would have to tell
  session.write(() => {
    for (const { was: _, ...row } of moved) session.tables.messageCheck.update(row);
  });
}

/**
 * Takes checks of a file, all or none; those whose names are taken are passed over or stand in place of those that are there.
 * @throws INPUT_INVALID when there would be too many, PROJECT_NOT_FOUND
 */
export function takeChecks(
  session: VaultSession,
  projectId: number,
  checks: readonly Check[],
  existing: CheckImportMode,
): { readonly added: string[]; readonly replaced: string[]; readonly skipped: string[] } {
  projectById(session, projectId);
  const rows = rowsOf(session, projectId);
  const byName = new Map(rows.map((row) => [folded(row.name), row]));
  const added = checks.filter(({ name }) => !byName.has(folded(name)));
  const known = checks.filter(({ name }) => byName.has(folded(name)));
  if (rows.length + added.length > checkLimits.checks) throw tooMany();
  const replaced = existing === 'replace' ? known : [];
  let position = lastOf(rows);
  if (added.length + replaced.length > 0)
    session.write((log) => {
      for (const check of [...added, ...replaced]) {
        const before = byName.get(folded(check.name)) ?? null;
        if (before?.definition === textOf(check)) continue;
        put(session, log, { projectId, before, position: before ? before.position : ++position, check });
      }
    });
  const names = (list: readonly Check[]) => list.map(({ name }) => name);
  return { added: names(added), replaced: names(replaced), skipped: existing === 'skip' ? names(known) : [] };
}

/** What the audit log keeps of a check or a report: enough to see that it is another one. */
export function checkHash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

interface Put {
  readonly projectId: number;
  readonly before: MessageCheckRow | null;
  /** Of a new one. */
  readonly position: number;
  readonly check: Check;
}

function put(session: VaultSession, log: Log, { projectId, before, position, check }: Put): number {
  const definition = textOf(check);
  const row = {
    project_id: projectId,
    position: before?.position ?? position,
    name: check.name,
    definition,
    changed_at: session.now(),
  };
  const id = before?.id ?? session.tables.messageCheck.insert(row);
  if (before) session.tables.messageCheck.update({ ...row, id });
  log('check.save', { projectId, subject: check.name, detail: { check: id, hash: checkHash(definition) } });
  return id;
}

function rowsOf(session: VaultSession, projectId: number): MessageCheckRow[] {
  return session.tables.messageCheck.where('project_id = ? ORDER BY position, id', projectId);
}

function rowOf(session: VaultSession, projectId: number, checkId: number): MessageCheckRow {
  const row = session.tables.messageCheck.get(checkId);
  if (row?.project_id !== projectId) throw new FieldkeyError('CHECK_NOT_FOUND', { check: String(checkId) });
  return row;
}

/** Always in the same form, so that what was saved again as it is can be told. */
function textOf(check: Check): string {
  return JSON.stringify(check);
}

/** Test cases are told apart by their names, by people and by programs. */
export function folded(name: string): string {
  return name.trim().toLowerCase();
}

function lastOf(rows: readonly MessageCheckRow[]): number {
  return rows.at(-1)?.position ?? 0;
}

function tooMany(): FieldkeyError<'INPUT_INVALID'> {
  return new FieldkeyError('INPUT_INVALID', {
    problems: [problem('number-range', { minimum: 0, maximum: checkLimits.checks }, 'checks')],
  });
}
