import { FieldkeyError } from '../../shared/errors.ts';
import type { CancelSignal, JobControl } from '../../shared/model/job.ts';
import type { ProvisionPlan } from '../../shared/model/plan.ts';
import { foldDeviceId } from '../../shared/rules/device-id.ts';
import { prepareBroker } from '../authority/broker-certificate.ts';
import { storeAccess } from '../authority/create-project.ts';
import { keyIdOf } from '../authority/device-certificate.ts';
import { newKeyType, projectByName } from '../authority/lookup.ts';
import { changeSettings } from '../authority/project-settings.ts';
import { crlEnd, storeCrl, storeForeignCrl } from '../authority/publish-crl.ts';
import { storeCertificate, storeKey } from '../authority/store-certificate.ts';
import type { PlannedAuthority } from '../import/plan-authorities.ts';
import type { ImportPlan } from '../import/plan-import.ts';
import type { IssuedCertificate } from '../pki/certificate.ts';
import { crlNumberMaximum, type IssuedCrl, nextCrlNumber } from '../pki/crl.ts';
import { type Issuer, prepareIssuer } from '../pki/issuer.ts';
import { generateKey, type KeyPair } from '../pki/keys.ts';
import { buildLintedCrl, issueLinted } from '../pki/linted.ts';
import { nameText } from '../pki/read.ts';
import { softwareSigner } from '../pki/signer.ts';
import { trustText } from '../vault/compare-tables.ts';
import type { Log, VaultSession } from '../vault/session.ts';
import { type ImportRequest, rolesFor, settingsFor } from './import-settings.ts';
import { algorithmOf, ImportStore } from './import-store.ts';

export interface ImportReport {
  readonly projectId: number;
  readonly authorities: number;
  readonly devices: number;
  readonly certificates: number;
  readonly revoked: number;
  readonly keys: number;
}

/**
 * Makes a project of what others left, in one transaction: authorities, certificates, keys (sealed), devices with their
 * roles, revocations. The broker gets a certificate of ours for the names it had; observer, canary and a revocation list
 * above every imported one come with it, so that a kit can be exported at once; an authority without its key keeps the list that
 * was found. The sources are not touched. Whoever cancels
 * before the transaction has nothing of it in the vault.
 * @throws IMPORT_CHANGED, IMPORT_NO_AUTHORITY, IMPORT_ALREADY, PROJECT_EXISTS, INPUT_INVALID by the plan's rules, DEVICE_NOT_FOUND
 * for a role of nobody, PROFILE_REFUSED, CRL_REFUSED for a number that ours cannot be above, JOB_CANCELLED
 */
export function importProject(
  session: VaultSession,
  plan: ImportPlan,
  request: ImportRequest,
  control: JobControl = {},
): Promise<ImportReport> {
  return session.inTurn(async () => {
    session.assertMayIssue();
    if (request.digest !== plan.digest) throw new FieldkeyError('IMPORT_CHANGED', {});
    if (!plan.main?.key) throw new FieldkeyError('IMPORT_NO_AUTHORITY', {});
    if (projectByName(session, request.project)) throw new FieldkeyError('PROJECT_EXISTS', { project: request.project });
    refuseKnown(session, plan);
    const wanted = settingsFor(plan, request);
    const roles = rolesFor(plan, request.roles);
    const own = await makeOwn(session, plan, wanted, control);
    const total = plan.devices.length;
    control.onProgress?.({ step: 'store', done: 0, total });
    await new Promise((resolve) => setImmediate(resolve));
    assertWanted(control.signal, 0, total);
    // one transaction: whoever cancels in the middle of it takes back all of it
    const report = session.write((log) => store(session, log, { plan, wanted, roles, own }, control));
    control.onProgress?.({ step: 'store', done: total, total });
    return report;
  });
}

/** What a project needs besides what was imported, made by the imported authority. Nothing of it is stored yet. */
interface Own {
  readonly broker: Awaited<ReturnType<typeof prepareBroker>>;
  readonly clients: readonly {
    readonly kind: 'observer' | 'canary';
    readonly key: KeyPair;
    readonly issued: IssuedCertificate;
  }[];
  readonly crls: ReadonlyMap<PlannedAuthority, { readonly crl: IssuedCrl; readonly entries: number }>;
}

