import { FieldkeyError } from '../../shared/errors.ts';
import {
  type SimulationChoice,
  type SimulationPlan,
  type SimulationState,
  simulationLimits,
} from '../../shared/model/simulation.ts';
import { problem } from '../../shared/problems.ts';
import { type DeviceAccess, deviceAccess } from '../../shared/rules/device-access.ts';
import { fillTopic } from '../../shared/rules/topic.ts';
import { filterCovers } from '../../shared/rules/topic-filter.ts';
import { identityOf } from '../authority/certificate-identity.ts';
import { accessOf, currentCertificate, exceptionsOf, projectById, requireObserver } from '../authority/lookup.ts';
import { keepObserver } from '../authority/renew-own.ts';
import { usableTestCertificate } from '../authority/test-certificate.ts';
import type { OpenedIdentity } from '../authority/test-identity.ts';
import type { CertificateRow } from '../vault/rows.ts';
import type { VaultSession } from '../vault/session.ts';
import { membersOf } from './project-files.ts';

/** A device that will be simulated; `certificateId` is that of the vault's own, or of its test certificate. */
export interface SimulatedMember {
  readonly deviceId: number;
  readonly certificateId: number;
  readonly id: string;
  /** Where it publishes its readings. */
  readonly topic: string;
}

export interface SimulationRequest extends SimulationChoice {
  readonly projectId: number;
  readonly host: string;
  readonly port: number;
  /** Seconds between two readings of a meter. */
  readonly interval: number;
  /** The observer connects as well and measures. */
  readonly observe: boolean;
}

/** What a run begins with. Whoever gets it wipes the observer's key when it is handed on. */
export interface PreparedSimulation {
  readonly members: readonly SimulatedMember[];
  readonly observer: { readonly identity: OpenedIdentity; readonly filters: readonly string[] } | null;
}

/** @throws PROJECT_NOT_FOUND, VAULT_LOCKED */
export function planSimulation(session: VaultSession, projectId: number, choice: SimulationChoice): SimulationPlan {
  return chosen(session, projectId, choice).plan;
}

/**
 * Says whom a load test connects as, and notes it in the audit log, with every device, before anything is sent. The keys of
 * the devices come later, a few at a time.
 * @throws PROJECT_NOT_FOUND, CERTIFICATE_NOT_FOUND, KEY_UNAVAILABLE, INPUT_INVALID when there is nobody, or the load is too large
 */
export async function prepareSimulation(session: VaultSession, request: SimulationRequest): Promise<PreparedSimulation> {
  const { projectId, host, port, interval, observe } = request;
  const { name } = projectById(session, projectId);
  const { members, filters } = chosen(session, projectId, request);
  const most = Math.min(simulationLimits.connections, Math.floor(simulationLimits.messagesPerSecond * interval));
  if (members.length === 0 || members.length > most)
    throw new FieldkeyError('INPUT_INVALID', { problems: [problem('number-range', { minimum: 1, maximum: most }, 'limit')] });
  if (observe) await keepObserver(session, projectId);
  const certificate = observe ? requireObserver(session, projectId) : undefined;
  const observer = certificate ? { identity: identityOf(session, projectId, certificate), filters } : null;
  session.write((log) =>
    log('simulation.begin', {
      projectId,
      subject: name,
      detail: { host, port, devices: members.length, interval, observer: observe, list: members.map(({ id }) => id).join(' ') },
    }),
  );
  return { members, observer };
}

/** Certificates and keys of a few of them. @throws KEY_UNAVAILABLE, CERTIFICATE_NOT_FOUND, VAULT_LOCKED */
export function openSimulated(session: VaultSession, projectId: number, certificateIds: readonly number[]): OpenedIdentity[] {
  return certificateIds.map((id) => {
    const certificate = session.tables.certificate.get(id);
    if (certificate?.project_id !== projectId) throw new FieldkeyError('CERTIFICATE_NOT_FOUND', { certificate: String(id) });
    return identityOf(session, projectId, certificate);
  });
}

