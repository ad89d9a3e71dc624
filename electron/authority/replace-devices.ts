import type { RevocationReason } from '../../shared/model/certificate.ts';
import type { JobControl } from '../../shared/model/job.ts';
import type { VaultSession } from '../vault/session.ts';
import type { DeviceProfile } from './device-certificate.ts';
import { deviceOf, newestCertificateId, type Succession, succeedDevices } from './succeed-devices.ts';

/** A device and the certificate that it shall be rid of. */
export type Replacement = Succession;

export interface ReplaceOptions extends JobControl, DeviceProfile {
  readonly reason: RevocationReason;
}

/** What replacing these devices means now, to be done later and, after an interruption, again. @throws DEVICE_NOT_FOUND */
export function replacementsOf(session: VaultSession, projectId: number, deviceIds: readonly number[]): Replacement[] {
  return [...new Set(deviceIds)].map((deviceId) => {
    deviceOf(session, projectId, deviceId);
    return { deviceId, certificateId: newestCertificateId(session, deviceId) };
  });
}

/**
 * Gives each device a new key and certificate and revokes every older certificate of it (see `succeedDevices`). The
 * caller publishes the revocation list. Gives the number replaced by this run.
 * @throws as `succeedDevices`
 */
export function replaceDevices(
  session: VaultSession,
  projectId: number,
  replacements: readonly Replacement[],
  options: ReplaceOptions,
): Promise<number> {
  return succeedDevices(session, projectId, replacements, { ...options, mode: 'rekey', revoke: options.reason });
}
