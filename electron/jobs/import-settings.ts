import { FieldkeyError } from '../../shared/errors.ts';
import { type AccessRule, defaultAccess, isBuiltIn, type Role } from '../../shared/model/access.ts';
import type { BrokerSettings } from '../../shared/model/broker.ts';
import type { ProvisionPlan } from '../../shared/model/plan.ts';
import type { ProjectSubject } from '../../shared/model/subject.ts';
import { foldDeviceId } from '../../shared/rules/device-id.ts';
import { checkPlan } from '../../shared/rules/plan.ts';
import type { ImportPlan } from '../import/plan-import.ts';
import type { CertificateInfo } from '../pki/read.ts';

/** What a person decided about an import. */
export interface ImportRequest {
  readonly project: string;
  /** That of the review: what is imported is what was shown. */
  readonly digest: string;
  /** Roles that are other than proposed, by device id. */
  readonly roles?: Readonly<Record<string, Role>> | undefined;
  /** Settings of the broker; names and addresses are those of the imported server certificate unless told. */
  readonly broker?: Partial<BrokerSettings> | undefined;
}

/**
 * The project that an import makes, held to the rules of a whole plan, so that what is imported can be worked with like
 * anything else. @throws INPUT_INVALID
 */
export function settingsFor(plan: ImportPlan, request: ImportRequest): ProvisionPlan {
  const { names, addresses } = plan.broker;
  const checked = checkPlan({
    project: request.project,
    subject: subjectFor(plan.main?.info),
    broker: { names: [...names], addresses: [...addresses], ...request.broker },
    devices: [],
    access: [...defaultAccess, ...ownRoles(request.roles)],
  });
  if ('problems' in checked) throw new FieldkeyError('INPUT_INVALID', { problems: checked.problems });
  return checked.plan;
}

/** Roles of one's own that somebody chose: they are there from the start, and may do nothing until they are given topics. */
function ownRoles(chosen: ImportRequest['roles'] = {}): AccessRule[] {
  const names = new Set(Object.values(chosen).filter((role) => !isBuiltIn(role)));
  return [...names].map((role) => ({ role, write: [], read: [] }));
}

/**
 * The role of each device by its id, those that a person chose before those that were proposed.
 * @throws DEVICE_NOT_FOUND for a choice about a device that is not among them
 */
export function rolesFor(plan: ImportPlan, chosen: ImportRequest['roles']): ReadonlyMap<string, Role> {
  const roles = new Map(plan.devices.map(({ id, role }) => [foldDeviceId(id), role]));
  for (const [id, role] of Object.entries(chosen ?? {})) {
    if (!roles.has(foldDeviceId(id))) throw new FieldkeyError('DEVICE_NOT_FOUND', { device: id });
    roles.set(foldDeviceId(id), role);
  }
  return roles;
}

/** Of the authority's name what every certificate of the project shall carry; left out where it does not fit our rules. */
function subjectFor(info: CertificateInfo | undefined): ProjectSubject {
  const part = (type: string, maximum: number) => {
    const value = info?.subject.findLast((each) => each.type === type)?.value;
    const sound =
      value !== undefined && value !== '' && value.length <= maximum && !/\p{Cc}/u.test(value) && value === value.trim();
    return sound ? value : undefined;
  };
  const country = part('C', 2);
  const found = {
    ...(country !== undefined && /^[A-Z]{2}$/.test(country) ? { country } : {}),
    state: part('ST', 128),
    city: part('L', 128),
    organisation: part('O', 64),
    organisationalUnit: part('OU', 64),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined)) as ProjectSubject;
}
