import { FieldkeyError } from '../../shared/errors.ts';
import type { RenewalMode } from '../../shared/model/authority.ts';
import type { JobControl } from '../../shared/model/job.ts';
import { isKeptElsewhere, reissueBroker } from '../authority/broker-certificate.ts';
import type { HandedKey } from '../authority/issuer.ts';
import { brokerCertificate, brokerOf, keyTypeOf, projectById } from '../authority/lookup.ts';
import { type RenewalSelection, renewalsOf, type Skipped } from '../authority/renewals.ts';
import { type StoredSuccessor, type Succession, succeedDevices } from '../authority/succeed-devices.ts';
import type { VaultSession } from '../vault/session.ts';
import { outliveBroker } from './change-project.ts';
import { changedFiles } from './kit-difference.ts';
import { kitNow } from './kit-now.ts';
import { contextOf } from './project-files.ts';

/** Handed in again when an interrupted run goes on: what was to be done when it began, and what was done. */
export interface RenewMemory {
  plan?: { readonly renewals: readonly Succession[]; readonly skipped: readonly Skipped[] };
  done?: StoredSuccessor[];
}

export interface RenewRequest extends RenewalSelection {
  readonly mode: RenewalMode;
  /** Validity of the new certificates; the project's unless told. */
  readonly days?: number | undefined;
  /** The key of the authority that issues for devices, when it is not in the vault. */
  readonly handed?: HandedKey | undefined;
}

export interface RenewReport {
  readonly done: readonly StoredSuccessor[];
  readonly skipped: readonly Skipped[];
}

/**
 * Renews (same key, new validity) or re-keys (new key) the certificates of devices. The certificates before stay valid and
 * visible; revoking one is an act of its own. A run that was interrupted is completed by running it again with the same
 * `memory`.
 * @throws DEVICE_NOT_FOUND, JOB_CANCELLED, AUTHORITY_OFFLINE, whatever issuing throws
 */
export async function renewDevices(
  session: VaultSession,
  projectId: number,
  request: RenewRequest,
  control: JobControl = {},
  memory: RenewMemory = {},
): Promise<RenewReport> {
  const days = request.days ?? projectById(session, projectId).device_days;
  memory.plan ??= renewalsOf(session, projectId, request, request.mode, days);
  memory.done ??= [];
  const { done } = memory;
  await succeedDevices(session, projectId, memory.plan.renewals, {
    ...control,
    mode: request.mode,
    revoke: null,
    key: keyTypeOf(session, projectId),
    days,
    handed: request.handed,
    onStored: (stored) => done.push(stored),
  });
  return { done, skipped: memory.plan.skipped };
}

/**
 * Gives the broker another certificate for the names it has, with its key or a new one; the one before stays valid, for the
 * broker uses it until the new kit is installed. `handed` is the key of who issues, when it is not in the vault. Gives the files of the kit that are new then.
 * @throws BROKER_NOT_OURS for a certificate of another authority, or a new key for a broker that somebody else keeps the key
 *   of; PROJECT_NOT_FOUND, AUTHORITY_OFFLINE, whatever issuing throws
 */
export async function renewBroker(
  session: VaultSession,
  projectId: number,
  mode: RenewalMode,
  handed?: HandedKey,
): Promise<{ filesToCopy: string[] }> {
  const broker = brokerOf(session, projectId);
  if (mode === 'rekey' && broker && isKeptElsewhere(session, brokerCertificate(session, broker.id)))
    throw new FieldkeyError('BROKER_NOT_OURS', {});
  return reissued(session, projectId, { sameKey: mode === 'renew', handed });
}

/**
 * Makes key and certificate of the broker here again, whoever had made them; those of another authority stay as they are, and
 * devices go on trusting it. Gives the files of the kit that are new then. @throws as `renewBroker`
 */
export function makeBrokerOwn(session: VaultSession, projectId: number, handed?: HandedKey): Promise<{ filesToCopy: string[] }> {
  return reissued(session, projectId, { own: true, handed });
}

async function reissued(
  session: VaultSession,
  projectId: number,
  options: { readonly sameKey?: boolean; readonly own?: boolean; readonly handed?: HandedKey | undefined },
) {
  const kit = () => kitNow(session, projectId);
  const before = kit();
  const { broker } = contextOf(session, projectId);
  await reissueBroker(session, projectId, broker, keyTypeOf(session, projectId), options);
  await outliveBroker(session, projectId, options.handed);
  return { filesToCopy: changedFiles(before, kit()) };
}
