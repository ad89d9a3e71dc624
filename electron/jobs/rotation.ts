import { FieldkeyError } from '../../shared/errors.ts';
import { type Problem, problem } from '../../shared/problems.ts';
import type { RotationPreset } from '../../shared/rules/rotation.ts';
import { changeBroker } from '../authority/broker-certificate.ts';
import { brokerOf, projectById, warnDaysOf } from '../authority/lookup.ts';
import { changeSettings } from '../authority/project-settings.ts';
import type { VaultSession } from '../vault/session.ts';

/** How long a project's certificates live and from when on they count as due. @throws PROJECT_NOT_FOUND */
export function rotationOf(session: VaultSession, projectId: number): RotationPreset {
  return {
    deviceDays: projectById(session, projectId).device_days,
    brokerDays: brokerOf(session, projectId)?.parsed.days ?? 397,
    warnDays: warnDaysOf(session, projectId),
  };
}

/** The bounds of the profiles (x509.md): what a plan may say, too. */
const bounds = { deviceDays: [90, 3650], brokerDays: [1, 825], warnDays: [1, 365] } as const;

/**
 * Changes them for what is issued from now on; certificates that are there stay as they are.
 * @throws INPUT_INVALID, PROJECT_NOT_FOUND
 */
export function changeRotation(session: VaultSession, projectId: number, rotation: RotationPreset): void {
  const problems = (Object.keys(bounds) as (keyof typeof bounds)[]).flatMap((name): Problem[] => {
    const [minimum, maximum] = bounds[name];
    const value = rotation[name];
    if (!Number.isInteger(value)) return [problem('integer', {}, name)];
    return value < minimum || value > maximum ? [problem('number-range', { minimum, maximum }, name)] : [];
  });
  if (problems.length > 0) throw new FieldkeyError('INPUT_INVALID', { problems });
  const project = projectById(session, projectId);
  const broker = brokerOf(session, projectId)?.parsed;
  session.write((log) => {
    session.tables.project.update({ ...project, device_days: rotation.deviceDays });
    log('project.change', { projectId, subject: project.name, detail: { deviceDays: rotation.deviceDays } });
    if (broker && broker.days !== rotation.brokerDays) {
      const settings = { ...broker, days: rotation.brokerDays };
      changeBroker(session, projectId, settings);
      log('project.change', { projectId, subject: project.name, detail: { broker: JSON.stringify(settings) } });
    }
    changeSettings(session, log, projectId, { warnDays: rotation.warnDays });
  });
}
