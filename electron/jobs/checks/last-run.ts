import type { CheckReport } from '../../../shared/model/check.ts';
import { projectById } from '../../authority/lookup.ts';
import type { VaultSession } from '../../vault/session.ts';

/** What came of the last run of a project's checks; null when there was none. @throws PROJECT_NOT_FOUND, VAULT_LOCKED */
export function lastRun(session: VaultSession, projectId: number): CheckReport | null {
  projectById(session, projectId);
  const [row] = session.tables.checkRun.where('project_id = ?', projectId);
  return row ? (JSON.parse(row.report) as CheckReport) : null;
}
