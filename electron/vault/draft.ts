import type { VaultSession } from './session.ts';

/** The wizard's answers so far, as the page stored them; null = none. @throws VAULT_LOCKED, VAULT_TAMPERED */
export function loadDraft(session: VaultSession): string | null {
  return session.tables.draft.where('1 = 1 ORDER BY id LIMIT 1')[0]?.content ?? null;
}

/** Keeps the answers in place of those before; null forgets them. No act of the authority, so no audit entry. */
export function saveDraft(session: VaultSession, content: string | null): void {
  const row = session.tables.draft.where('1 = 1 ORDER BY id LIMIT 1')[0];
  const values = { content, changed_at: session.now() };
  session.write(() => {
    if (row) session.tables.draft.update({ ...row, ...values });
    else session.tables.draft.insert(values);
  });
}
