import type { RevocationReason } from '../../shared/model/certificate.ts';
import type { JobControl } from '../../shared/model/job.ts';
import type { HandedKey } from '../authority/issuer.ts';
import { authoritiesOf, keyTypeOf, projectById } from '../authority/lookup.ts';
import { completeCrls, listInForce, pendingOf } from '../authority/publish-crl.ts';
import { type Replacement, replaceDevices, replacementsOf } from '../authority/replace-devices.ts';
import { newestCertificateId } from '../authority/succeed-devices.ts';
import type { VaultSession } from '../vault/session.ts';
import { replacePasswords } from './passwords.ts';

/** Handed in again when an interrupted run goes on: which certificates were to be replaced when it began. */
export interface ReplaceMemory {
  replacements?: readonly Replacement[];
}

export interface ReplaceRequest {
  readonly deviceIds: readonly number[];
  readonly reason: RevocationReason;
  /** The key of an authority that is kept elsewhere: of the one that issues, or of one whose list is to be signed. */
  readonly handed?: HandedKey | undefined;
}

/** Authorities whose newest list does not tell the truth, because their key is kept elsewhere. */
export function waitingLists(session: VaultSession, projectId: number): string[] {
  return authoritiesOf(session, projectId)
    .filter(({ id, state }) => state !== 'compromised' && pendingOf(session, id) > 0)
    .map(({ name }) => name);
}

/**
 * Replaces devices: same id, new key and certificate, the old certificate revoked, and at the end one new revocation
 * list. The list is also published when the work is cancelled or paused, for those that were replaced by then.
 * Gives how many were replaced in all runs, number and deadline of the list in force, and whose lists wait for a key that is kept elsewhere.
 * @throws DEVICE_NOT_FOUND, JOB_CANCELLED, whatever issuing throws
 */
export async function replaceAndPublish(
  session: VaultSession,
  projectId: number,
  request: ReplaceRequest,
  control: JobControl = {},
  memory: ReplaceMemory = {},
): Promise<{ replaced: number; crlNumber: number; crlNextUpdate: number; waiting: string[] }> {
  const { handed } = request;
  const days = projectById(session, projectId).device_days;
  memory.replacements ??= replacementsOf(session, projectId, request.deviceIds);
  try {
    await replaceDevices(session, projectId, memory.replacements, {
      ...control,
      reason: request.reason,
      key: keyTypeOf(session, projectId),
      days,
      handed,
    });
  } catch (error) {
    // a session that is closed cannot sign; then the list is completed by the run that goes on, or before the next export
    if (session.open) {
      await replacePasswordsOf(session, projectId, memory.replacements);
      await completeCrls(session, projectId, handed);
    }
    throw error;
  }
  // what is replaced may be in other hands, and its password with it
  await replacePasswordsOf(session, projectId, memory.replacements);
  control.onProgress?.({ step: 'publish', done: 0, total: 1 });
  await completeCrls(session, projectId, handed);
  control.onProgress?.({ step: 'publish', done: 1, total: 1 });
  return {
    replaced: memory.replacements.length,
    ...listInForce(session, projectId),
    waiting: waitingLists(session, projectId),
  };
}

/** Of those that have a new certificate already. */
function replacePasswordsOf(session: VaultSession, projectId: number, replacements: readonly Replacement[]): Promise<void> {
  const replaced = replacements.filter(({ deviceId, certificateId }) => newestCertificateId(session, deviceId) !== certificateId);
  return replacePasswords(
    session,
    projectId,
    replaced.map(({ deviceId }) => deviceId),
  );
}
