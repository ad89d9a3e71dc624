import { FieldkeyError } from '../../shared/errors.ts';
import type { DeviceRequest } from '../../shared/model/device.ts';
import type { JobControl } from '../../shared/model/job.ts';
import { type Problem, problem } from '../../shared/problems.ts';
import { checkNameForTarget } from '../../shared/rules/broker-target.ts';
import { checkDeviceId, foldDeviceId } from '../../shared/rules/device-id.ts';
import { fleetMaximum } from '../../shared/rules/plan.ts';
import { issueDevices } from '../authority/issue-devices.ts';
import type { HandedKey } from '../authority/issuer.ts';
import { accessOf, brokerOf, keyTypeOf, projectById } from '../authority/lookup.ts';
import type { VaultSession } from '../vault/session.ts';
import { lacking } from './change-project.ts';
import { completePasswords } from './passwords.ts';

/** So many say enough. */
const problemsMaximum = 100;

/** Handed in again when an interrupted run goes on: what is there then was added by it. */
export interface AddMemory {
  checked?: boolean;
}

/**
 * Adds devices to a project and issues key and certificate for each. Everything is checked before anything is issued;
 * an interrupted run is completed by running it again with the same `memory`. `handed`: the key of who issues, when it is not in the
 * vault. Gives how many were added in all.
 * @throws INPUT_INVALID with paths like `devices[3].id`; PROJECT_NOT_FOUND; JOB_CANCELLED; whatever issuing throws
 */
export async function addDevices(
  session: VaultSession,
  projectId: number,
  devices: readonly DeviceRequest[],
  control: JobControl = {},
  memory: AddMemory = {},
  handed?: HandedKey,
): Promise<number> {
  const project = projectById(session, projectId);
  const present = new Set(
    session.database.prepare<[number], string>('SELECT name_folded FROM device WHERE project_id = ?').pluck().all(projectId),
  );
  if (!memory.checked) {
    const problems = problemsOf(session, projectId, devices, present);
    if (problems.length > 0) throw new FieldkeyError('INPUT_INVALID', { problems });
    memory.checked = true;
  }
  const missing = devices.filter((device) => !present.has(foldDeviceId(device.id)));
  const profile = { key: keyTypeOf(session, projectId), days: project.device_days };
  await issueDevices(session, projectId, missing, { ...control, ...profile, handed });
  await completePasswords(session, projectId);
  return devices.length;
}

function problemsOf(
  session: VaultSession,
  projectId: number,
  devices: readonly DeviceRequest[],
  present: ReadonlySet<string>,
): Problem[] {
  const found: Problem[] = [];
  if (present.size + devices.length > fleetMaximum) found.push(problem('fleet-too-large', { maximum: fleetMaximum }, 'devices'));
  const access = accessOf(session, projectId);
  const target = brokerOf(session, projectId)?.parsed.target;
  const roles = new Map([...new Set(devices.map(({ role }) => role))].map((role) => [role, lacking(role, access)]));
  const seen = new Map<string, string>();
  devices.forEach(({ id, role }, index) => {
    if (found.length >= problemsMaximum) return;
    const path = `devices[${index}].id`;
    found.push(...checkDeviceId(id).map((p) => ({ ...p, path })));
    if (target) found.push(...checkNameForTarget(id, target, path));
    const folded = foldDeviceId(id);
    const other = seen.get(folded) ?? (present.has(folded) ? projectById(session, projectId).name : undefined);
    if (other !== undefined) found.push(problem('duplicate', { value: id, other }, path));
    seen.set(folded, path);
    found.push(...(roles.get(role) ?? []).map((p) => ({ ...p, path: `devices[${index}].role` })));
  });
  return found.slice(0, problemsMaximum);
}
