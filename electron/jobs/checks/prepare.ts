import { FieldkeyError } from '../../../shared/errors.ts';
import { type Check, type CheckDevices, checkLimits } from '../../../shared/model/check.ts';
import { problem } from '../../../shared/problems.ts';
import { concernsDevice, takesOver } from '../../../shared/rules/check-scope.ts';
import { identityOf } from '../../authority/certificate-identity.ts';
import { currentCertificate, projectById, requireObserver } from '../../authority/lookup.ts';
import { keepObserver } from '../../authority/renew-own.ts';
import { holderOf } from '../../authority/shared-certificate.ts';
import { usableTestCertificate } from '../../authority/test-certificate.ts';
import type { OpenedIdentity } from '../../authority/test-identity.ts';
import type { CertificateRow, DeviceRowStored } from '../../vault/rows.ts';
import type { VaultSession } from '../../vault/session.ts';
import { accessInput } from '../access-input.ts';
import { membersOf } from '../project-files.ts';
import { savedChecks } from './store.ts';

export interface ChecksRequest {
  readonly projectId: number;
  readonly host: string;
  readonly port: number;
  readonly devices: CheckDevices;
  /** A person has accepted that each real device is thrown off the broker while its checks run. */
  readonly takeoverAccepted: boolean;
}

/** A device of a run; `certificateId` null: no check takes its place, or none can (`hindrance`). */
export interface PreparedMember {
  readonly deviceId: number;
  readonly id: string;
  readonly certificateId: number | null;
  readonly hindrance: 'no-certificate' | 'no-key' | null;
}

/** What a run begins with. Whoever gets it wipes the observer's key when it is handed on. */
export interface PreparedChecks {
  /** Name of the project. */
  readonly project: string;
  readonly checks: readonly Check[];
  readonly members: readonly PreparedMember[];
  /** Null where no check needs it. */
  readonly observer: OpenedIdentity | null;
  readonly startedAt: number;
}

/**
 * Says what a run has to do and as whom, and notes it in the audit log before anything is sent, with every device whose place is
 * taken. Their keys come later, a few at a time. `checks`: those of a file; otherwise the numbers of those that the project keeps
 * (null = all that are enabled).
 * @throws PROJECT_NOT_FOUND, CHECK_NOT_FOUND, DEVICE_NOT_FOUND, CERTIFICATE_NOT_FOUND and KEY_UNAVAILABLE of the observer, INPUT_INVALID
 * when there is nothing to do, too much, or the takeover was not accepted
 */
export async function prepareChecks(
  session: VaultSession,
  request: ChecksRequest,
  which: { readonly checkIds: readonly number[] | null } | { readonly checks: readonly Check[] },
): Promise<PreparedChecks> {
  const { projectId, host, port, takeoverAccepted } = request;
  const { name: project } = projectById(session, projectId);
  const checks = 'checks' in which ? which.checks : chosenChecks(session, projectId, which.checkIds);
  const concerned = checks.some(concernsDevice);
  const taken = checks.some(takesOver);
  const devices = concerned ? chosenDevices(session, projectId, request.devices) : [];
  const executions = checks.reduce((sum, check) => sum + (concernsDevice(check) ? devices.length : 1), 0);
  // a check that nobody is there for would be passed over in silence
  const nobody = concerned && devices.length === 0;
  if (nobody || executions === 0 || executions > checkLimits.executions)
    throw wrong(
      problem('number-range', { minimum: 1, maximum: checkLimits.executions }, checks.length > 0 ? 'devices' : 'checkIds'),
    );
  if (taken && !takeoverAccepted) throw wrong(problem('missing', {}, 'takeoverAccepted'));
  const members = devices.map((device) => memberOf(session, device, taken));
  const observed = checks.some(({ publish, expect }) => publish.by === 'observer' || expect.at === 'observer');
  if (observed) await keepObserver(session, projectId);
  const certificate = observed ? requireObserver(session, projectId) : undefined;
  const observer = certificate ? identityOf(session, projectId, certificate) : null;
  const startedAt = session.now();
  const taking = members.filter(({ certificateId }) => certificateId !== null);
  session.write((log) =>
    log('check.begin', {
      projectId,
      subject: project,
      detail: {
        host,
        port,
        checks: checks.length,
        devices: members.length,
        takeover: taking.length,
        observer: observed,
        list: taking.map(({ id }) => id).join(' '),
      },
    }),
  );
  return { project, checks, members, observer, startedAt };
}

