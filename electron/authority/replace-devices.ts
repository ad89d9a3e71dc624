import { FieldkeyError } from '../../shared/errors.ts';
import type { RevocationReason } from '../../shared/model/certificate.ts';
import type { JobControl } from '../../shared/model/job.ts';
import type { VaultSession } from '../vault/session.ts';
import type { DeviceProfile } from './device-certificate.ts';
import type { HandedKey } from './issuer.ts';
import { holderOf } from './shared-certificate.ts';
import { deviceOf, newestCertificateId, type Succession, succeedDevices } from './succeed-devices.ts';

/** A device and the certificate that it shall be rid of. */
export type Replacement = Succession;

export interface ReplaceOptions extends JobControl, DeviceProfile {
  readonly reason: RevocationReason;
  /** As in `SuccessionOptions`. */
  readonly handed?: HandedKey | undefined;
}

/** What replacing these devices means now, to be done later and, after an interruption, again. @throws DEVICE_NOT_FOUND, KEY_ELSEWHERE, CERTIFICATE_SHARED */
export function replacementsOf(session: VaultSession, projectId: number, deviceIds: readonly number[]): Replacement[] {
  const elsewhere: string[] = [];
  const shared: string[] = [];
  const replacements = [...new Set(deviceIds)].map((deviceId) => {
    const { name } = deviceOf(session, projectId, deviceId);
    if (holderOf(session, deviceId) !== deviceId) shared.push(name);
    const newest = newestCertificateId(session, deviceId);
    // one without a certificate waits for its first key, which is made here
    if (newest !== null && !session.hasPrivateKey(session.tables.certificate.get(newest)?.key_id ?? null)) elsewhere.push(name);
    return { deviceId, certificateId: newest };
  });
  if (shared.length > 0) throw new FieldkeyError('CERTIFICATE_SHARED', { devices: shared });
  if (elsewhere.length > 0) throw new FieldkeyError('KEY_ELSEWHERE', { devices: elsewhere });
  return replacements;
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
