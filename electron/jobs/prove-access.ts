import { randomBytes } from 'node:crypto';
import { FieldkeyError } from '../../shared/errors.ts';
import { softwareOf } from '../../shared/model/broker.ts';
import { standardKit } from '../../shared/model/kit.ts';
import { type ProofObserved, type ProofReport, proofDevices, type RefusalTest } from '../../shared/model/proof.ts';
import { problem } from '../../shared/problems.ts';
import { usesCertificates, usesPasswords } from '../../shared/rules/password.ts';
import { checksOf, differs, type ExpectedCheck, explainDifferences, outcomeOf } from '../../shared/rules/proof-judgement.ts';
import { proofSubjects, proofWord } from '../../shared/rules/proof-plan.ts';
import { expiredCanary, revokedCanaries } from '../authority/canaries.ts';
import { identityOf, trustedBrokers } from '../authority/certificate-identity.ts';
import type { Login } from '../authority/credentials.ts';
import { brokerOf, currentCertificate, projectById, requireObserver } from '../authority/lookup.ts';
import { keepObserver } from '../authority/renew-own.ts';
import type { OpenedIdentity } from '../authority/test-identity.ts';
import type { CertificateRow } from '../vault/rows.ts';
import type { VaultSession } from '../vault/session.ts';
import { accessInput, compiledAccess } from './access-input.ts';
import { canaryLogins } from './canary-account.ts';
import { earlierAccess } from './earlier-access.ts';
import { strangerIdentity } from './practice-attempts.ts';

export interface ProofRequest {
  readonly projectId: number;
  readonly host: string;
  readonly port: number;
  /** Each of them is thrown off the broker for the time of the proof; the person has accepted that. */
  readonly deviceIds: readonly number[];
}

/** Everything that the tester needs. Whoever gets it wipes the keys when they are handed on. */
export interface PreparedProof {
  readonly ca: string;
  readonly subjects: readonly {
    readonly identity: OpenedIdentity;
    readonly write: readonly { readonly topic: string; readonly expected: boolean }[];
    readonly read: readonly { readonly topic: string; readonly expected: boolean }[];
  }[];
  readonly refusals: readonly {
    readonly test: RefusalTest;
    readonly identity: OpenedIdentity | null;
    readonly login?: Login | undefined;
    readonly files?: { readonly now: Login; readonly earlier: readonly Login[] } | undefined;
  }[];
  readonly denialDisconnects: boolean;
  readonly expected: readonly ExpectedCheck[];
  readonly startedAt: number;
}

/**
 * Says what a proof on a live broker has to try and what must come of it, takes the keys out for it, and notes that in the audit
 * log before anything is sent.
 * @throws PROJECT_NOT_FOUND, DEVICE_NOT_FOUND, CERTIFICATE_NOT_FOUND, KEY_UNAVAILABLE, INPUT_INVALID for too many devices
 */
export async function prepareProof(session: VaultSession, request: ProofRequest): Promise<PreparedProof> {
  const { projectId, host, port } = request;
  if (request.deviceIds.length > proofDevices)
    throw new FieldkeyError('INPUT_INVALID', {
      problems: [problem('number-range', { minimum: 0, maximum: proofDevices }, 'deviceIds')],
    });
  const startedAt = session.now();
  const { subjects, expected, denialDisconnects } = await planProof(session, request);
  const refusals = await refusalsOf(session, projectId);
  const { name } = projectById(session, projectId);
  session.write((log) =>
    log('proof.begin', {
      projectId,
      subject: name,
      detail: { host, port, devices: request.deviceIds.map((id) => session.tables.device.get(id)?.name ?? '').join(', ') },
    }),
  );
  return { ca: trustedBrokers(session, projectId), subjects, refusals, denialDisconnects, expected, startedAt };
}

/**
 * Whom to connect as, what each of them tries, and what must come of it. Takes their keys out of the vault and notes nothing of it:
 * whoever uses them does. `alone`: the observer tries something also without devices.
 * @throws as prepareProof
 */
