import { isDeepStrictEqual } from 'node:util';
import { FieldkeyError } from '../../shared/errors.ts';
import type { BrokerSettings } from '../../shared/model/broker.ts';
import type { JobControl } from '../../shared/model/job.ts';
import type { ProvisionPlan } from '../../shared/model/plan.ts';
import { type Problem, problem } from '../../shared/problems.ts';
import { foldDeviceId } from '../../shared/rules/device-id.ts';
import { changeBroker, reissueBroker } from '../authority/broker-certificate.ts';
import { createProject, storeAccess } from '../authority/create-project.ts';
import { issueDevices } from '../authority/issue-devices.ts';
import {
  accessOf,
  authorityCertificate,
  brokerCertificate,
  brokerOf,
  issuingAuthority,
  latestCrl,
  projectByName,
  subjectOf,
} from '../authority/lookup.ts';
import { crlGrace, publishCrl } from '../authority/publish-crl.ts';
import { checkAccessForTarget } from '../broker/mosquitto/acl.ts';
import type { DeviceRowStored, ProjectRow } from '../vault/rows.ts';
import type { VaultSession } from '../vault/session.ts';

/** What a run did. Everything zero and `unchanged` = the vault already was as the plan wants it. */
export interface ProvisionReport {
  readonly projectId: number;
  readonly project: 'created' | 'unchanged';
  readonly broker: 'created' | 'unchanged' | 'changed' | 'reissued';
  readonly access: 'created' | 'unchanged' | 'changed';
  readonly issued: number;
  readonly alreadyThere: number;
  readonly rolesChanged: number;
  /** In the vault, not in the plan: kept. A plan never takes a device away; that is what revoking is for. */
  readonly notInPlan: number;
}

/**
 * Makes the vault be as the plan says: creates what is missing, changes what may change, issues only the devices that
 * are not there. A run that was interrupted is completed by running it again.
 * @throws PLAN_CONFLICT for what cannot change after creation (subject, authority); whatever issuing throws
 */
export async function provision(session: VaultSession, plan: ProvisionPlan, control: JobControl = {}): Promise<ProvisionReport> {
  const problems = checkAccessForTarget(plan.access, plan.broker.target);
  if (problems.length > 0) throw new FieldkeyError('INPUT_INVALID', { problems });
  const existing = projectByName(session, plan.project);
  if (existing) refuseConflicts(session, existing, plan);
  const projectId = existing?.id ?? (await createProject(session, plan));
  const broker = existing ? await changeBrokerIfNeeded(session, projectId, plan) : 'created';
  const access = existing ? changeAccessIfNeeded(session, existing, plan) : 'created';

  const present = new Map(session.tables.device.where('project_id = ?', projectId).map((row) => [row.name_folded, row]));
  const missing = plan.devices.filter((device) => !present.has(foldDeviceId(device.id)));
  const rolesChanged = changeRoles(session, projectId, plan, present);
  const issued = await issueDevices(session, projectId, missing, { ...control, key: plan.authority.key, days: plan.deviceDays });
  return {
    projectId,
    project: existing ? 'unchanged' : 'created',
    broker,
    access,
    issued,
    alreadyThere: plan.devices.length - issued,
    rolesChanged,
    notInPlan: present.size + issued - plan.devices.length,
  };
}

/** Whatever stands in certificates that were issued cannot be edited; saying nothing would be worse than refusing. */
function refuseConflicts(session: VaultSession, project: ProjectRow, plan: ProvisionPlan): void {
  const conflicts: Problem[] = [];
  const compare = (path: string, stored: string, planned: string) => {
    if (stored !== planned) conflicts.push(problem('fixed-after-creation', { stored, planned }, path));
  };
  compare('project', project.name, plan.project);
  const stored = subjectOf(project);
  for (const field of ['country', 'state', 'city', 'organisation', 'organisationalUnit'] as const) {
    compare(`subject.${field}`, stored[field] ?? '', plan.subject[field] ?? '');
  }
  const authority = issuingAuthority(session, project.id);
  const key = session.tables.privateKey.get(authority.key_id);
  compare('authority.key', key?.algorithm ?? '', plan.authority.key);
  const { not_before: from, not_after: to } = authorityCertificate(session, authority.id);
  // the period is a day longer than the years (backdated), and years have leap days
  compare('authority.years', String(Math.round((to - from) / (365.2425 * 86_400_000))), String(plan.authority.years));
  if (conflicts.length > 0) throw new FieldkeyError('PLAN_CONFLICT', { project: plan.project, problems: conflicts });
}

async function changeBrokerIfNeeded(
  session: VaultSession,
  projectId: number,
  plan: ProvisionPlan,
): Promise<ProvisionReport['broker']> {
  const stored = brokerOf(session, projectId)?.parsed;
  if (stored && isDeepStrictEqual(sorted(stored), sorted(plan.broker))) return 'unchanged';
  const inCertificate = ({ names, addresses, days }: BrokerSettings) => ({ names, addresses, days });
  if (stored && isDeepStrictEqual(inCertificate(stored), inCertificate(plan.broker))) {
    session.write((log) => {
      changeBroker(session, projectId, plan.broker);
      log('project.change', { projectId, subject: plan.project, detail: { broker: JSON.stringify(plan.broker) } });
    });
    return 'changed';
  }
  await reissueBroker(session, projectId, plan.broker, plan.authority.key);
  await outliveBroker(session, projectId);
  return 'reissued';
}

/** A new broker certificate may live longer than the revocation list: then the list would be the first to lock all out. */
async function outliveBroker(session: VaultSession, projectId: number): Promise<void> {
  const authority = issuingAuthority(session, projectId);
  const broker = brokerOf(session, projectId);
  const ends = broker && brokerCertificate(session, broker.id)?.not_after;
  const crl = latestCrl(session, authority.id);
  if (
    ends !== undefined &&
    (!crl || crl.next_update < Math.min(ends + crlGrace, authorityCertificate(session, authority.id).not_after))
  ) {
    await publishCrl(session, authority.id);
  }
}

/** Field by field, whatever order the JSON had. */
function sorted(settings: BrokerSettings): unknown {
  return Object.fromEntries(Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function changeAccessIfNeeded(session: VaultSession, project: ProjectRow, plan: ProvisionPlan): ProvisionReport['access'] {
  const wanted = plan.access.map(({ role, write, read }) => ({ role, write, read }));
  if (isDeepStrictEqual(accessOf(session, project.id), wanted)) return 'unchanged';
  session.write((log) => {
    storeAccess(session, project.id, plan.access);
    log('project.change', { projectId: project.id, subject: project.name, detail: { access: JSON.stringify(wanted) } });
  });
  return 'changed';
}

function changeRoles(
  session: VaultSession,
  projectId: number,
  plan: ProvisionPlan,
  present: Map<string, DeviceRowStored>,
): number {
  const changed = plan.devices.flatMap((device) => {
    const row = present.get(foldDeviceId(device.id));
    return row && row.role !== device.role ? [{ row, role: device.role }] : [];
  });
  if (changed.length === 0) return 0;
  session.write((log) => {
    for (const { row, role } of changed) {
      session.tables.device.update({ ...row, role });
      log('device.change', { projectId, subject: row.name, detail: { role, before: row.role } });
    }
  });
  return changed.length;
}
