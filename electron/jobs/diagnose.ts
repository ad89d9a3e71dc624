import { randomUUID } from 'node:crypto';
import { softwareOf } from '../../shared/model/broker.ts';
import type { VaultIdentity } from '../../shared/model/connection.ts';
import type { DoctorReport, DoctorTransport } from '../../shared/model/doctor.ts';
import type { DoctorFinding } from '../../shared/model/doctor-findings.ts';
import type { DoctorConnection, DoctorMaterial, PlannedTrip, ProjectKnowledge } from '../../shared/model/doctor-order.ts';
import { deviceAccess } from '../../shared/rules/device-access.ts';
import { differs, explainDifferences } from '../../shared/rules/proof-judgement.ts';
import { fillTopic } from '../../shared/rules/topic.ts';
import { identityOf, trustedBrokers } from '../authority/certificate-identity.ts';
import {
  accessOf,
  authoritiesOf,
  brokerCertificate,
  brokerOf,
  currentCertificate,
  exceptionsOf,
  issuingAuthority,
  lastAuthorityCertificate,
  latestCrl,
  observerCertificate,
  observerName,
  projectById,
  warnDaysOf,
} from '../authority/lookup.ts';
import { keepObserver } from '../authority/renew-own.ts';
import { type OpenedIdentity, openTestIdentity } from '../authority/test-identity.ts';
import { certificatePem } from '../pki/pem.ts';
import type { CertificateRow } from '../vault/rows.ts';
import type { VaultSession } from '../vault/session.ts';
import { compiledAccess } from './access-input.ts';
import { connectionMaterial } from './diagnose-connection.ts';
import { type ForeignIdentity, materialOf } from './diagnose-files.ts';
import { earlierAccess } from './earlier-access.ts';
import { keepDiagnosis } from './kept-diagnoses.ts';
import { strangerIdentity } from './practice-attempts.ts';
import { type PreparedProof, planProof, refusalsOf, strangerOf } from './prove-access.ts';

/** Where, and how; `serverName` null = the host. */
export interface DoctorPlace {
  readonly runId: string;
  readonly host: string;
  readonly port: number;
  readonly transport: DoctorTransport;
  readonly quick: boolean;
  readonly serverName: string | null;
}

/** A connection of the project's own; `takeoverAccepted` where it speaks as a device. */
export interface OwnIdentity {
  readonly kind: 'own';
  readonly ownId: number;
  readonly takeoverAccepted?: true | undefined;
}

export interface DoctorRequest extends DoctorPlace {
  readonly projectId: number;
  readonly identity: VaultIdentity | OwnIdentity | ForeignIdentity;
}

/** Everything that the tester needs. Whoever gets it wipes the keys when they are handed on. */
export interface PreparedDiagnosis extends DoctorPlace {
  readonly identity: DoctorMaterial;
  readonly connection: DoctorConnection | null;
  readonly project: ProjectKnowledge | null;
  readonly systemTopics: 'self' | 'observer' | null;
  readonly filters: readonly string[];
  readonly trips: readonly PlannedTrip[];
  readonly observer: OpenedIdentity | null;
  readonly access: Pick<PreparedProof, 'subjects' | 'expected' | 'denialDisconnects'> | null;
  readonly refusals: PreparedProof['refusals'];
}

/** Listens to and publishes on a topic of its own, which means nothing to anybody. */
const ownTopics = 'fieldkey-doctor';

/**
 * Says what the doctor has to look at for a project, takes the keys out for it, and notes that in the audit log before anything is
 * sent. Whoever gets the order wipes its keys when they are handed on.
 * @throws PROJECT_NOT_FOUND, DEVICE_NOT_FOUND, CERTIFICATE_NOT_FOUND, KEY_UNAVAILABLE, FILE_TOO_LARGE, FILE_MALFORMED, VAULT_LOCKED
 */
export async function prepareDiagnosis(session: VaultSession, request: DoctorRequest): Promise<PreparedDiagnosis> {
  const { projectId, identity, host, port } = request;
  const { name } = projectById(session, projectId);
  const order =
    identity.kind === 'observer' || identity.kind === 'device'
      ? await ofProject(session, request, identity)
      : identity.kind === 'own'
        ? await ofConnection(session, request, identity)
        : await ofForeigner(session, request, identity);
  session.write((log) =>
    log('doctor.begin', {
      projectId,
      subject: name,
      detail: { host, port, identity: identity.kind, who: order.connection?.name ?? shownName(order.identity) },
    }),
  );
  return order;
}

/** Without a vault: any broker, with what is given. @throws FILE_TOO_LARGE, FILE_MALFORMED */
export async function prepareForeignDiagnosis(place: DoctorPlace, identity: ForeignIdentity): Promise<PreparedDiagnosis> {
  return foreignOrder(place, await materialOf(identity, null), null);
}

/**
 * Adds what only the vault knows, why access rules differ and who asked, keeps the report, and notes what it came to. Gives it.
 * @throws PROJECT_NOT_FOUND, VAULT_LOCKED
 */
