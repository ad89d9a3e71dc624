import type { RenewalMode, SkipReason } from '../../shared/model/authority.ts';
import { issuableKey } from '../pki/keys.ts';
import type { CertificateRow } from '../vault/rows.ts';
import type { VaultSession } from '../vault/session.ts';
import { authorityCertificate, issuingAuthority } from './lookup.ts';
import { holderOf } from './shared-certificate.ts';
import { deviceOf, newestCertificateId, type Succession } from './succeed-devices.ts';

const day = 86_400_000;

export interface Skipped {
  readonly deviceId: number;
  readonly id: string;
  readonly why: SkipReason;
}

/** Which devices are meant: named ones, or those whose certificate ends within so many days (ended ones too), or all. */
export interface RenewalSelection {
  readonly deviceIds?: readonly number[] | null | undefined;
  readonly withinDays?: number | null | undefined;
}

/**
 * What renewing or re-keying a selection means now: the devices with the certificate that each new one follows, and those
 * that are passed over, with the reason. A device that was revoked or put on hold is not given a new certificate in passing;
 * that is what "replace" is for. Of a named device the reason is always told; a selection by date has only certificates.
 * @throws DEVICE_NOT_FOUND
 */
export function renewalsOf(
  session: VaultSession,
  projectId: number,
  selection: RenewalSelection,
  mode: RenewalMode,
  days: number,
): { renewals: Succession[]; skipped: Skipped[] } {
  const { withinDays } = selection;
  const issuerEnds = authorityCertificate(session, issuingAuthority(session, projectId).id).not_after;
  const until = typeof withinDays === 'number' ? session.now() + withinDays * day : Number.POSITIVE_INFINITY;
  const renewals: Succession[] = [];
  const skipped: Skipped[] = [];
  for (const deviceId of wanted(session, projectId, selection)) {
    const device = deviceOf(session, projectId, deviceId);
    const present = presentCertificate(session, deviceId);
    if (typeof withinDays === 'number' && (!present || present.not_after > until)) continue;
    const shared = holderOf(session, deviceId) !== deviceId;
    const why = shared
      ? 'shared'
      : device.retired_at !== null
        ? 'retired'
        : skipReason(session, present, mode, { days, issuerEnds });
    if (why) skipped.push({ deviceId, id: device.name, why });
    else if (present) {
      renewals.push({ deviceId, certificateId: newestCertificateId(session, deviceId), predecessorId: present.id });
    }
  }
  return { renewals, skipped };
}

function wanted(session: VaultSession, projectId: number, { deviceIds }: RenewalSelection): number[] {
  if (deviceIds) return [...new Set(deviceIds)];
  return session.database
    .prepare<[number], number>('SELECT id FROM device WHERE project_id = ? AND retired_at IS NULL ORDER BY name_folded')
    .pluck()
    .all(projectId);
}

/** The certificate that a device works with: the newest valid one, or else the newest. */
function presentCertificate(session: VaultSession, deviceId: number): CertificateRow | undefined {
  return session.tables.certificate.where("device_id = ? ORDER BY status = 'valid' DESC, id DESC LIMIT 1", deviceId)[0];
}

function skipReason(
  session: VaultSession,
  present: CertificateRow | undefined,
  mode: RenewalMode,
  { days, issuerEnds }: { readonly days: number; readonly issuerEnds: number },
): SkipReason | null {
  if (!present) return 'no-certificate';
  if (present.status !== 'valid') return present.status;
  if (mode === 'renew' && isCompromised(session, present)) return 'key-compromised';
  // an imported key that nobody should certify again
  if (mode === 'renew' && keyRefused(session, present)) return 'key-weak';
  // we cannot make a key for whoever made the present one: that takes a new request
  if (mode === 'rekey' && !session.hasPrivateKey(present.key_id)) return 'key-elsewhere';
  // the issuer's end cuts the new one: it would not live longer than the one that is there
  const ends = Math.min(session.now() + days * day, issuerEnds);
  if (ends === issuerEnds && present.not_after >= issuerEnds) return 'issuer-ends';
  return null;
}

/** Another certificate with this key was revoked because the key is known to somebody: the key is not used again. */
function isCompromised(session: VaultSession, { key_id: keyId }: CertificateRow): boolean {
  if (keyId === null) return false;
  return session.tables.certificate.where("key_id = ? AND revocation_reason = 'keyCompromise' LIMIT 1", keyId).length > 0;
}

function keyRefused(session: VaultSession, { key_id: keyId }: CertificateRow): boolean {
  const key = keyId === null ? undefined : session.tables.privateKey.get(keyId);
  return key !== undefined && issuableKey(key.spki) === undefined;
}
