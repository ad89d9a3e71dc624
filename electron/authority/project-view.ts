import type { CallOutput } from '../../shared/contract.ts';
import type { CheckReport } from '../../shared/model/check.ts';
import type { ProofOutcome } from '../../shared/model/proof.ts';
import { lastBackup } from '../vault/backup.ts';
import type { VaultSession } from '../vault/session.ts';
import { brokerOrigin } from './broker-origin.ts';
import { deviceIndex, stateOf } from './device-index.ts';
import { countByState } from './device-view.ts';
import {
  accessOf,
  authoritiesOf,
  authorityCertificate,
  brokerCertificate,
  brokerOf,
  exceptionsOf,
  judgingOf,
  latestCrl,
  observerCertificate,
  outsideOf,
  projectById,
  subjectOf,
} from './lookup.ts';
import { pendingOf } from './publish-crl.ts';
import { certificateSummary } from './summaries.ts';

const day = 86_400_000;
const week = 7 * day;
/** How far the expiry chart looks ahead: a year, the default life of a device certificate, wherever in the week it began. */
const weeksShown = 54;

export function listProjects(session: VaultSession): CallOutput<'project.list'> {
  const counts = new Map(
    session.database
      .prepare<[], { project_id: number; n: number }>('SELECT project_id, count(*) AS n FROM device GROUP BY project_id')
      .all()
      .map((row) => [row.project_id, row.n]),
  );
  return session.tables.project
    .where('1 = 1 ORDER BY name_folded')
    .map((row) => ({ projectId: row.id, name: row.name, createdAt: row.created_at, devices: counts.get(row.id) ?? 0 }));
}

/** What the overview page shows. @throws PROJECT_NOT_FOUND, VAULT_TAMPERED */
export function projectOverview(session: VaultSession, projectId: number, now: number): CallOutput<'project.overview'> {
  const project = projectById(session, projectId);
  const broker = brokerOf(session, projectId);
  const brokerRow = broker && brokerCertificate(session, broker.id);
  const observer = observerCertificate(session, projectId);
  const at = judgingOf(session, projectId, now);
  const devices = deviceIndex(session, projectId).map(({ row, trusted }) => ({
    state: stateOf(row, at),
    trusted,
    notAfter: row.not_after,
  }));
  const outside = outsideOf(session, projectId);
  const inUse = authoritiesOf(session, projectId).filter(({ state }) => state === 'active');
  return {
    projectId,
    name: project.name,
    createdAt: project.created_at,
    devices: devices.length,
    subject: subjectOf(project),
    fleet: countByState(devices),
    // those out of use have a page of their own
    authorities: inUse.map((authority) => {
      const crl = latestCrl(session, authority.id);
      return {
        authorityId: authority.id,
        name: authority.name,
        parentId: authority.parent_id,
        outside: outside.has(authority.id),
        certificate: certificateSummary(authorityCertificate(session, authority.id), at),
        crl: crl
          ? {
              number: crl.number,
              thisUpdate: crl.this_update,
              nextUpdate: crl.next_update,
              entries: crl.entries,
              pending: pendingOf(session, authority.id),
            }
          : null,
      };
    }),
    broker: broker
      ? {
          ...broker.parsed,
          names: [...broker.parsed.names],
          addresses: [...broker.parsed.addresses],
          certificate: brokerRow ? certificateSummary(brokerRow, at) : null,
          origin: brokerOrigin(session, projectId, brokerRow),
        }
      : null,
    access: accessOf(session, projectId),
    exceptions: exceptionsOf(session, projectId),
    roleCounts: countByRole(session, projectId),
    observer: observer ? certificateSummary(observer, at) : null,
    lastBackup: lastBackup(session),
    tested: testedOf(session, projectId),
    warnDays: at.warnDays,
    expiryWeeks: expiryByWeek(
      devices.filter((d) => d.state === 'valid' || d.state === 'due').map((d) => d.notAfter ?? 0),
      now,
    ),
  };
}

/** What the last proof and the last run of the project's checks came to. */
function testedOf(session: VaultSession, projectId: number): CallOutput<'project.overview'>['tested'] {
  const [proof] = session.tables.proof.where('project_id = ? ORDER BY id DESC LIMIT 1', projectId);
  const [run] = session.tables.checkRun.where('project_id = ?', projectId);
  const counted = { passed: 0, failed: 0, untried: 0 };
  for (const { outcome } of run ? (JSON.parse(run.report) as CheckReport).results : []) counted[outcome]++;
  return {
    proof: proof ? { at: proof.at, outcome: proof.outcome as ProofOutcome } : null,
    checks: run ? { at: run.at, ...counted } : null,
  };
}

/** Devices in use by role. */
function countByRole(session: VaultSession, projectId: number): Record<string, number> {
  const rows = session.database
    .prepare<[number], { role: string; n: number }>(
      'SELECT role, count(*) AS n FROM device WHERE project_id = ? AND retired_at IS NULL GROUP BY role',
    )
    .all(projectId);
  return Object.fromEntries(rows.map(({ role, n }) => [role, n]));
}

/** Monday 00:00 UTC of the week of a time (ms). */
export function weekStart(time: number): number {
  const midnight = Math.floor(time / day) * day;
  const fromMonday = (new Date(midnight).getUTCDay() + 6) % 7;
  return midnight - fromMonday * day;
}

/** How many end in each week from this one on; later ones than the chart shows are left out. */
export function expiryByWeek(ends: readonly number[], now: number): { weekStart: number; count: number }[] {
  const first = weekStart(now);
  const weeks = Array.from({ length: weeksShown }, (_, index) => ({ weekStart: first + index * week, count: 0 }));
  for (const end of ends) {
    const slot = weeks[Math.floor((end - first) / week)];
    if (slot) slot.count++;
  }
  return weeks;
}