export async function finishDiagnosis(session: VaultSession, projectId: number, report: DoctorReport): Promise<DoctorReport> {
  const { name } = projectById(session, projectId);
  const explained = { ...(await explainAccess(session, projectId, report)), project: name, operator: session.operator };
  const { verdict, place, identity } = explained;
  session.write((log) => {
    const kept = keepDiagnosis(session, projectId, explained);
    log('doctor.finish', {
      projectId,
      subject: name,
      detail: {
        host: place.host,
        port: place.port,
        who: identity.connection?.name ?? (identity.id === '' ? identity.kind : identity.id),
        outcome: verdict.outcome,
        step: verdict.step,
        cause: verdict.cause?.code ?? null,
        ...kept,
      },
    });
  });
  return explained;
}

async function ofProject(session: VaultSession, request: DoctorRequest, identity: VaultIdentity): Promise<PreparedDiagnosis> {
  const { projectId, host, port } = request;
  await keepObserver(session, projectId);
  const opened = openTestIdentity(session, { projectId, identity, host, port });
  const deviceId = identity.kind === 'device' ? identity.deviceId : null;
  const utf8 = new TextEncoder();
  const material: DoctorMaterial = {
    kind: identity.kind,
    clientId: opened.id,
    deviceId,
    certificate: utf8.encode(opened.certificateChain),
    key: opened.key,
    passphrase: null,
    authorities: utf8.encode(opened.ca),
    login: opened.login ?? null,
  };
  const observer = observerCertificate(session, projectId);
  const usable = deviceId === null || currentCertificate(session, deviceId) !== undefined;
  const { trips, filters } = exchangeOf(session, projectId, identity, opened.login?.username ?? opened.id, opened.id);
  const target = brokerOf(session, projectId)?.parsed.target;
  const partner = deviceId !== null && observer ? identityOf(session, projectId, observer) : null;
  return {
    ...placeOf(request),
    identity: material,
    connection: null,
    project: knowledgeOf(session, projectId, usedCertificate(session, projectId, deviceId)),
    systemTopics: target === undefined || softwareOf(target) === 'rabbitmq' ? null : deviceId === null ? 'self' : 'observer',
    filters,
    trips,
    observer: partner,
    access:
      request.quick || !usable || !target
        ? null
        : await planProof(session, { projectId, deviceIds: deviceId === null ? [] : [deviceId] }, true),
    refusals: await refusalsOf(session, projectId),
  };
}

/** Somebody else's identity, at the project's broker or at any other. */
async function ofForeigner(session: VaultSession, request: DoctorRequest, identity: ForeignIdentity): Promise<PreparedDiagnosis> {
  const { projectId } = request;
  const material = await materialOf(identity, trustedBrokers(session, projectId));
  if (identity.trust.kind !== 'project') return foreignOrder(request, material, null);
  return atOwnBroker(session, projectId, await foreignOrder(request, material, knowledgeOf(session, projectId, undefined)));
}

/** A connection that the project keeps, with all that it says; whoever is tried is at the project's broker where it trusts that. */
async function ofConnection(session: VaultSession, request: DoctorRequest, identity: OwnIdentity): Promise<PreparedDiagnosis> {
  const { projectId } = request;
  const { material, connection, trust } = connectionMaterial(session, { projectId, ...identity });
  const ours = trust === 'project';
  const shown = connection.speaksAs && usedCertificate(session, projectId, material.deviceId);
  const plain = await foreignOrder(request, material, ours ? knowledgeOf(session, projectId, shown ?? undefined) : null);
  const order = { ...plain, connection, filters: connection.subscriptions.length > 0 ? [] : plain.filters };
  return ours ? atOwnBroker(session, projectId, order) : order;
}

/** What the project promises of its broker holds for everybody who comes to it. */
async function atOwnBroker(session: VaultSession, projectId: number, order: PreparedDiagnosis): Promise<PreparedDiagnosis> {
  const target = brokerOf(session, projectId)?.parsed.target;
  await keepObserver(session, projectId);
  const rabbit = target !== undefined && softwareOf(target) === 'rabbitmq';
  return { ...order, systemTopics: rabbit ? null : 'self', refusals: await refusalsOf(session, projectId) };
}

/** What can be tried with an identity of which nobody has said what it may do. */
async function foreignOrder(
  place: DoctorPlace,
  material: DoctorMaterial,
  project: ProjectKnowledge | null,
): Promise<PreparedDiagnosis> {
  const topic = `${ownTopics}/${randomUUID().slice(0, 8)}`;
  const certificates =
    material.certificate === null
      ? []
      : ([
          { test: 'no-certificate', identity: null },
          { test: 'foreign-authority', identity: await strangerIdentity(new Date()) },
        ] as const);
  const login = material.login ?? undefined;
  return {
    ...placeOf(place),
    identity: material,
    connection: null,
    project,
    systemTopics: 'self',
    filters: [topic],
    trips: [{ from: 'self', to: 'self', topic }],
    observer: null,
    access: null,
    refusals: [
      ...certificates.map((each) => ({ ...each, login })),
      { test: 'plain', identity: null },
      { test: 'plain-1883', identity: null },
    ],
  };
}