/** Notes how it went. @throws PROJECT_NOT_FOUND, VAULT_LOCKED */
export function finishSimulation(
  session: VaultSession,
  { projectId, host, port }: Pick<SimulationRequest, 'projectId' | 'host' | 'port'>,
  state: SimulationState,
): void {
  const { name } = projectById(session, projectId);
  const { peak, refused, lost, sent, acknowledged, end } = state;
  session.write((log) =>
    log('simulation.finish', {
      projectId,
      subject: name,
      detail: { host, port, connected: peak, refused, lost, sent, acknowledged, end: end ?? 'stopped' },
    }),
  );
}

interface Chosen {
  readonly plan: SimulationPlan;
  readonly members: readonly SimulatedMember[];
  /** What the observer has to listen to for their readings. */
  readonly filters: readonly string[];
}

function chosen(session: VaultSession, projectId: number, { search, limit }: SimulationChoice): Chosen {
  const { name: project } = projectById(session, projectId);
  const access = accessOf(session, projectId);
  // of each device its own: there may be thousands of both
  const exceptions = new Map(exceptionsOf(session, projectId).map((each) => [each.device, [each]]));
  const wanted = search.trim().toLowerCase();
  const people = new Intl.Collator('en', { numeric: true });
  const count = { noKey: 0, noCertificate: 0, noTopic: 0, shared: 0 };
  const members: SimulatedMember[] = [];
  const filters = new Set<string>();
  const devices = membersOf(session, projectId)
    .filter(({ name_folded: folded }) => folded.includes(wanted))
    .sort((a, b) => people.compare(a.name, b.name));
  for (const { id: deviceId, name, role } of devices) {
    if (limit !== null && members.length >= limit) break;
    const topic = topicToWrite(deviceAccess(access, exceptions.get(name) ?? [], { id: name, role }), { project, device: name });
    const certificate = currentCertificate(session, deviceId);
    if (topic === null) count.noTopic++;
    else if (!certificate) count.noCertificate++;
    else if (certificate.device_id !== deviceId) count.shared++;
    else {
      const usable = withKey(session, certificate, deviceId);
      if (!usable) count.noKey++;
      else {
        members.push({ deviceId, certificateId: usable.id, id: name, topic: fillTopic(topic, { project, device: name }) });
        filters.add(fillTopic(topic, { project, device: '+' }));
      }
    }
  }
  const plan = { usable: members.length, first: members[0]?.id ?? '', last: members.at(-1)?.id ?? '', ...count };
  return { plan, members, filters: [...filters].map(wholeLevels) };
}

/** Its own, or the test certificate of a device that keeps its key itself. */
function withKey(session: VaultSession, certificate: CertificateRow, deviceId: number): CertificateRow | undefined {
  return session.hasPrivateKey(certificate.key_id) ? certificate : usableTestCertificate(session, deviceId);
}

/** The first topic without wildcards that this device may write, or one that such a filter covers. What is denied it is none. */
function topicToWrite(
  { write, deny }: DeviceAccess,
  names: { readonly project: string; readonly device: string },
): string | null {
  const plain = write.filter((topic) => !/[+#]/.test(topic));
  const covered = write
    .filter((topic) => /[+#]/.test(topic))
    .map((topic) => topic.replace(/\/#$/, '').replace(/[+#]/g, 'energy'));
  const denied = deny.map((topic) => fillTopic(topic, names));
  return [...plain, ...covered].find((topic) => !denied.some((filter) => filterCovers(filter, fillTopic(topic, names)))) ?? null;
}

/** MQTT 5 §4.7.1.3: a `+` stands alone in its level. */
function wholeLevels(filter: string): string {
  return filter
    .split('/')
    .map((level) => (level.includes('+') ? '+' : level))
    .join('/');
}
