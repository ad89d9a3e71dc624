import { FieldkeyError } from '../../shared/errors.ts';
import type { DeviceRequest } from '../../shared/model/device.ts';
import type { JobControl } from '../../shared/model/job.ts';
import type { KeyAlgorithm } from '../../shared/model/key.ts';
import type { ProjectSubject } from '../../shared/model/subject.ts';
import { foldDeviceId } from '../../shared/rules/device-id.ts';
import type { IssuedCertificate } from '../pki/certificate.ts';
import type { Issuer } from '../pki/issuer.ts';
import { generateKey, type KeyPair } from '../pki/keys.ts';
import { issueLinted } from '../pki/linted.ts';
import type { ProjectRow } from '../vault/rows.ts';
import type { VaultSession } from '../vault/session.ts';
import { openIssuer } from './issuer.ts';
import { issuingAuthority, projectById, subjectOf } from './lookup.ts';
import { storeCertificate, storeKey } from './store-certificate.ts';

/** Certificates in one transaction: few enough that cancelling answers within a tenth of a second. */
const chunkSize = 200;

/** A device with its key and certificate, before it is stored. */
interface Prepared {
  readonly request: DeviceRequest;
  readonly key: KeyPair;
  readonly issued: IssuedCertificate;
}

export interface IssueOptions extends JobControl {
  readonly key: KeyAlgorithm;
  readonly days: number;
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
  const total = requests.length;
  let done = 0;
  while (done < total) {
    if (options.signal?.aborted) throw new FieldkeyError('JOB_CANCELLED', { done, total });
    const chunk = requests.slice(done, done + chunkSize);
    await session.inTurn(() => issueChunk(session, projectId, chunk, options));
    done += chunk.length;
    options.onProgress?.({ step: 'issue', done, total });
    // whoever shares this thread gets a turn between chunks
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  return done;
}

async function issueChunk(
  session: VaultSession,
  projectId: number,
  chunk: readonly DeviceRequest[],
  options: IssueOptions,
): Promise<void> {
  const project = projectById(session, projectId);
  const authority = issuingAuthority(session, projectId);
  // opened anew for each chunk: when the vault is locked in between, no decrypted key stays behind
  const issuer = openIssuer(session, authority.id);
  const subject = subjectOf(project);
  const prepared: Prepared[] = [];
  for (const request of chunk) prepared.push(await prepare(session, issuer, subject, request, options));
  session.write((log) => {
    for (const { request, key, issued } of prepared) {
      const deviceId = addDevice(session, project, request);
      log('device.add', { projectId, subject: request.id, detail: { role: request.role } });
      const keyId = storeKey(session, key);
      storeCertificate(session, log, issued, {
        projectId,
        kind: 'device',
        commonName: request.id,
        issuerId: authority.id,
        deviceId,
        keyId,
      });
    }
  });
}

async function prepare(
  session: VaultSession,
  issuer: Issuer,
  subject: ProjectSubject,
  request: DeviceRequest,
  options: IssueOptions,
): Promise<Prepared> {
  const key = await generateKey(options.key);
  const issued = await issueLinted({
    kind: 'device',
    subject: { ...subject, commonName: request.id },
    spki: key.spki,
    issuer,
    validity: { days: options.days },
    now: new Date(session.now()),
  });
  return { request, key, issued };
}

function addDevice(session: VaultSession, project: ProjectRow, request: DeviceRequest): number {
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
