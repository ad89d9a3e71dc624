import { FieldkeyError } from '../../shared/errors.ts';
import { softwareOf } from '../../shared/model/broker.ts';
import type { JobControl } from '../../shared/model/job.ts';
import { problem } from '../../shared/problems.ts';
import { openDeviceIssuer } from '../authority/device-certificate.ts';
import type { HandedKey } from '../authority/issuer.ts';
import { brokerOf, currentCertificate, projectById } from '../authority/lookup.ts';
import { holderOf, sharersOf } from '../authority/shared-certificate.ts';
import { deviceOf } from '../authority/succeed-devices.ts';
import type { VaultSession } from '../vault/session.ts';
import { replaceAndPublish } from './replace.ts';

/** Devices that work with one certificate, by the name of the one that it names. */
export interface SharedGroup {
  readonly holderId: number;
  readonly holder: string;
  /** Of the holder. */
  readonly role: string;
  readonly devices: readonly { readonly deviceId: number; readonly id: string; readonly role: string }[];
}

/**
 * Makes devices use the certificate and key of another one. Whoever has it can pose as each of them, and revoking it stops
 * all: that is why it is noted for each device by itself. Their own certificates stay as they are.
 * @throws DEVICE_NOT_FOUND, CERTIFICATE_NOT_FOUND when the other has no valid one, INPUT_INVALID for chains of sharing
 */
export function shareCertificate(
  session: VaultSession,
  projectId: number,
  holderId: number,
  deviceIds: readonly number[],
): readonly string[] {
  const holder = deviceOf(session, projectId, holderId);
  if (!currentCertificate(session, holderId) || holderOf(session, holderId) !== holderId)
    throw new FieldkeyError('CERTIFICATE_NOT_FOUND', { certificate: `of ${holder.name}` });
  const target = brokerOf(session, projectId)?.parsed.target;
  if (target && softwareOf(target) !== 'mosquitto')
    throw new FieldkeyError('INPUT_INVALID', { problems: [problem('shares-target', {}, 'target')] });
  const wanted = [...new Set(deviceIds)].filter((id) => id !== holderId && holderOf(session, id) !== holderId);
  const devices = wanted.map((id) => deviceOf(session, projectId, id));
  const chained = devices.filter(({ id }) => sharersOf(session, id).length > 0);
  if (chained.length > 0)
    throw new FieldkeyError('INPUT_INVALID', {
      problems: chained.map(({ name }) => problem('shares-already', { device: name }, 'deviceIds')),
    });
  session.write((log) => {
    for (const { id, name } of devices) {
      const [row] = session.tables.sharedCertificate.where('device_id = ?', id);
      if (row) session.tables.sharedCertificate.update({ ...row, holder_id: holderId });
      else session.tables.sharedCertificate.insert({ project_id: projectId, device_id: id, holder_id: holderId });
      log('certificate.share', { projectId, subject: name, detail: { holder: holder.name } });
    }
  });
  return devices.map(({ name }) => name);
}

/**
 * Gives devices a certificate and key of their own again, with a new revocation list for what they had before. Whoever still
 * has the shared key can still pose as them until that certificate is replaced too. `handed`: the key of who issues, when it is not in
 * the vault. @throws AUTHORITY_OFFLINE before anything is changed, whatever issuing throws
 */
export async function unshareCertificate(
  session: VaultSession,
  projectId: number,
  deviceIds: readonly number[],
  control: JobControl = {},
  handed?: HandedKey,
): Promise<readonly string[]> {
  const devices = deviceIds
    .map((id) => deviceOf(session, projectId, id))
    .filter(({ id }) => session.tables.sharedCertificate.where('device_id = ?', id).length > 0);
  // before anything is taken from them: without the key of who issues they would have nothing
  if (devices.length > 0) openDeviceIssuer(session, projectId, handed);
  session.write((log) => {
    for (const { id, name } of devices) {
      session.database.prepare('DELETE FROM shared_certificate WHERE device_id = ?').run(id);
      log('certificate.share', { projectId, subject: name });
    }
  });
  // what the list of devices keeps has to be read again
  const request = { deviceIds: devices.map(({ id }) => id), reason: 'superseded', handed } as const;
  await replaceAndPublish(session, projectId, request, control);
  return devices.map(({ name }) => name);
}

/** Every certificate of a project that several devices use. @throws PROJECT_NOT_FOUND */
export function sharedGroups(session: VaultSession, projectId: number): SharedGroup[] {
  projectById(session, projectId);
  const groups = new Map<number, { deviceId: number; id: string; role: string }[]>();
  for (const { device_id, holder_id } of session.tables.sharedCertificate.where('project_id = ? ORDER BY id', projectId)) {
    const { name, role } = deviceOf(session, projectId, device_id);
    const device = { deviceId: device_id, id: name, role };
    groups.set(holder_id, [...(groups.get(holder_id) ?? []), device]);
  }
  return [...groups].map(([holderId, devices]) => {
    const { name, role } = deviceOf(session, projectId, holderId);
    return { holderId, holder: name, role, devices };
  });
}
