import type { JobControl } from '../../shared/model/job.ts';
import type { AcceptedRequest, IntakeRefusal } from '../../shared/model/request.ts';
import { foldDeviceId } from '../../shared/rules/device-id.ts';
import { inChunks, prepareChunk } from '../authority/chunks.ts';
import { openDeviceIssuer, prepareDevice, storeDevice } from '../authority/device-certificate.ts';
import { addDevice } from '../authority/issue-devices.ts';
import type { HandedKey } from '../authority/issuer.ts';
import { keyTypeOf, projectById } from '../authority/lookup.ts';
import { newestCertificateId } from '../authority/succeed-devices.ts';
import { type RequestInfo, readRequestFile } from '../pki/read-request.ts';
import type { VaultSession } from '../vault/session.ts';
import { IntakeJudge } from './review-requests.ts';

export interface SignedRequest {
  readonly id: string;
  readonly deviceId: number;
  readonly certificateId: number;
  /** Lower-case hexadecimal. */
  readonly serial: string;
  readonly notAfter: number;
}

export interface SignReport {
  readonly issued: readonly SignedRequest[];
  /** What was accepted and cannot be issued, with the reason: nothing of them was stored. */
  readonly refused: readonly { readonly id: string; readonly reason: IntakeRefusal }[];
}

/** Handed in again when an interrupted run goes on. */
export interface SignMemory {
  plan?: { readonly wanted: readonly Wanted[]; readonly refused: SignReport['refused'] };
  issued?: SignedRequest[];
}

interface Wanted extends AcceptedRequest {
  readonly request: RequestInfo;
}

/**
 * Issues the requests that a person accepted, as the project's policy says: of a request only the key counts, the names and
 * extensions that it asks for do not. Each is judged once more, proof of possession included; what is refused now is told
 * and does not stop the others. The private keys stay where they were made. A device that is there gets another certificate
 * when that was asked for (`existing`); the one before stays valid.
 *
 * Works in chunks like all issuing; a run that was interrupted is completed by running it again with the same `memory`.
 * `handed`: the key of who issues, when it is not in the vault.
 * @throws JOB_CANCELLED, PROJECT_NOT_FOUND, AUTHORITY_OFFLINE, ISSUER_EXPIRED, VAULT_FULL, VAULT_LOCKED
 */
export async function signRequests(
  session: VaultSession,
  projectId: number,
  accepted: readonly AcceptedRequest[],
  control: JobControl = {},
  memory: SignMemory = {},
  handed?: HandedKey,
): Promise<SignReport> {
  memory.plan ??= judged(session, projectId, accepted);
  memory.issued ??= [];
  const { issued, plan } = memory;
  const done = new Set(issued.map(({ id }) => foldDeviceId(id)));
  const left = plan.wanted.filter(({ id }) => !done.has(foldDeviceId(id)));
  await inChunks(left, control, (chunk) =>
    session.inTurn(async () => {
      const signed = await signChunk(session, projectId, chunk, { ...control, handed });
      issued.push(...signed);
      return signed.length;
    }),
  );
  return { issued, refused: plan.refused };
}

function judged(session: VaultSession, projectId: number, accepted: readonly AcceptedRequest[]): NonNullable<SignMemory['plan']> {
  const judge = new IntakeJudge(session, projectId);
  const wanted: Wanted[] = [];
  const refused: { id: string; reason: IntakeRefusal }[] = [];
  for (const each of accepted) {
    const [found] = readRequestFile(Buffer.from(each.pem, 'latin1'));
    if (!found?.request) {
      refused.push({ id: each.id, reason: found?.refusal ?? 'not-a-request' });
      continue;
    }
    const { refusal, existing } = judge.see(found.request, each.id, each.role);
    const agreed = refusal === 'name-taken' && each.existing && existing !== null ? null : refusal;
    if (agreed === null) wanted.push({ ...each, request: found.request });
    else refused.push({ id: each.id, reason: agreed });
  }
  return { wanted, refused };
}

async function signChunk(
  session: VaultSession,
  projectId: number,
  chunk: readonly Wanted[],
  control: JobControl & { readonly handed?: HandedKey | undefined },
): Promise<SignedRequest[]> {
  const opened = openDeviceIssuer(session, projectId, control.handed);
  const profile = { key: keyTypeOf(session, projectId), days: projectById(session, projectId).device_days };
  const prepared = await prepareChunk(chunk, control.signal, async (wanted) => ({
    wanted,
    device: await prepareDevice(session, opened, nameFor(session, projectId, wanted), profile, {
      spki: wanted.request.spki,
      outside: true,
    }),
  }));
  return session.write((log) =>
    prepared.map(({ wanted, device }) => {
      const present = deviceNamed(session, projectId, wanted.id);
      const deviceId = present?.id ?? addDevice(session, opened.project, wanted);
      if (!present) log('device.add', { projectId, subject: wanted.id, detail: { role: wanted.role, request: true } });
      const predecessorId = newestCertificateId(session, deviceId);
      const certificateId = storeDevice(session, log, opened, device, {
        id: deviceId,
        ...(predecessorId === null ? {} : { predecessorId }),
      });
      const { serial, notAfter } = device.issued;
      return { id: device.id, deviceId, certificateId, serial, notAfter: notAfter.getTime() };
    }),
  );
}

function deviceNamed(session: VaultSession, projectId: number, id: string) {
  return session.tables.device.where('project_id = ? AND name_folded = ?', projectId, foldDeviceId(id))[0];
}

/** A device that is there keeps the spelling that its broker knows. */
function nameFor(session: VaultSession, projectId: number, { id }: Wanted): string {
  return deviceNamed(session, projectId, id)?.name ?? id;
}