async function makeOwn(session: VaultSession, plan: ImportPlan, wanted: ProvisionPlan, control: JobControl): Promise<Own> {
  const now = new Date(session.now());
  const main = plan.main as PlannedAuthority;
  const issuers = new Map<PlannedAuthority, Issuer>();
  for (const authority of plan.authorities)
    if (authority.key) issuers.set(authority, prepareIssuer(authority.info.der, softwareSigner(authority.key.pkcs8)));
  // the broker's certificate, observer and canary, and a list of each authority that can sign
  const total = 3 + issuers.size;
  let done = 0;
  const step = () => {
    done++;
    control.onProgress?.({ step: 'issue', done, total });
    assertWanted(control.signal, done, total);
  };
  const issuer = issuers.get(main) as Issuer;
  const keyType = newKeyType(algorithmOf(main.info.spki));
  const { subject } = wanted;
  const broker = await prepareBroker({ issuer, subject, settings: wanted.broker, key: keyType, now });
  step();
  const client = async (kind: 'observer' | 'canary') => {
    const key = await generateKey(keyType);
    const validity = kind === 'canary' ? { validity: { years: 10 } } : {};
    const named = { ...subject, commonName: kind };
    const issued = await issueLinted({ kind, subject: named, spki: key.spki, issuer, now, ...validity });
    step();
    return { kind, key, issued };
  };
  const clients = [await client('observer'), await client('canary')];
  const crls = new Map<PlannedAuthority, { crl: IssuedCrl; entries: number }>();
  for (const [authority, prepared] of issuers) {
    const revoked = [...authority.revocations.values()].map((each) => ({ ...each, revokedAt: new Date(each.revokedAt) }));
    const canary = authority === main ? clients[1]?.issued.serial : undefined;
    const entries = [
      ...revoked,
      ...(canary === undefined ? [] : [{ serial: canary, revokedAt: now, reason: 'cessationOfOperation' as const }]),
    ];
    const ends = crlEnd(broker.issued.notAfter.getTime(), authority.info.notAfter.getTime(), now.getTime());
    const number = nextCrlNumber(usableNumber(authority), now);
    const crl = await buildLintedCrl({ issuer: prepared, entries, number, now, nextUpdate: new Date(ends) });
    crls.set(authority, { crl, entries: entries.length });
    step();
  }
  return { broker, clients, crls };
}

interface Decided {
  readonly plan: ImportPlan;
  readonly wanted: ProvisionPlan;
  readonly roles: ReturnType<typeof rolesFor>;
  readonly own: Own;
}

/** Only inside `session.write`. */
function store(
  session: VaultSession,
  log: Log,
  { plan, wanted, roles, own }: Decided,
  { signal, onProgress }: JobControl,
): ImportReport {
  const main = plan.main as PlannedAuthority;
  const now = session.now();
  const parts = new ImportStore(session, log, plan, wanted);
  const { projectId } = parts;
  parts.authorities();
  const settings = JSON.stringify(wanted.broker);
  const brokerId = session.tables.broker.insert({ project_id: projectId, settings, created_at: now });
  for (const certificate of plan.broker.certificates) parts.certificate(certificate, 'broker', { broker_id: brokerId });
  const total = plan.devices.length;
  for (const [done, device] of plan.devices.entries()) {
    if (done % 100 === 0 && done > 0) onProgress?.({ step: 'store', done, total });
    assertWanted(signal, done, total);
    parts.device(device, roles.get(foldDeviceId(device.id)) ?? device.role);
  }
  const common = { projectId, issuerId: parts.idOf(main) };
  const before = session.tables.certificate.where('broker_id = ? ORDER BY id DESC LIMIT 1', brokerId)[0];
  storeCertificate(session, log, own.broker.issued, {
    ...common,
    kind: 'broker',
    commonName: own.broker.commonName,
    brokerId,
    keyId: keyIdOf(session, own.broker.key),
    ...(before ? { predecessorId: before.id } : {}),
  });
  for (const { kind, key, issued } of own.clients) {
    const keyId = storeKey(session, key);
    storeCertificate(session, log, issued, { ...common, kind, commonName: kind, keyId, revokedAtOnce: kind === 'canary' });
  }
  parts.trust();
  storeAccess(session, projectId, wanted.access);
  const access = JSON.stringify(wanted.access.map(({ role, write, read }) => ({ role, write, read })));
  const detail = { access, broker: settings, trust: trustText(session, projectId) };
  log('project.change', { projectId, subject: wanted.project, detail });
  for (const [authority, { crl, entries }] of own.crls)
    storeCrl(session, log, { projectId, authorityId: parts.idOf(authority), crl, entries });
  // whose key is not here keeps the list that came with it: without one its devices are refused everywhere
  for (const authority of plan.authorities) {
    if (!authority.key && authority.list)
      storeForeignCrl(session, log, { projectId, authorityId: parts.idOf(authority), crl: authority.list });
  }
  changeSettings(session, log, projectId, {
    deviceIssuer: parts.idOf(main),
    brokerIssuer: parts.idOf(main),
    imported: { source: plan.imported.source, at: now, authorities: plan.authorities.map((each) => parts.idOf(each)) },
  });
  return { projectId, ...parts.counts, authorities: plan.authorities.length, devices: plan.devices.length };
}

function assertWanted(signal: CancelSignal | undefined, done: number, total: number): void {
  if (signal?.aborted) throw new FieldkeyError('JOB_CANCELLED', { done, total });
}

/** The number of the list that is out there. @throws CRL_REFUSED where ours could not be above it */
function usableNumber({ crl, info }: PlannedAuthority): bigint | undefined {
  const number = crl?.number;
  if (number !== undefined && number > BigInt(crlNumberMaximum))
    throw new FieldkeyError('CRL_REFUSED', { reason: 'number', list: `${nameText(info.subject)}: ${number}` });
  return number !== undefined && number > 0n ? number : undefined;
}

function refuseKnown(session: VaultSession, plan: ImportPlan): void {
  const leaves = [...plan.broker.certificates, ...plan.devices.flatMap(({ certificates }) => certificates)];
  for (const { entry, info } of [...plan.authorities, ...leaves]) {
    if (session.tables.privateKey.where('spki_sha256 = ?', Buffer.from(entry.spkiFingerprint, 'hex')).length > 0)
      throw new FieldkeyError('IMPORT_ALREADY', { name: info.commonName });
  }
}
