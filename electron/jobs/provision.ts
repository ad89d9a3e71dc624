import { FieldkeyError } from '../../shared/errors.ts';
import type { JobControl } from '../../shared/model/job.ts';
import type { ProvisionPlan } from '../../shared/model/plan.ts';
import { type Problem, problem } from '../../shared/problems.ts';
import { checkAccessForTarget } from '../../shared/rules/access-target.ts';
import { foldDeviceId } from '../../shared/rules/device-id.ts';
import { createProject } from '../authority/create-project.ts';
import { issueDevices } from '../authority/issue-devices.ts';
import type { HandedKey } from '../authority/issuer.ts';
import { projectByName, subjectOf } from '../authority/lookup.ts';
import type { CertificateRow, DeviceRowStored, ProjectRow } from '../vault/rows.ts';
import type { VaultSession } from '../vault/session.ts';
import { becomeAccess, becomeBroker, unknownDevices } from './change-project.ts';
import { completePasswords } from './passwords.ts';

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

/** What the runs of one plan have done so far; handed in again when an interrupted run goes on. */
export interface ProvisionMemory {
  project?: ProvisionReport['project'];
  broker?: ProvisionReport['broker'];
  access?: ProvisionReport['access'];
  rolesChanged?: number;
  /** Devices of the plan that were there before the first run. */
  alreadyThere?: number;
}

/**
 * Makes the vault be as the plan says: creates what is missing, changes what may change, issues only the devices that
 * are not there. A run that was interrupted is completed by running it again; with the same `memory` its report tells
 * what all runs did together. `handed`: the key of who issues in a project that is there, when it is not in the vault.
 * @throws PLAN_CONFLICT for what cannot change after creation (subject, authority); whatever issuing throws
 */
export async function provision(
  session: VaultSession,
  plan: ProvisionPlan,
  control: JobControl = {},
  memory: ProvisionMemory = {},
  handed?: HandedKey,
): Promise<ProvisionReport> {
  const existing = projectByName(session, plan.project);
  const problems = [
    ...checkAccessForTarget(plan.access, plan.broker.target),
    ...exceptionsForNobody(session, existing?.id, plan),
  ];
  if (problems.length > 0) throw new FieldkeyError('INPUT_INVALID', { problems });
  if (existing) refuseConflicts(session, existing, plan);
  const projectId = existing?.id ?? (await createProject(session, plan));
  memory.project ??= existing ? 'unchanged' : 'created';
  memory.broker = stronger(memory.broker, existing ? await becomeBroker(session, projectId, plan.broker, handed) : 'created');
  memory.access = stronger(memory.access, existing ? becomeAccess(session, projectId, plan.access) : 'created');

  const present = new Map(session.tables.device.where('project_id = ?', projectId).map((row) => [row.name_folded, row]));
  const missing = plan.devices.filter((device) => !present.has(foldDeviceId(device.id)));
  memory.alreadyThere ??= plan.devices.length - missing.length;
  memory.rolesChanged = (memory.rolesChanged ?? 0) + changeRoles(session, projectId, plan, present);
  await issueDevices(session, projectId, missing, { ...control, key: plan.authority.key, days: plan.deviceDays, handed });
  await completePasswords(session, projectId);
  // only now are they all there
  if (plan.exceptions) memory.access = stronger(memory.access, becomeAccess(session, projectId, plan.access, plan.exceptions));
  return {
    projectId,
    project: memory.project,
    broker: memory.broker,
    access: memory.access,
    issued: plan.devices.length - memory.alreadyThere,
    alreadyThere: memory.alreadyThere,
    rolesChanged: memory.rolesChanged,
    notInPlan: present.size + missing.length - plan.devices.length,
  };
}

/** Of what two runs did the one that tells more. */
function stronger<T extends string>(before: T | undefined, now: T): T {
  return before === undefined || before === 'unchanged' ? now : before;
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
  const { key, certificate } = firstRoot(session, project.id);
  compare('authority.key', key, plan.authority.key);
  const { not_before: from, not_after: to } = certificate;
  // the period is a day longer than the years (backdated), and years have leap days
  compare('authority.years', String(Math.round((to - from) / (365.2425 * 86_400_000))), String(plan.authority.years));
  if (conflicts.length > 0) throw new FieldkeyError('PLAN_CONFLICT', { project: plan.project, problems: conflicts });
}

/** The authority that the plan made, as it was then: site authorities, renewals and replacements are acts of their own. */
function firstRoot(session: VaultSession, projectId: number): { key: string; certificate: CertificateRow } {
  const [root] = session.tables.authority.where('project_id = ? AND parent_id IS NULL ORDER BY id LIMIT 1', projectId);
  const [certificate] = root ? session.tables.certificate.where('authority_id = ? ORDER BY id LIMIT 1', root.id) : [];
  if (!root || !certificate) throw new FieldkeyError('AUTHORITY_NOT_FOUND', { authority: `of project ${projectId}` });
  return { key: session.tables.privateKey.get(root.key_id)?.algorithm ?? '', certificate };
}

/** Exceptions of devices that are neither in the plan nor in the vault. */
function exceptionsForNobody(session: VaultSession, projectId: number | undefined, plan: ProvisionPlan): Problem[] {
  const planned = new Set(plan.devices.map(({ id }) => foldDeviceId(id)));
  return unknownDevices(session, projectId ?? 0, plan.exceptions).filter(
    ({ params }) => !planned.has(foldDeviceId(String(params['device']))),
  );
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
