import { createHash } from 'node:crypto';
import { FieldkeyError } from '../../shared/errors.ts';
import type { PublishTemplate, SavedPayload } from '../../shared/model/publish-template.ts';
import { projectById } from '../authority/lookup.ts';
import type { VaultSession } from '../vault/session.ts';

/** The messages that a project keeps, in the order of their names. @throws PROJECT_NOT_FOUND, VAULT_LOCKED */
export function savedPayloads(session: VaultSession, projectId: number): SavedPayload[] {
  projectById(session, projectId);
  const byName = new Intl.Collator('en', { numeric: true });
  return session.tables.savedPayload
    .where('project_id = ?', projectId)
    .map(({ id, name, template }) => ({ payloadId: id, name, template: JSON.parse(template) as PublishTemplate }))
    .sort((a, b) => byName.compare(a.name, b.name));
}

/**
 * Keeps a message under a name, in place of the one that had this name before. Gives its number.
 * @throws PROJECT_NOT_FOUND, what `VaultSession.write` throws
 */
export function savePayload(session: VaultSession, projectId: number, name: string, template: PublishTemplate): number {
  projectById(session, projectId);
  const text = JSON.stringify(template);
  const [before] = session.tables.savedPayload.where('project_id = ? AND name = ?', projectId, name);
  if (before?.template === text) return before.id;
  return session.write((log) => {
    const row = { project_id: projectId, name, template: text, changed_at: session.now() };
    const id = before?.id ?? session.tables.savedPayload.insert(row);
    if (before) session.tables.savedPayload.update({ ...row, id });
    log('payload.save', { projectId, subject: name, detail: { payload: id, hash: payloadHash(text) } });
    return id;
  });
}

/** Forgets one of them. @throws PAYLOAD_NOT_FOUND, what `VaultSession.write` throws */
export function removePayload(session: VaultSession, projectId: number, payloadId: number): void {
  const row = session.tables.savedPayload.get(payloadId);
  if (row?.project_id !== projectId) throw new FieldkeyError('PAYLOAD_NOT_FOUND', { payload: String(payloadId) });
  session.write((log) => {
    session.tables.savedPayload.delete(row);
    log('payload.remove', { projectId, subject: row.name, detail: { payload: payloadId } });
  });
}

/** What the audit log keeps of a message: enough to see that it is another one. */
export function payloadHash(template: string): string {
  return createHash('sha256').update(template).digest('hex');
}
