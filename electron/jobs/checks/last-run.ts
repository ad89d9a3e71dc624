import type { CheckReport, CheckReportFormat } from '../../../shared/model/check.ts';
import { projectById } from '../../authority/lookup.ts';
import type { VaultSession } from '../../vault/session.ts';
import { junitOf } from './junit.ts';

/** What came of the last run of a project's checks; null when there was none. @throws PROJECT_NOT_FOUND, VAULT_LOCKED */
export function lastRun(session: VaultSession, projectId: number): CheckReport | null {
  projectById(session, projectId);
  const [row] = session.tables.checkRun.where('project_id = ?', projectId);
  return row ? (JSON.parse(row.report) as CheckReport) : null;
}

/** The same as the text of a file. @throws PROJECT_NOT_FOUND, VAULT_LOCKED */
export function exportReport(
  session: VaultSession,
  projectId: number,
  format: CheckReportFormat,
): { readonly name: string; readonly text: string } | null {
  const report = lastRun(session, projectId);
  if (!report) return null;
  return format === 'json'
    ? { name: `${report.project}-check-results.json`, text: reportText(report) }
    : { name: `${report.project}-check-results.xml`, text: junitOf(report) };
}

/** A report as it is written into files: what shared/model/check.ts says, `version` 1. */
export function reportText(report: CheckReport): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
