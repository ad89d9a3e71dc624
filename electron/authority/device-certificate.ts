import type { KeyAlgorithm } from '../../shared/model/key.ts';
import type { IssuedCertificate } from '../pki/certificate.ts';
import type { Issuer } from '../pki/issuer.ts';
import { generateKey, type KeyPair, keyAlgorithmOf } from '../pki/keys.ts';
import { issueLinted } from '../pki/linted.ts';
import type { ProjectRow } from '../vault/rows.ts';
import type { Log, VaultSession } from '../vault/session.ts';
import { type HandedKey, openIssuer } from './issuer.ts';
import { issuingAuthority, projectById, subjectOf } from './lookup.ts';
import { storeCertificate, storeKey } from './store-certificate.ts';

/** Key type and validity (days) of device certificates. */
export interface DeviceProfile {
  readonly key: KeyAlgorithm;
  readonly days: number;
}

/** A key that the vault knows, at least its public half: what a renewal keeps. */
export interface KnownKey {
  readonly keyId: number;
  readonly spki: Buffer;
}

/** The public half of a key that somebody else keeps: from a signing request. */
export interface OutsideKey {
  readonly spki: Buffer;
  readonly outside: true;
}

/** A device's key (a new one, or the one it has) and its new certificate, before they are stored. */
export interface PreparedDevice {
  readonly id: string;
  readonly key: KeyPair | KnownKey | OutsideKey;
  readonly issued: IssuedCertificate;
}

/** A project's issuer, opened for one chunk of devices. */
export interface DeviceIssuer {
  readonly project: ProjectRow;
  readonly authorityId: number;
  readonly issuer: Issuer;
}

/**
 * Opens the authority that issues for a project. Opened anew for each chunk: when the vault is locked in between, no
 * decrypted key stays behind.
 * @throws PROJECT_NOT_FOUND, AUTHORITY_NOT_FOUND, KEY_UNAVAILABLE, ISSUER_EXPIRED, VAULT_LOCKED
 */
export function openDeviceIssuer(session: VaultSession, projectId: number, handed?: HandedKey): DeviceIssuer {
  const project = projectById(session, projectId);
  const authority = issuingAuthority(session, projectId);
  return { project, authorityId: authority.id, issuer: openIssuer(session, authority.id, handed) };
}

/** Makes key, unless the present one is given, and certificate of one device id. @throws PROFILE_REFUSED, LINT_FAILED */
export async function prepareDevice(
  session: VaultSession,
  { project, issuer }: DeviceIssuer,
  id: string,
  profile: DeviceProfile,
  known?: KnownKey | OutsideKey,
): Promise<PreparedDevice> {
  const key = known ?? (await generateKey(profile.key));
  const issued = await issueLinted({
    kind: 'device',
    subject: { ...subjectOf(project), commonName: id },
    spki: key.spki,
    issuer,
    validity: { days: profile.days },
    now: new Date(session.now()),
  });
  return { id, key, issued };
}

/** Stores them with their audit entry; gives the certificate's id. Only inside `session.write`. */
export function storeDevice(
  session: VaultSession,
  log: Log,
  { project, authorityId }: DeviceIssuer,
  prepared: PreparedDevice,
  device: { readonly id: number; readonly predecessorId?: number },
): number {
  return storeCertificate(session, log, prepared.issued, {
    projectId: project.id,
    kind: 'device',
    commonName: prepared.id,
    issuerId: authorityId,
    deviceId: device.id,
    keyId: keyIdOf(session, prepared.key),
    ...(device.predecessorId === undefined ? {} : { predecessorId: device.predecessorId }),
  });
}

/** Stores a key that is new, as far as it is here; gives its id. Only inside `session.write`. */
export function keyIdOf(session: VaultSession, key: KeyPair | KnownKey | OutsideKey): number {
  if ('keyId' in key) return key.keyId;
  if ('outside' in key) return session.addPublicKey(keyAlgorithmOf(key.spki) ?? 'other', key.spki);
  return storeKey(session, key);
}