function placeOf({ runId, host, port, transport, quick, serverName }: DoctorPlace): DoctorPlace {
  return { runId, host, port, transport, quick, serverName };
}

/** What is to be seen going around: from the device to the observer and back, or what the observer alone may write and read. */
function exchangeOf(
  session: VaultSession,
  projectId: number,
  identity: VaultIdentity,
  user: string,
  clientId: string,
): { readonly trips: PlannedTrip[]; readonly filters: readonly string[] } {
  if (!brokerOf(session, projectId)) return { trips: [], filters: [] };
  const { name: project } = projectById(session, projectId);
  const { decide } = compiledAccess(session, projectId);
  const access = accessOf(session, projectId);
  const watcher = observerName(session, projectId);
  const device = identity.kind === 'device' ? session.tables.device.get(identity.deviceId) : undefined;
  const rules = device
    ? deviceAccess(access, exceptionsOf(session, projectId), { id: device.name, role: device.role })
    : { write: [], read: access.filter(({ role }) => role === 'device').flatMap(({ read }) => read) };
  const who = device?.name ?? strangerOf(session, projectId);
  const filled = (templates: readonly string[]) =>
    templates.map((template) => fillTopic(template, { project, device: who })).filter((topic) => !/[+#$]/.test(topic));
  const may = (verb: 'write' | 'read', topic: string, as: 'self' | 'observer') =>
    decide(as === 'self' ? { user, clientId, verb, topic } : { user: watcher, clientId: watcher, verb, topic }).allowed;
  const trip = (from: PlannedTrip['from'], to: PlannedTrip['to'], topics: readonly string[]): PlannedTrip[] => {
    const topic = topics.find((each) => may('write', each, from) && may('read', each, to));
    return topic === undefined ? [] : [{ from, to, topic }];
  };
  const trips = device
    ? [...trip('self', 'observer', filled(rules.write)), ...trip('observer', 'self', filled(rules.read))]
    : trip('self', 'self', filled(rules.read));
  const filters = device ? rules.read.map((template) => fillTopic(template, { project, device: who })) : [`${project}/#`];
  return { trips, filters: filters.filter((filter) => !filter.startsWith('$')).slice(0, 10) };
}

function knowledgeOf(session: VaultSession, projectId: number, client: CertificateRow | undefined): ProjectKnowledge {
  const broker = brokerOf(session, projectId);
  const own = broker && brokerCertificate(session, broker.id);
  const issuer = client?.issuer_id ?? issuingAuthority(session, projectId).id;
  return {
    name: projectById(session, projectId).name,
    client: client ? { status: client.status as 'valid' | 'revoked' | 'hold', revokedAt: client.revoked_at ?? 0 } : null,
    nextUpdate: latestCrl(session, issuer)?.next_update ?? null,
    broker: own ? certificatePem(own.der) : null,
    authorities: authoritiesOf(session, projectId)
      .map((authority) => certificatePem(lastAuthorityCertificate(session, authority.id).der))
      .join(''),
    places: broker ? [...broker.parsed.addresses, ...broker.parsed.names] : [],
    port: broker?.parsed.port ?? 8883,
    warnDays: warnDaysOf(session, projectId),
    knownTime: session.audit.time.contradiction(session.now()),
  };
}

/** The certificate that `openTestIdentity` has chosen; null = of the observer. */
function usedCertificate(session: VaultSession, projectId: number, deviceId: number | null): CertificateRow | undefined {
  if (deviceId === null) return observerCertificate(session, projectId);
  return session.tables.certificate.where("device_id = ? ORDER BY status = 'valid' DESC, id DESC LIMIT 1", deviceId)[0];
}

const explanations = {
  'older-list': 'access-older-list',
  'everything-allowed': 'access-everything-allowed',
  'nothing-allowed': 'access-nothing-allowed',
  'other-rule': 'access-other-rule',
} as const;

/** Why the broker decides otherwise than the project says, as far as that can be told. */
async function explainAccess(session: VaultSession, projectId: number, report: DoctorReport): Promise<DoctorReport> {
  const checks = report.steps.find(({ step }) => step === 'access')?.evidence;
  const target = brokerOf(session, projectId)?.parsed.target;
  if (!checks || !('checks' in checks) || !target || !checks.checks.some(differs)) return report;
  const why = explainDifferences(checks.checks, await earlierAccess(session, projectId, target)).map(
    ({ kind, at }): DoctorFinding => ({
      code: explanations[kind],
      weight: 'note',
      params: at === null ? {} : { at },
      alternatives: [],
      fixes: [],
      raw: '',
      alert: null,
      reasonCode: null,
    }),
  );
  const steps = report.steps.map((step) => (step.step === 'access' ? { ...step, findings: [...step.findings, ...why] } : step));
  return { ...report, steps };
}

function shownName({ clientId, login }: DoctorMaterial): string {
  return login?.username ?? clientId;
}
