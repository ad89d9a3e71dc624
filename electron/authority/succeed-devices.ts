import { FieldkeyError } from '../../shared/errors.ts';
import type { RenewalMode } from '../../shared/model/authority.ts';
import type { RevocationReason } from '../../shared/model/certificate.ts';
import type { JobControl } from '../../shared/model/job.ts';
import type { DeviceRowStored } from '../vault/rows.ts';
import type { VaultSession } from '../vault/session.ts';
import { inChunks, prepareChunk } from './chunks.ts';
import { type DeviceProfile, type KnownKey, openDeviceIssuer, prepareDevice, storeDevice } from './device-certificate.ts';
import type { HandedKey } from './issuer.ts';
import { revokeCertificate } from './revoke.ts';

/** A device and what it shall be followed by another certificate for: once another one is its newest, nothing is left to do. */
export interface Succession {
  readonly deviceId: number;
  /** The newest when the work was asked for; null = it had none. */
  readonly certificateId: number | null;
  /** The one that the new certificate follows; the newest unless told. */
  readonly predecessorId?: number;
}

export interface SuccessionOptions extends JobControl, DeviceProfile {
  /** Keep the key, or make a new one. */
  readonly mode: RenewalMode;
  /** Revoke every older certificate of the device in the same transaction; null = they stay valid. */
  readonly revoke: RevocationReason | null;
  /** The key of the authority that issues for devices, when it is not in the vault. */
  readonly handed?: HandedKey | undefined;
  /** Told of each certificate once it is stored. */
  readonly onStored?: (stored: StoredSuccessor) => void;
}

export interface StoredSuccessor {
  readonly deviceId: number;
  readonly id: string;
  readonly certificateId: number;
  readonly predecessorId: number | null;
  /** Lower-case hexadecimal. */
  readonly serial: string;
  readonly notAfter: number;
}

/**
 * Gives each device another certificate, with its key or a new one, in one transaction per chunk with the audit entries:
 * at no moment is a device without a valid certificate. Devices that have another newest one by now are passed over, so a
 * run that was interrupted is completed by running it again. Gives the number that was left to do.
 * @throws DEVICE_NOT_FOUND, JOB_CANCELLED, KEY_UNAVAILABLE, AUTHORITY_OFFLINE, ISSUER_EXPIRED, PROFILE_REFUSED, LINT_FAILED,
 * VAULT_FULL, VAULT_LOCKED
 */
export async function succeedDevices(
  session: VaultSession,
  projectId: number,
  successions: readonly Succession[],
  options: SuccessionOptions,
): Promise<number> {
  const open = successions.filter(({ deviceId, certificateId }) => newestCertificateId(session, deviceId) === certificateId);
  await inChunks(open, options, (chunk) => session.inTurn(() => succeedChunk(session, projectId, chunk, options)));
  return open.length;
}

async function succeedChunk(
  session: VaultSession,
  projectId: number,
  chunk: readonly Succession[],
  options: SuccessionOptions,
): Promise<number> {
  const opened = openDeviceIssuer(session, projectId, options.handed);
  const prepared = await prepareChunk(chunk, options.signal, async ({ deviceId, certificateId, predecessorId }) => {
    // another act may have replaced it while this one waited for its turn
    if (newestCertificateId(session, deviceId) !== certificateId) return null;
    const { name } = deviceOf(session, projectId, deviceId);
    const follows = predecessorId ?? certificateId;
    const known = options.mode === 'renew' ? knownKey(session, follows, name) : undefined;
    return { deviceId, follows, device: await prepareDevice(session, opened, name, options, known) };
  });
  const stored: StoredSuccessor[] = [];
  session.write((log) => {
    for (const { deviceId, follows, device } of prepared.filter((entry) => entry !== null)) {
      const old = options.revoke ? session.tables.certificate.where("device_id = ? AND status <> 'revoked'", deviceId) : [];
      const predecessor = follows === null ? {} : { predecessorId: follows };
      const id = storeDevice(session, log, opened, device, { id: deviceId, ...predecessor });
      const { serial, notAfter } = device.issued;
      stored.push({
        deviceId,
        id: device.id,
        certificateId: id,
        predecessorId: follows,
        serial,
        notAfter: notAfter.getTime(),
      });
      if (options.revoke) for (const certificate of old) revokeCertificate(session, log, certificate, options.revoke);
    }
  });
  for (const each of stored) options.onStored?.(each);
  return prepared.length;
}

function knownKey(session: VaultSession, certificateId: number | null, device: string): KnownKey {
  const keyId = certificateId === null ? null : (session.tables.certificate.get(certificateId)?.key_id ?? null);
  const row = keyId === null ? undefined : session.tables.privateKey.get(keyId);
  if (!row) throw new FieldkeyError('KEY_UNAVAILABLE', { key: device });
  return { keyId: row.id, spki: row.spki };
}

/** @throws DEVICE_NOT_FOUND, also for a device of another project */
export function deviceOf(session: VaultSession, projectId: number, deviceId: number): DeviceRowStored {
  const row = session.tables.device.get(deviceId);
  if (row?.project_id !== projectId) throw new FieldkeyError('DEVICE_NOT_FOUND', { device: String(deviceId) });
  return row;
}

const newestStatement = 'SELECT max(id) FROM certificate WHERE device_id = ?';

export function newestCertificateId(session: VaultSession, deviceId: number): number | null {
  return session.database.prepare<[number], number | null>(newestStatement).pluck().get(deviceId) ?? null;
}
