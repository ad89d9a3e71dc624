import type { ProjectSettings } from '../../shared/model/authority.ts';
import type { Log, VaultSession } from '../vault/session.ts';
import { projectById, settingsOf } from './lookup.ts';

/** Changes some of it, with its audit entry; undefined takes a decision back. Only inside `session.write`. */
export function changeSettings(session: VaultSession, log: Log, projectId: number, change: ProjectSettings): void {
  const row = session.tables.projectSetting.where('project_id = ?', projectId)[0];
  const settings = JSON.stringify({ ...settingsOf(session, projectId), ...change });
  if (row?.settings === settings) return;
  if (row) session.tables.projectSetting.update({ ...row, settings });
  else session.tables.projectSetting.insert({ project_id: projectId, settings });
  log('project.change', { projectId, subject: projectById(session, projectId).name, detail: { settings } });
}
