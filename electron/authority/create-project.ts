import { FieldkeyError } from '../../shared/errors.ts';
import type { AccessException, AccessRule } from '../../shared/model/access.ts';
import type { ProvisionPlan } from '../../shared/model/plan.ts';
import { plainExceptions, plainRule } from '../../shared/rules/device-access.ts';
import { foldDeviceId } from '../../shared/rules/device-id.ts';
import { nextCrlNumber } from '../pki/crl.ts';
import { prepareIssuer } from '../pki/issuer.ts';
import { generateKey } from '../pki/keys.ts';
import { buildLintedCrl, issueLinted } from '../pki/linted.ts';
import { softwareSigner } from '../pki/signer.ts';
import { trustText } from '../vault/compare-tables.ts';
import type { VaultSession } from '../vault/session.ts';
import { prepareBroker } from './broker-certificate.ts';
import { keyIdOf } from './device-certificate.ts';
import { projectByName } from './lookup.ts';
import { changeSettings } from './project-settings.ts';
import { crlEnd, storeCrl } from './publish-crl.ts';
import { storeCertificate, storeKey } from './store-certificate.ts';

export type NewProject = Omit<ProvisionPlan, 'devices' | 'exceptions'>;

/** RFC 5280 allows a CN of 64 characters; a project's name alone may have 63. */
function authorityName(project: string): string {
  return `${project.slice(0, 64 - ' Root CA'.length)} Root CA`;
}

/**
 * Makes a project that a broker can start with: root authority, broker certificate, observer identity, a canary that
 * is revoked from the start, and the first revocation list, all in one transaction. Gives the project's id. Where somebody else
 * makes the broker's key there is no certificate of the broker yet, and the project says what it waits for.
 *
 * The list ships with the first kit and always has an entry, so that enforcement can be tried on the live broker from
 * the first day on.
 * @throws PROJECT_EXISTS, PROFILE_REFUSED, LINT_FAILED, VAULT_FULL
 */
export function createProject(session: VaultSession, plan: NewProject): Promise<number> {
  return session.inTurn(async () => {
    session.assertMayIssue();
    if (projectByName(session, plan.project)) throw new FieldkeyError('PROJECT_EXISTS', { project: plan.project });
    const now = new Date(session.now());
    const { subject } = plan;
    const rootName = authorityName(plan.project);

    const rootKey = await generateKey(plan.authority.key);
    const signer = softwareSigner(rootKey.pkcs8);
    const root = await issueLinted({
      kind: 'root',
      subject: { ...subject, commonName: rootName },
      spki: rootKey.spki,
      issuer: { selfSigned: signer },
      validity: { years: plan.authority.years },
      now,
    });
    const issuer = prepareIssuer(root.der, signer);
    const { brokerCertificate: source = 'own' } = plan;
    // for a key of somebody else there is nothing to make here
    const broker =
      source === 'own' ? await prepareBroker({ issuer, subject, settings: plan.broker, key: plan.authority.key, now }) : null;
    const brokerEnds = broker?.issued.notAfter.getTime() ?? now.getTime() + plan.broker.days * 86_400_000;
    const client = async (kind: 'observer' | 'canary') => {
      const key = await generateKey(plan.authority.key);
      // the canary must stay refusable for being revoked, not for being old, as long as the authority lives
      const validity = kind === 'canary' ? { validity: { years: 10 } } : {};
      const issued = await issueLinted({
        kind,
        subject: { ...subject, commonName: kind },
        spki: key.spki,
        issuer,
        now,
        ...validity,
      });
      return { key, issued };
    };
    const observer = await client('observer');
    const canary = await client('canary');
    const crl = await buildLintedCrl({
      issuer,
      entries: [{ serial: canary.issued.serial, revokedAt: now, reason: 'cessationOfOperation' }],
      number: nextCrlNumber(undefined, now),
      now,
      nextUpdate: new Date(crlEnd(brokerEnds, root.notAfter.getTime(), now.getTime())),
    });

    return session.write((log) => {
      const projectId = session.tables.project.insert({
        name: plan.project,
        name_folded: plan.project.toLowerCase(),
        subject: JSON.stringify(subject),
        device_days: plan.deviceDays,
        created_at: now.getTime(),
      });
      log('project.create', { projectId, subject: plan.project });
      const rootKeyId = storeKey(session, rootKey);
      const authorityId = session.tables.authority.insert({
        project_id: projectId,
        parent_id: null,
        name: rootName,
        key_id: rootKeyId,
        state: 'active',
        created_at: now.getTime(),
      });
      log('authority.create', { projectId, subject: rootName, detail: { key: plan.authority.key, years: plan.authority.years } });
      const brokerId = session.tables.broker.insert({
        project_id: projectId,
        settings: JSON.stringify(plan.broker),
        created_at: now.getTime(),
      });
      const common = { projectId, issuerId: authorityId };
      const rootId = storeCertificate(session, log, root, {
        ...common,
        kind: 'root',
        commonName: rootName,
        authorityId,
        keyId: rootKeyId,
      });
      if (broker)
        storeCertificate(session, log, broker.issued, {
          ...common,
          kind: 'broker',
          commonName: broker.commonName,
          brokerId,
          keyId: keyIdOf(session, broker.key),
        });
      if (source !== 'own') changeSettings(session, log, projectId, { brokerAwaits: source });
      for (const [kind, { key, issued }] of [
        ['observer', observer],
        ['canary', canary],
      ] as const) {
        storeCertificate(session, log, issued, {
          ...common,
          kind,
          commonName: kind,
          keyId: storeKey(session, key),
          revokedAtOnce: kind === 'canary',
        });
      }
      for (const purpose of ['broker', 'clients'] as const) {
        session.tables.trust.insert({ project_id: projectId, purpose, certificate_id: rootId, created_at: now.getTime() });
      }
      storeAccess(session, projectId, plan.access);
      // what the vault is compared with when it is verified
      log('project.change', {
        projectId,
        subject: plan.project,
        detail: {
          access: JSON.stringify(plan.access.map(plainRule)),
          broker: JSON.stringify(plan.broker),
          trust: trustText(session, projectId),
        },
      });
      storeCrl(session, log, { projectId, authorityId, crl, entries: 1 });
      return projectId;
    });
  });
}

/** Stores a project's access rules in place of those it had. Only inside `session.write`. */
export function storeAccess(session: VaultSession, projectId: number, access: readonly AccessRule[]): void {
  session.database.prepare('DELETE FROM access WHERE project_id = ?').run(projectId);
  for (const { role, ...topics } of access.map(plainRule))
    session.tables.access.insert({ project_id: projectId, role, topics: JSON.stringify(topics) });
}

/**
 * Stores what single devices may do besides their role, in place of what was there. Only inside `session.write`.
 * @throws DEVICE_NOT_FOUND
 */
export function storeExceptions(session: VaultSession, projectId: number, exceptions: readonly AccessException[]): void {
  session.database.prepare('DELETE FROM access_exception WHERE project_id = ?').run(projectId);
  for (const { device, ...topics } of plainExceptions(exceptions)) {
    const row = session.tables.device.where('project_id = ? AND name_folded = ?', projectId, foldDeviceId(device))[0];
    if (!row) throw new FieldkeyError('DEVICE_NOT_FOUND', { device });
    session.tables.accessException.insert({ project_id: projectId, device_id: row.id, topics: JSON.stringify(topics) });
  }
}