export async function planProof(
  session: VaultSession,
  { projectId, deviceIds }: Pick<ProofRequest, 'projectId' | 'deviceIds'>,
  alone = false,
): Promise<Pick<PreparedProof, 'subjects' | 'expected' | 'denialDisconnects'>> {
  await keepObserver(session, projectId);
  const input = accessInput(session, projectId);
  const { decide } = compiledAccess(session, projectId);
  const devices = deviceIds.map((id) => {
    const device = session.tables.device.get(id);
    if (device?.project_id !== projectId) throw new FieldkeyError('DEVICE_NOT_FOUND', { device: String(id) });
    const certificate = currentCertificate(session, id);
    if (!certificate) throw new FieldkeyError('CERTIFICATE_NOT_FOUND', { certificate: `of ${device.name}` });
    const identity = identityOf(session, projectId, certificate, id);
    const user = identity.login?.username ?? identity.id;
    // where devices share a certificate and the broker goes by the client id, each is a client of its own
    const own = input.deviceIs === 'client' && input.ownClientIds ? { ...identity, id: device.name } : identity;
    return { id: device.name, role: device.role, identity: own, user };
  });
  const observer = requireObserver(session, projectId);
  const own = identityOf(session, projectId, observer);
  const target = brokerOf(session, projectId)?.parsed.target ?? 'mosquitto-2.0';
  const told = { stranger: strangerOf(session, projectId), tellsVersion: softwareOf(target) === 'mosquitto', alone };
  const connected = new Set<string>();
  const subjects = proofSubjects(input, devices, told).flatMap(({ id, topics }) => {
    const device = devices.find((each) => each.id === id);
    const identity = device?.identity ?? own;
    // several devices with one certificate are one client to the broker
    if (connected.has(identity.id)) return [];
    connected.add(identity.id);
    const user = device?.user ?? identity.login?.username ?? identity.id;
    const may = (verb: 'write' | 'read', topic: string) => decide({ user, clientId: identity.id, verb, topic });
    return {
      identity,
      write: topics.filter((topic) => !topic.startsWith('$')).map((topic) => ({ topic, expected: may('write', topic).allowed })),
      read: topics.map((topic) => ({ topic, expected: may('read', topic).allowed })),
      expected: (['write', 'read'] as const).flatMap((verb) =>
        topics.map((topic): ExpectedCheck => {
          const { allowed, rule } = may(verb, topic);
          return { who: identity.id, verb, topic, expected: allowed, rule: rule?.text ?? null };
        }),
      ),
    };
  });
  return {
    subjects: subjects.map(({ identity, write, read }) => ({ identity, write, read })),
    expected: subjects.flatMap(({ expected }) => expected),
    denialDisconnects: softwareOf(target) !== 'mosquitto',
  };
}

/**
 * Judges what was seen, and keeps it with its audit entry. Gives the report and its number. What was broken off is no proof: only the
 * audit log keeps that, with what had been done until then.
 * @throws PROOF_CANCELLED, PROJECT_NOT_FOUND, VAULT_LOCKED
 */
export async function finishProof(
  session: VaultSession,
  request: Pick<ProofRequest, 'projectId' | 'host' | 'port'>,
  prepared: Pick<PreparedProof, 'expected' | 'startedAt'>,
  observed: ProofObserved,
): Promise<{ proofId: number; report: ProofReport }> {
  const { projectId, host, port } = request;
  const project = projectById(session, projectId);
  if (observed.stopped) throw brokenOff(session, request, observed.stopped.messages, observed);
  const target = brokerOf(session, projectId)?.parsed.target ?? 'mosquitto-2.0';
  const checks = checksOf(prepared.expected, observed.topics);
  const explanations = checks.some(differs) ? explainDifferences(checks, await earlierAccess(session, projectId, target)) : [];
  const finishedAt = session.now();
  const report: ProofReport = {
    version: 1,
    project: project.name,
    operator: session.operator,
    host,
    port,
    target,
    brokerVersion: observed.version,
    startedAt: prepared.startedAt,
    finishedAt,
    outcome: outcomeOf(checks, observed.refusals),
    connections: observed.connections,
    checks,
    refusals: observed.refusals,
    explanations,
  };
  const proofId = session.write((log) => {
    const id = session.tables.proof.insert({
      project_id: projectId,
      at: finishedAt,
      outcome: report.outcome,
      report: JSON.stringify(report),
    });
    log('proof.finish', {
      projectId,
      subject: project.name,
      detail: {
        proof: id,
        outcome: report.outcome,
        checks: checks.length,
        differences: checks.filter(differs).length + observed.refusals.filter((each) => each.seen === 'accepted').length,
        host,
        port,
      },
    });
    return id;
  });
  return { proofId, report };
}

