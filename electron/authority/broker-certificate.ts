import { FieldkeyError } from '../../shared/errors.ts';
import type { BrokerSettings } from '../../shared/model/broker.ts';
import type { RevocationReason } from '../../shared/model/certificate.ts';
import type { KeyAlgorithm } from '../../shared/model/key.ts';
import type { ProjectSubject } from '../../shared/model/subject.ts';
import type { IssuedCertificate } from '../pki/certificate.ts';
import type { Issuer } from '../pki/issuer.ts';
import { generateKey, type KeyPair } from '../pki/keys.ts';
import { issueLinted } from '../pki/linted.ts';
import { brokerCommonName } from '../pki/san.ts';
import type { CertificateRow } from '../vault/rows.ts';
import type { VaultSession } from '../vault/session.ts';
import { isForeign } from './broker-chain.ts';
import { type KnownKey, keyIdOf, type OutsideKey } from './device-certificate.ts';
import { type HandedKey, openIssuer } from './issuer.ts';
import { brokerCertificate, brokerOf, issuingAuthority, projectById, settingsOf, subjectOf } from './lookup.ts';
import { changeSettings } from './project-settings.ts';
import { revokeCertificate } from './revoke.ts';
import { storeCertificate } from './store-certificate.ts';

/** A broker's key (a new one, or the one it has) and certificate for its names and addresses, not stored yet. */
export async function prepareBroker(request: {
  readonly issuer: Issuer;
  readonly subject: ProjectSubject;
  readonly settings: BrokerSettings;
  readonly key: KeyAlgorithm | KnownKey | OutsideKey;
  readonly now: Date;
}): Promise<{ key: KeyPair | KnownKey | OutsideKey; issued: IssuedCertificate; commonName: string }> {
  const { issuer, subject, settings, now } = request;
  const names = { dns: settings.names, ip: settings.addresses };
  const commonName = brokerCommonName(names);
  const key = typeof request.key === 'string' ? await generateKey(request.key) : request.key;
  const issued = await issueLinted({
    kind: 'broker',
    subject: { ...subject, commonName },
    alternativeNames: names,
    spki: key.spki,
    issuer,
    validity: { days: settings.days },
    now,
  });
  return { key, issued, commonName: commonName ?? settings.names[0] ?? settings.addresses[0] ?? '' };
}

/**
 * Stores changed broker settings and issues a certificate for them, with a new key or, with `sameKey`, the one it has. The old certificate stays valid, for
 * the broker uses it until the new kit is installed; with `revoke` (its key is lost) it and all older ones are revoked in
 * the same transaction, and the caller publishes the revocation list.
 *
 * A key that somebody else keeps stays the broker's key, and `outside` brings a new one of that kind. A certificate of
 * another authority is left alone. With `own` both end: key and certificate are made here again.
 * @throws BROKER_NOT_OURS for a certificate of another authority, or one that is awaited for a key of somebody else; PROJECT_NOT_FOUND, KEY_UNAVAILABLE, PROFILE_REFUSED, LINT_FAILED
 */
export function reissueBroker(
  session: VaultSession,
  projectId: number,
  settings: BrokerSettings,
  key: KeyAlgorithm,
  options: {
    readonly revoke?: RevocationReason;
    readonly sameKey?: boolean;
    readonly own?: boolean;
    readonly outside?: OutsideKey;
    /** The key of the authority that issues for the broker, when it is not in the vault. */
    readonly handed?: HandedKey | undefined;
  } = {},
): Promise<void> {
  return session.inTurn(async () => {
    const project = projectById(session, projectId);
    const authority = issuingAuthority(session, projectId, 'broker');
    const broker = brokerOf(session, projectId);
    const predecessor = broker && brokerCertificate(session, broker.id);
    if (predecessor && isForeign(predecessor) && !options.own && !options.revoke && !options.outside)
      throw new FieldkeyError('BROKER_NOT_OURS', {});
    // whoever runs the broker makes its key: nothing makes another one on the way
    if (settingsOf(session, projectId).brokerAwaits && !options.own && !options.outside)
      throw new FieldkeyError('BROKER_NOT_OURS', {});
    const keyStays = options.sameKey || (isKeptElsewhere(session, predecessor) && !options.own && !options.revoke);
    const prepared = await prepareBroker({
      issuer: openIssuer(session, authority.id, options.handed),
      subject: subjectOf(project),
      settings,
      key: options.outside ?? ((keyStays && knownKeyOf(session, predecessor)) || key),
      now: new Date(session.now()),
    });
    session.write((log) => {
      const brokerId = changeBroker(session, projectId, settings);
      // settings of an earlier version are written out in full now: the log has to say so, whatever the act is
      if ((!options.revoke && !options.sameKey) || broker?.settings !== JSON.stringify(settings))
        log('project.change', { projectId, subject: project.name, detail: { broker: JSON.stringify(settings) } });
      const lost = options.revoke ? session.tables.certificate.where("broker_id = ? AND status <> 'revoked'", brokerId) : [];
      storeCertificate(session, log, prepared.issued, {
        projectId,
        kind: 'broker',
        commonName: prepared.commonName,
        issuerId: authority.id,
        brokerId,
        keyId: keyIdOf(session, prepared.key),
        ...(predecessor ? { predecessorId: predecessor.id } : {}),
      });
      if (settingsOf(session, projectId).brokerAwaits) changeSettings(session, log, projectId, { brokerAwaits: undefined });
      if (options.revoke) for (const certificate of lost) revokeCertificate(session, log, certificate, options.revoke);
    });
  });
}

/** Whether the private half of the broker's key is with somebody else. */
export function isKeptElsewhere(session: VaultSession, certificate: CertificateRow | undefined): boolean {
  return certificate !== undefined && certificate.key_id !== null && !session.hasPrivateKey(certificate.key_id);
}

/** The key of a certificate, to be used again; undefined when the vault does not know it. */
export function knownKeyOf(session: VaultSession, certificate: CertificateRow | undefined): KnownKey | undefined {
  const row = certificate?.key_id ? session.tables.privateKey.get(certificate.key_id) : undefined;
  return row && { keyId: row.id, spki: row.spki };
}

/** Stores broker settings that need no new certificate (paths, target, port). Only inside `session.write`. */
export function changeBroker(session: VaultSession, projectId: number, settings: BrokerSettings): number {
  const stored = brokerOf(session, projectId);
  if (!stored) {
    return session.tables.broker.insert({ project_id: projectId, settings: JSON.stringify(settings), created_at: session.now() });
  }
  const { parsed: _, ...row } = stored;
  session.tables.broker.update({ ...row, settings: JSON.stringify(settings) });
  return stored.id;
}
