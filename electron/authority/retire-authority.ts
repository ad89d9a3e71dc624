import { trustText } from '../vault/compare-tables.ts';
import type { AuthorityRow } from '../vault/rows.ts';
import type { Log, VaultSession } from '../vault/session.ts';
import { projectById } from './lookup.ts';

/**
 * Takes an authority out of use, with everything below it: it issues nothing more, nobody is told to trust it, and its
 * revocation list is no longer part of the kit. Without the list Mosquitto refuses everybody below it, also somebody who
 * brings the whole chain along to a root that is still trusted: only the leaf is looked up, and for the leaf there is no
 * list (brokers.md, measured). Only inside `session.write`.
 */
export function retireAuthority(
  session: VaultSession,
  log: Log,
  authority: AuthorityRow,
  state: 'retired' | 'compromised',
): void {
  const { project_id: projectId } = authority;
  session.tables.authority.update({ ...authority, state });
  log('authority.change', { projectId, subject: authority.name, detail: { authority: authority.id, state } });
  const removed = session.database
    .prepare(
      `DELETE FROM trust WHERE certificate_id IN (SELECT id FROM certificate WHERE authority_id = ? AND kind IN ('root', 'site'))`,
    )
    .run(authority.id);
  if (removed.changes > 0) {
    const subject = projectById(session, projectId).name;
    log('project.change', { projectId, subject, detail: { trust: trustText(session, projectId) } });
  }
  const below = session.tables.authority.where("parent_id = ? AND state = 'active'", authority.id);
  for (const each of below) retireAuthority(session, log, each, state);
}