/** Notes what a proof that was broken off has done on the broker, and gives the error that says so. */
function brokenOff(
  session: VaultSession,
  { projectId, host, port }: Pick<ProofRequest, 'projectId' | 'host' | 'port'>,
  messages: number,
  { connections, refusals }: ProofObserved,
): FieldkeyError<'PROOF_CANCELLED'> {
  const connected = connections.filter(({ protocolVersion }) => protocolVersion !== null).map(({ who }) => who);
  const who = connected.length > 0 ? connected : ['–'];
  const { name } = projectById(session, projectId);
  const detail = { host, port, who: who.join(', '), messages, refusals: refusals.length };
  session.write((log) => log('proof.cancel', { projectId, subject: name, detail }));
  return new FieldkeyError('PROOF_CANCELLED', { who, messages, refusals: refusals.length });
}

/** The newest proof of a project; null when there was none. Its time and outcome are evidence for who asks later. */
export function latestProof(session: VaultSession, projectId: number): { proofId: number; report: ProofReport } | null {
  const [row] = session.tables.proof.where('project_id = ? ORDER BY id DESC LIMIT 1', projectId);
  return row ? { proofId: row.id, report: JSON.parse(row.report) as ProofReport } : null;
}

/** The connections that must not come about, as far as there is something to try them with. @throws CERTIFICATE_NOT_FOUND */
export async function refusalsOf(session: VaultSession, projectId: number): Promise<PreparedProof['refusals']> {
  const observer = requireObserver(session, projectId);
  const kit = brokerOf(session, projectId)?.parsed.kit ?? standardKit;
  const own = () => identityOf(session, projectId, observer);
  const { login } = own();
  const open = (certificate: CertificateRow | undefined) =>
    certificate?.key_id != null && session.hasPrivateKey(certificate.key_id) ? identityOf(session, projectId, certificate) : null;
  // one of each list: a broker may have those of one authority only
  const revokedOrders = () => {
    const identities = revokedCanaries(session, projectId).map(open);
    return (identities.length > 0 ? identities : [null]).map((identity) => ({ test: 'revoked' as const, identity, login }));
  };
  const stranger = async () => ({ ...(await strangerIdentity(new Date(session.now()))), ca: trustedBrokers(session, projectId) });
  return [
    ...(usesCertificates(kit)
      ? ([
          { test: 'no-certificate', identity: null, login },
          { test: 'foreign-authority', identity: await stranger(), login },
          ...revokedOrders(),
          { test: 'expired', identity: open(await expiredCanary(session, projectId)), login },
        ] as const)
      : []),
    ...(usesPasswords(kit)
      ? ([
          { test: 'no-password', identity: own() },
          { test: 'wrong-password', identity: own(), login: login && { ...login, password: randomBytes(24).toString('base64') } },
        ] as const)
      : []),
    ...(usesCertificates(kit)
      ? []
      : ([{ test: 'revoked-password', identity: own(), login: undefined, files: canaryLogins(session, projectId) }] as const)),
    { test: 'plain', identity: null },
    { test: 'plain-1883', identity: null },
  ];
}

/** A name that is no device's. */
export function strangerOf(session: VaultSession, projectId: number): string {
  const taken = session.database
    .prepare<[number, string], number>('SELECT 1 FROM device WHERE project_id = ? AND name_folded = ?')
    .pluck();
  for (let number = 1; ; number++) {
    const name = number === 1 ? proofWord : `${proofWord}-${number}`;
    if (taken.get(projectId, name) === undefined) return name;
  }
}
