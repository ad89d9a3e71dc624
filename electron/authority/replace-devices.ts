import { FieldkeyError } from '../../shared/errors.ts';
import type { RevocationReason } from '../../shared/model/certificate.ts';
import type { JobControl } from '../../shared/model/job.ts';
import type { DeviceRowStored } from '../vault/rows.ts';
import type { VaultSession } from '../vault/session.ts';
import { inChunks, prepareChunk } from './chunks.ts';
import { type DeviceProfile, openDeviceIssuer, prepareDevice, storeDevice } from './device-certificate.ts';
import { revokeCertificate } from './revoke.ts';

/** A device and the certificate that it shall be rid of: once another one is its newest, there is nothing left to do. */
export interface Replacement {
  readonly deviceId: number;
  /** The newest when the work was asked for; null = it had none. */
  readonly certificateId: number | null;
}

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
 * Gives each device a new key and certificate and revokes every older certificate of it, in one transaction per chunk
 * with the audit entries: at no moment is a device without a valid certificate. Devices that were replaced already are
 * passed over, so a run that was interrupted is completed by running it again. The caller publishes the revocation list.
 * Gives the number replaced by this run.
 * @throws DEVICE_NOT_FOUND, JOB_CANCELLED, KEY_UNAVAILABLE, ISSUER_EXPIRED, PROFILE_REFUSED, LINT_FAILED, VAULT_FULL, VAULT_LOCKED
 */
export async function replaceDevices(
  session: VaultSession,
  projectId: number,
  replacements: readonly Replacement[],
  options: ReplaceOptions,
): Promise<number> {
  const open = replacements.filter(({ deviceId, certificateId }) => newestCertificateId(session, deviceId) === certificateId);
  await inChunks(open, options, (chunk) => session.inTurn(() => replaceChunk(session, projectId, chunk, options)));
  return open.length;
}

async function replaceChunk(
  session: VaultSession,
  projectId: number,
  chunk: readonly Replacement[],
  options: ReplaceOptions,
): Promise<number> {
  const opened = openDeviceIssuer(session, projectId);
  const prepared = await prepareChunk(chunk, options.signal, async ({ deviceId, certificateId }) => {
    // another act may have replaced it while this one waited for its turn
    if (newestCertificateId(session, deviceId) !== certificateId) return null;
    const { name } = deviceOf(session, projectId, deviceId);
    return { deviceId, certificateId, device: await prepareDevice(session, opened, name, options) };
  });
  session.write((log) => {
    for (const { deviceId, certificateId, device } of prepared.filter((entry) => entry !== null)) {
      const old = session.tables.certificate.where("device_id = ? AND status <> 'revoked'", deviceId);
      const predecessor = certificateId === null ? {} : { predecessorId: certificateId };
      storeDevice(session, log, opened, device, { id: deviceId, ...predecessor });
      for (const certificate of old) revokeCertificate(session, log, certificate, options.reason);
    }
  });
  return prepared.length;
}

function deviceOf(session: VaultSession, projectId: number, deviceId: number): DeviceRowStored {
  const row = session.tables.device.get(deviceId);
  if (row?.project_id !== projectId) throw new FieldkeyError('DEVICE_NOT_FOUND', { device: String(deviceId) });
  return row;
}

const newestStatement = 'SELECT max(id) FROM certificate WHERE device_id = ?';

function newestCertificateId(session: VaultSession, deviceId: number): number | null {
  return session.database.prepare<[number], number | null>(newestStatement).pluck().get(deviceId) ?? null;
}
