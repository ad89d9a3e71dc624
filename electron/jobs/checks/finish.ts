import type { CheckReport, CheckResult } from '../../../shared/model/check.ts';
import { concernsDevice } from '../../../shared/rules/check-scope.ts';
import { projectById } from '../../authority/lookup.ts';
import type { VaultSession } from '../../vault/session.ts';
import type { ChecksRequest, PreparedChecks } from './prepare.ts';
import { checkHash } from './store.ts';

/** What came of a run, as far as it came. `cancelled`: somebody ended it. */
export interface ChecksSeen {
  readonly results: readonly CheckResult[];
  readonly cancelled: boolean;
}

/**
 * Puts the results of a run in order, says of what was not done that it was not, and keeps that in place of the last run, with its
 * audit entry. @throws PROJECT_NOT_FOUND, VAULT_LOCKED
 */
export function finishChecks(
  session: VaultSession,
  { projectId, host, port }: Pick<ChecksRequest, 'projectId' | 'host' | 'port'>,
  prepared: Pick<PreparedChecks, 'checks' | 'members' | 'startedAt'>,
  seen: ChecksSeen,
): CheckReport {
  const { name: project } = projectById(session, projectId);
  const finishedAt = session.now();
  const report: CheckReport = {
    version: 1,
    project,
    operator: session.operator,
    host,
    port,
    startedAt: prepared.startedAt,
    finishedAt,
    cancelled: seen.cancelled,
    checks: prepared.checks,
    devices: prepared.members.map(({ id }) => id),
    results: inOrder(prepared, seen.results, finishedAt),
  };
  const text = JSON.stringify(report);
  const count = (outcome: CheckResult['outcome']) => report.results.filter((each) => each.outcome === outcome).length;
  session.write((log) => {
    const row = { project_id: projectId, at: finishedAt, report: text };
    const [before] = session.tables.checkRun.where('project_id = ?', projectId);
    const run = before?.id ?? session.tables.checkRun.insert(row);
    if (before) session.tables.checkRun.update({ ...row, id: run });
    log('check.finish', {
      projectId,
      subject: project,
      detail: {
        run,
        hash: checkHash(text),
        host,
        port,
        end: seen.cancelled ? 'cancelled' : 'finished',
        devices: report.devices.length,
        passed: count('passed'),
        failed: count('failed'),
        untried: count('untried'),
      },
    });
  });
  return report;
}

/** A result for each check and device: of no device first, then by device, then by check. */
function inOrder(
  { checks, members }: Pick<PreparedChecks, 'checks' | 'members'>,
  results: readonly CheckResult[],
  at: number,
): CheckResult[] {
  const found = new Map(results.map((result) => [`${result.check} ${result.device ?? ''}`, result]));
  const of = (check: number, device: string | null): CheckResult =>
    found.get(`${check} ${device ?? ''}`) ?? {
      check,
      device,
      outcome: 'untried',
      reason: 'cancelled',
      at,
      roundTrip: null,
      code: null,
      got: null,
      others: 0,
      who: null,
      failure: null,
    };
  const places = [...checks.keys()];
  const concerned = places.filter((place) => concernsDevice(checks[place] as (typeof checks)[number]));
  const alone = places.filter((place) => !concerned.includes(place));
  return [...alone.map((place) => of(place, null)), ...members.flatMap(({ id }) => concerned.map((place) => of(place, id)))];
}
