import type { CallOutput } from '../../../../shared/contract.ts';
import type { Role } from '../../../../shared/model/access.ts';
import { type IntakeRefusal, requestRefusals } from '../../../../shared/model/request.ts';
import { checkDeviceId, foldDeviceId, reservedIds } from '../../../../shared/rules/device-id.ts';

export type Reviewed = CallOutput<'request.review'>['requests'][number];

/** One request with what the person decided about it. */
export interface Decided {
  readonly key: string;
  readonly reviewed: Reviewed;
  readonly id: string;
  readonly role: Role;
  /** Another certificate for the device of that name. */
  readonly existing: boolean;
  /** The person does not want it. */
  readonly left: boolean;
}

export function decidedOf(requests: readonly Reviewed[], after: number): Decided[] {
  return requests.map((reviewed, index) => ({
    key: `${after + index} ${reviewed.file} ${reviewed.position}`,
    reviewed,
    id: reviewed.id,
    role: reviewed.role,
    existing: false,
    left: false,
  }));
}

/** What is wrong with the request itself: no decision helps. */
export function isHopeless({ reviewed }: Pick<Decided, 'reviewed'>): boolean {
  const { refusal } = reviewed;
  return refusal !== null && ((requestRefusals as readonly string[]).includes(refusal) || refusal === 'key-known');
}

/** Why each would not be issued as things are decided; null = it will be. The vault judges once more. */
export function refusalsOf(all: readonly Decided[]): (IntakeRefusal | null)[] {
  const names = new Set<string>();
  const keys = new Set<string>();
  return all.map((decided) => {
    const refusal = refusalOf(decided, names, keys);
    if (refusal === null && !decided.left) {
      names.add(foldDeviceId(decided.id));
      keys.add(decided.reviewed.fingerprint);
    }
    return refusal;
  });
}

function refusalOf(decided: Decided, names: ReadonlySet<string>, keys: ReadonlySet<string>): IntakeRefusal | null {
  const { reviewed, id } = decided;
  if (isHopeless(decided)) return reviewed.refusal;
  if (id === '') return 'id-missing';
  if ((reservedIds as readonly string[]).includes(foldDeviceId(id))) return 'id-reserved';
  if (checkDeviceId(id).length > 0) return 'id-invalid';
  if (decided.left) return null;
  if (names.has(foldDeviceId(id))) return 'name-twice';
  if (keys.has(reviewed.fingerprint)) return 'key-twice';
  const isProposed = foldDeviceId(id) === foldDeviceId(reviewed.id);
  if (isProposed && reviewed.refusal === 'name-taken') return decided.existing ? null : 'name-taken';
  return reviewed.refusal === 'role-without-access' && decided.role === reviewed.role ? reviewed.refusal : null;
}
