import { FieldkeyError } from '../../shared/errors.ts';
import type { DeviceRequest } from '../../shared/model/device.ts';
import type { JobControl } from '../../shared/model/job.ts';
import { foldDeviceId } from '../../shared/rules/device-id.ts';
import type { ProjectRow } from '../vault/rows.ts';
import type { VaultSession } from '../vault/session.ts';
import { inChunks, prepareChunk } from './chunks.ts';
import { type DeviceProfile, openDeviceIssuer, prepareDevice, storeDevice } from './device-certificate.ts';
import type { HandedKey } from './issuer.ts';

export interface IssueOptions extends JobControl, DeviceProfile {
  /** The key of the authority that issues for devices, when it is not in the vault. */
  readonly handed?: HandedKey | undefined;
}

/**
 * Adds devices to a project and issues a key and a certificate for each. Works in chunks: each is one transaction
 * with its audit entries, progress counts only what is committed, a cancelled or failed run keeps what was committed.
 * Gives the number issued.
 * @throws DEVICE_EXISTS, JOB_CANCELLED, PROJECT_NOT_FOUND, KEY_UNAVAILABLE, PROFILE_REFUSED, LINT_FAILED, VAULT_FULL, VAULT_LOCKED
 */
export async function issueDevices(
  session: VaultSession,
  projectId: number,
  requests: readonly DeviceRequest[],
  options: IssueOptions,
): Promise<number> {
  await inChunks(requests, options, (chunk) => session.inTurn(() => issueChunk(session, projectId, chunk, options)));
  return requests.length;
}

async function issueChunk(
  session: VaultSession,
  projectId: number,
  chunk: readonly DeviceRequest[],
  options: IssueOptions,
): Promise<number> {
  const opened = openDeviceIssuer(session, projectId, options.handed);
  const prepared = await prepareChunk(chunk, options.signal, async (request) => ({
    request,
    device: await prepareDevice(session, opened, request.id, options),
  }));
  session.write((log) => {
    for (const { request, device } of prepared) {
      const id = addDevice(session, opened.project, request);
      log('device.add', { projectId, subject: request.id, detail: { role: request.role } });
      storeDevice(session, log, opened, device, { id });
    }
  });
  return prepared.length;
}

/** @throws DEVICE_EXISTS */
export function addDevice(session: VaultSession, project: ProjectRow, request: DeviceRequest): number {
  try {
    return session.tables.device.insert({
      project_id: project.id,
      name: request.id,
      name_folded: foldDeviceId(request.id),
      role: request.role,
      created_at: session.now(),
      retired_at: null,
    });
  } catch (error) {
    if ((error as { code?: string }).code === 'SQLITE_CONSTRAINT_UNIQUE')
      throw new FieldkeyError('DEVICE_EXISTS', { device: request.id }, error);
    throw error;
  }
}
