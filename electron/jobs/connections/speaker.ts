import { FieldkeyError } from '../../../shared/errors.ts';
import type { SpeakerState, VaultSpeaker } from '../../../shared/model/own-connection.ts';
import { certificateState } from '../../../shared/rules/certificate-state.ts';
import { certificateOf, type OpenedIdentity, type Speaker, takeIdentity } from '../../authority/test-identity.ts';
import { certificatePem } from '../../pki/pem.ts';
import type { CertificateRow } from '../../vault/rows.ts';
import type { VaultSession } from '../../vault/session.ts';

/** Whom of the vault a connection speaks as, as it stands now. */
export interface SpeakerNow {
  readonly state: SpeakerState;
  /** Of a device that is there. */
  readonly deviceId: number | null;
  /** PEM of the certificate that it works with; empty = none. */
  readonly certificate: string;
}

/** How it stands with the observer or a device right now: renewed and replaced certificates are followed, nothing is remembered. */
export function speakerNow(session: VaultSession, projectId: number, speaker: VaultSpeaker): SpeakerNow {
  const found = speakerIn(session, projectId, speaker);
  if (!found) return { state: 'missing', deviceId: null, certificate: '' };
  const deviceId = found.kind === 'device' ? found.deviceId : null;
  const row = certificateOf(session, projectId, found);
  if (!row) return { state: 'without', deviceId, certificate: '' };
  return { state: stateOf(session, row), deviceId, certificate: certificatePem(row.der) };
}

/**
 * Takes certificate, key and password of such a one out of the vault. A revoked or expired one as well: that it is refused is worth
 * testing. @throws DEVICE_NOT_FOUND, CERTIFICATE_NOT_FOUND, KEY_UNAVAILABLE
 */
export function openSpeaker(
  session: VaultSession,
  projectId: number,
  speaker: VaultSpeaker,
): { readonly opened: OpenedIdentity; readonly serial: string } {
  const found = speakerIn(session, projectId, speaker);
  if (!found) throw new FieldkeyError('DEVICE_NOT_FOUND', { device: speaker.kind === 'device' ? speaker.device : '' });
  const { opened, certificate } = takeIdentity(session, projectId, found);
  return { opened, serial: certificate.serial.toString('hex') };
}

/** By its id, since a connection may come out of a file of another vault. */
function speakerIn(session: VaultSession, projectId: number, speaker: VaultSpeaker): Speaker | undefined {
  if (speaker.kind === 'observer') return speaker;
  const [device] = session.tables.device.where('project_id = ? AND name_folded = ?', projectId, speaker.device.toLowerCase());
  return device && { kind: 'device', deviceId: device.id };
}

function stateOf(session: VaultSession, row: CertificateRow): SpeakerState {
  const state = certificateState({ status: row.status, notBefore: row.not_before, notAfter: row.not_after }, session.now());
  if (state === 'revoked' || state === 'hold') return state;
  if (row.key_id === null || !session.hasPrivateKey(row.key_id)) return 'key-elsewhere';
  return state === 'expired' ? 'expired' : 'ready';
}