/** Certificates and keys of a few of them, null where no place is taken. @throws KEY_UNAVAILABLE, CERTIFICATE_NOT_FOUND, VAULT_LOCKED */
export function openChecked(
  session: VaultSession,
  projectId: number,
  members: readonly Pick<PreparedMember, 'deviceId' | 'id' | 'certificateId'>[],
): (OpenedIdentity | null)[] {
  const { deviceIs, ownClientIds } = accessInput(session, projectId);
  return members.map(({ deviceId, id, certificateId }) => {
    if (certificateId === null) return null;
    const certificate = session.tables.certificate.get(certificateId);
    if (certificate?.project_id !== projectId)
      throw new FieldkeyError('CERTIFICATE_NOT_FOUND', { certificate: String(certificateId) });
    const identity = identityOf(session, projectId, certificate, deviceId);
    // where the rules know devices by their client ids, one of several with one certificate comes under its own
    return deviceIs === 'client' && ownClientIds ? { ...identity, id } : identity;
  });
}

function chosenChecks(session: VaultSession, projectId: number, checkIds: readonly number[] | null): Check[] {
  const saved = savedChecks(session, projectId);
  const missing = checkIds?.find((id) => !saved.some(({ checkId }) => checkId === id));
  if (missing !== undefined) throw new FieldkeyError('CHECK_NOT_FOUND', { check: String(missing) });
  return saved
    .filter(({ checkId, check }) => (checkIds === null ? check.enabled : checkIds.includes(checkId)))
    .map(({ check }) => check);
}

/** In the order in which people would count them. All, or all of a role: those with a certificate in force. */
function chosenDevices(session: VaultSession, projectId: number, devices: CheckDevices): DeviceRowStored[] {
  const people = new Intl.Collator('en', { numeric: true });
  const all = membersOf(session, projectId);
  const chosen =
    devices.kind === 'all'
      ? all.filter(({ id, role }) => role === (devices.role ?? role) && currentCertificate(session, id) !== undefined)
      : [...new Set(devices.deviceIds)].map((deviceId) => {
          const row = all.find(({ id }) => id === deviceId);
          if (!row) throw new FieldkeyError('DEVICE_NOT_FOUND', { device: String(deviceId) });
          return row;
        });
  return chosen.sort((a, b) => people.compare(a.name, b.name));
}

function memberOf(session: VaultSession, { id: deviceId, name: id }: DeviceRowStored, taken: boolean): PreparedMember {
  if (!taken) return { deviceId, id, certificateId: null, hindrance: null };
  const certificate = currentCertificate(session, deviceId) ?? lastCertificate(session, deviceId);
  if (!certificate) return { deviceId, id, certificateId: null, hindrance: 'no-certificate' };
  // a device that keeps its key itself is spoken for by its test certificate, while there is one
  const usable = session.hasPrivateKey(certificate.key_id) ? certificate : usableTestCertificate(session, deviceId);
  if (!usable) return { deviceId, id, certificateId: null, hindrance: 'no-key' };
  return { deviceId, id, certificateId: usable.id, hindrance: null };
}

/** Revoked or expired: that the broker refuses it is the broker's word to say. */
function lastCertificate(session: VaultSession, deviceId: number): CertificateRow | undefined {
  return session.tables.certificate.where('device_id = ? ORDER BY id DESC LIMIT 1', holderOf(session, deviceId))[0];
}

function wrong(found: ReturnType<typeof problem>): FieldkeyError<'INPUT_INVALID'> {
  return new FieldkeyError('INPUT_INVALID', { problems: [found] });
}
