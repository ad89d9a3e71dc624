import { softwareOf } from '../../shared/model/broker.ts';
import {
  type Checklist,
  type ChecklistFacts,
  type ConfirmablePoint,
  type Confirmation,
  type checkStates,
  confirmablePoints,
} from '../../shared/model/checklist.ts';
import type { ProofReport } from '../../shared/model/proof.ts';
import { accessDangers, dangerKinds } from '../../shared/rules/access-dangers.ts';
import { judgeChecklist } from '../../shared/rules/checklist.ts';
import { deviceIndex, stateOf } from '../authority/device-index.ts';
import { dueList } from '../authority/due.ts';
import {
  accessOf,
  authoritiesOf,
  brokerCertificate,
  brokerOf,
  exceptionsOf,
  hasEnded,
  hasKey,
  judgingOf,
  latestCrl,
  outsideOf,
  projectById,
  warnDaysOf,
} from '../authority/lookup.ts';
import { pendingOf } from '../authority/publish-crl.ts';
import { holderSql } from '../authority/shared-certificate.ts';
import { maxConnections } from '../broker/mosquitto/config.ts';
import { readCertificate } from '../pki/read.ts';
import { isValidForHost } from '../pki/server-name.ts';
import { lastBackup } from '../vault/backup.ts';
import { recoveryState } from '../vault/recovery.ts';
import type { VaultSession } from '../vault/session.ts';
import { lastVerification, verifyVault } from '../vault/verify.ts';
import { latestRefusals } from './kept-diagnoses.ts';
import { latestProof } from './prove-access.ts';

/** Entries of the audit log up to which it is checked without being asked to: about a second. */
const checkedAtOnce = 20_000;

/**
 * The security checklist of a project. `check`: the record is checked although it is long.
 * @throws PROJECT_NOT_FOUND, VAULT_LOCKED
 */
export async function showChecklist(session: VaultSession, projectId: number, check = false): Promise<Checklist> {
  const project = projectById(session, projectId);
  const record = await checkedRecord(session, check);
  const facts = checklistFacts(session, projectId, record);
  const rows = judgeChecklist(facts);
  const count = (state: (typeof checkStates)[number]) => rows.filter((row) => row.state === state).length;
  return {
    project: project.name,
    operator: session.operator,
    at: facts.now,
    counts: { red: count('red'), amber: count('amber'), unknown: count('unknown'), green: count('green') },
    rows,
  };
}

async function checkedRecord(session: VaultSession, check: boolean): Promise<ChecklistFacts['record']> {
  const { count } = session.audit.head;
  // also one that was made on the page of the record, or while the vault was opened
  const known = lastVerification(session);
  if (!check && (count > checkedAtOnce || known?.entries === count)) return known;
  await verifyVault(session);
  return lastVerification(session);
}

/** Everything that the points are judged by, as it is now. @throws PROJECT_NOT_FOUND */
export function checklistFacts(session: VaultSession, projectId: number, record: ChecklistFacts['record']): ChecklistFacts {
  const project = projectById(session, projectId);
  const now = session.now();
  const told = toldByLog(session, projectId);
  const at = judgingOf(session, projectId, now);
  const inUse = deviceIndex(session, projectId).map(({ row }) => ({ id: row.id, role: row.role, state: stateOf(row, at) }));
  const states = (state: (typeof inUse)[number]['state']) => inUse.filter((device) => device.state === state).length;
  const broker = brokerOf(session, projectId);
  const certificate = broker && brokerCertificate(session, broker.id);
  const authorities = authoritiesOf(session, projectId).filter(({ state }) => state === 'active');
  const outside = outsideOf(session, projectId);
  const hosts = broker ? [...broker.parsed.names, ...broker.parsed.addresses] : [];
  const info = certificate && readCertificate(certificate.der);
  const roles = new Map(inUse.map(({ id, role }) => [id, role]));
  const dangers = accessDangers(
    project.name,
    accessOf(session, projectId),
    exceptionsOf(session, projectId),
    (device) => roles.get(device) ?? 'device',
  );
  const certified = inUse.filter(({ state }) => state !== 'awaiting' && state !== 'revoked').length;
  return {
    now,
    devices: {
      total: inUse.length,
      certified,
      sharing: sharingDevices(session, projectId),
      ended: states('expired'),
      due: states('due'),
      days: project.device_days,
    },
    broker: broker
      ? {
          target: broker.parsed.target,
          kit: broker.parsed.kit,
          maxConnections: maxConnections(broker.parsed.kit, inUse.length),
          hosts,
          uncovered: info ? hosts.filter((host) => !isValidForHost(info, host)) : null,
          changedAt: told.changedAt,
        }
      : null,
    ends: dueList(session, projectId, { withinDays: 36_500, limit: 0 })
      .own.filter(({ kind }) => kind !== 'crl')
      .map(({ name, notAfter }) => ({ name, notAfter })),
    warnDays: warnDaysOf(session, projectId),
    lists: authorities
      .filter((authority) => !outside.has(authority.id) && !hasEnded(session, authority))
      .map(({ id, name }) => ({
        authority: name,
        nextUpdate: latestCrl(session, id)?.next_update ?? null,
        pending: pendingOf(session, id),
      })),
    roots: authorities
      .filter(({ parent_id }) => parent_id === null)
      .map((root) => ({
        name: root.name,
        key: outside.has(root.id) ? ('outside' as const) : hasKey(session, root) ? ('here' as const) : ('offline' as const),
        since: told.offline.get(root.id) ?? null,
      })),
    risks: dangers.filter(({ kind }) => dangerKinds[kind] === 'risk').length,
    proof: latestProof(session, projectId)?.report ?? null,
    checked: latestRefusals(session, projectId, hosts),
    version: versionSeen(session, projectId),
    backup: { at: lastBackup(session), checked: told.checked },
    recovery: recoveryState(session),
    record,
    confirmations: told.confirmations,
  };
}

/** What the broker last said of itself, when that was told by a proof on the same broker software as now. */
function versionSeen(session: VaultSession, projectId: number): ChecklistFacts['version'] {
  const [row] = session.tables.proof.where(
    "project_id = ? AND json_extract(report, '$.brokerVersion') IS NOT NULL ORDER BY id DESC LIMIT 1",
    projectId,
  );
  if (!row) return null;
  const { brokerVersion, target, finishedAt } = JSON.parse(row.report) as ProofReport;
  const now = brokerOf(session, projectId)?.parsed.target;
  if (brokerVersion == null || !now || softwareOf(target) !== softwareOf(now)) return null;
  return { text: brokerVersion, at: finishedAt };
}

/** Devices in use whose key another device uses as well. */
function sharingDevices(session: VaultSession, projectId: number): number {
  session.assertOpen();
  const select = `
    WITH used AS (
      SELECT DISTINCT d.id AS device, c.key_id AS key FROM device d JOIN certificate c ON c.device_id = ${holderSql('d.id')}
      WHERE d.project_id = ? AND d.retired_at IS NULL AND c.status = 'valid' AND c.not_after > ? AND c.key_id IS NOT NULL)
    SELECT count(DISTINCT device) FROM used WHERE key IN (SELECT key FROM used GROUP BY key HAVING count(*) > 1)`;
  return Number(session.database.prepare(select).pluck().get(projectId, session.now()));
}

interface ToldByLog {
  readonly changedAt: number | null;
  readonly checked: ChecklistFacts['backup']['checked'];
  readonly offline: ReadonlyMap<number, number>;
  readonly confirmations: Readonly<Partial<Record<ConfirmablePoint, Confirmation>>>;
}

/** What only the audit log knows. Whether it is what was written is a point of its own. */
function toldByLog(session: VaultSession, projectId: number): ToldByLog {
  session.assertOpen();
  const rows = session.database
    .prepare<[number], { at: number; operator: string; action: string; subject: string; detail: string }>(
      `SELECT at, operator, action, subject, detail FROM audit
       WHERE action IN ('backup.verify', 'backup.write') OR (project_id = ? AND action IN
         ('checklist.confirm', 'checklist.withdraw', 'authority.offline', 'project.change'))
       ORDER BY seq`,
    )
    .all(projectId);
  let changedAt: number | null = null;
  let checked = null as ToldByLog['checked'];
  /** Where the log stood in the newest backup, and when it and the one before were written. */
  const written: { head?: unknown; at: number; before: number } = { at: 0, before: 0 };
  const offline = new Map<number, number>();
  const confirmations: Partial<Record<ConfirmablePoint, Confirmation>> = {};
  for (const { at, operator, action, detail: text } of rows) {
    const detail = JSON.parse(text) as Record<string, unknown>;
    const point = confirmablePoints.find((each) => each === detail['point']);
    if (action === 'backup.write') {
      Object.assign(written, { head: detail['head'], at, before: written.at });
      if (checked) checked = { ...checked, newest: false };
    } else if (action === 'backup.verify') {
      const made = Number(detail['made']);
      // programs of former times did not note where the log of the checked one stood
      const newest = detail['head'] === undefined ? made > written.before : detail['head'] === written.head;
      if (!checked || made >= checked.made) checked = { at, made, newest };
    } else if (action === 'project.change' && ['access', 'exceptions', 'broker'].some((part) => part in detail)) changedAt = at;
    else if (action === 'authority.offline') offline.set(Number(detail['authority']), at);
    else if (point && action === 'checklist.confirm') confirmations[point] = { at, operator, note: String(detail['note']) };
    else if (point && action === 'checklist.withdraw') delete confirmations[point];
  }
  return { changedAt, checked, offline, confirmations };
}

/**
 * Notes that somebody has looked at what no program can see, or that it is not so any more. Gives the time.
 * @throws PROJECT_NOT_FOUND, what `VaultSession.write` throws
 */
export function confirmPoint(
  session: VaultSession,
  projectId: number,
  { point, note, withdraw }: { readonly point: ConfirmablePoint; readonly note: string; readonly withdraw: boolean },
): { at: number } {
  const { name } = projectById(session, projectId);
  const at = session.now();
  session.write((log) =>
    log(withdraw ? 'checklist.withdraw' : 'checklist.confirm', { projectId, subject: name, detail: { point, note } }),
  );
  return { at };
}
