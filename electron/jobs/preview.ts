import type { CallOutput } from '../../shared/contract.ts';
import { FieldkeyError } from '../../shared/errors.ts';
import type { BrokerSettings } from '../../shared/model/broker.ts';
import type { ExportFile } from '../../shared/model/bundle.ts';
import type { PreviewFile } from '../../shared/model/export.ts';
import { brokerAwaits } from '../authority/broker-origin.ts';
import { currentCertificate } from '../authority/lookup.ts';
import { sha256 } from '../bundle/sums.ts';
import type { ExportItemRow } from '../vault/rows.ts';
import type { VaultSession } from '../vault/session.ts';
import { checkSettings } from './change-project.ts';
import { finished, kitOf, lastWithKit } from './export-state.ts';
import { pathInKit } from './kit-difference.ts';
import { keptKitTexts } from './kit-texts.ts';
import { brokerKit, bundleBasis, bundleOf, contextOf } from './project-files.ts';

type Change = PreviewFile['change'];

/**
 * The broker's kit as an export would write it now, with paths in the kit: with the stored settings, or with `settings` that are
 * being tried. The certificate stays that of the stored ones. What the last export held and is no longer written is `gone`.
 * Empty as long as the broker waits for its certificate.
 * @throws PROJECT_NOT_FOUND, KEY_UNAVAILABLE, INPUT_INVALID for settings that a plan could not have
 */
export function previewBroker(session: VaultSession, projectId: number, settings?: BrokerSettings): CallOutput<'preview.broker'> {
  if (brokerAwaits(session, projectId)) return [];
  const last = lastWithKit(session, projectId);
  const before = last && kitOf(last);
  const texts = keptKitTexts(session, projectId, before ?? {});
  const stored = contextOf(session, projectId);
  if (settings) checkSettings(session, projectId, { settings });
  const context = settings ? { ...stored, broker: settings } : stored;
  const files = brokerKit(session, context).files.map((file) => {
    const path = pathInKit(file.path);
    const hash = before?.[path];
    if (before === undefined) return { ...shown(file, path, 'never-exported'), before: null };
    const change = hash === undefined ? 'new' : hash === sha256(file.content) ? 'same' : 'changed';
    return { ...shown(file, path, change), before: (change === 'changed' && texts.get(path)) || null };
  });
  const written = new Set(files.map(({ path }) => path));
  const gone = Object.keys(before ?? {}).filter((path) => !written.has(path));
  return [
    ...files,
    ...gone.map((path) => {
      const text = texts.get(path) ?? null;
      return { path, bytes: 0, secret: false, content: text === null ? null : '', before: text, change: 'gone' as const };
    }),
  ];
}

/**
 * One device's bundle as an export without passphrase would write it now, with paths in its folder; empty when the
 * device has no valid certificate. @throws DEVICE_NOT_FOUND, KEY_UNAVAILABLE
 */
export async function previewDevice(session: VaultSession, deviceId: number): Promise<CallOutput<'preview.device'>> {
  const device = session.tables.device.get(deviceId);
  if (!device) throw new FieldkeyError('DEVICE_NOT_FOUND', { device: String(deviceId) });
  const certificate = currentCertificate(session, deviceId);
  if (!certificate) return [];
  const context = contextOf(session, device.project_id);
  const member = { device, certificate };
  const last = session.tables.exportItem.where(
    `device_id = ? AND basis IS NOT NULL AND ${finished('export_item.export_id')} ORDER BY export_id DESC LIMIT 1`,
    deviceId,
  )[0];
  const basis = bundleBasis(context, member);
  return (await bundleOf(session, context, member, undefined)).map((file) => {
    const name = file.path.split('/').at(-1) ?? '';
    return shown(file, name, changeOf(name, last, certificate.id, basis));
  });
}

/** Of a bundle only its certificate and a hash of what it says are recorded; from these follows which files differ. */
function changeOf(name: string, last: ExportItemRow | undefined, certificateId: number, basis: Buffer): Change {
  if (!last) return 'never-exported';
  if (last.basis?.equals(basis)) return 'same';
  // settings and topics stand in these two only; another certificate changes all but whom the device trusts
  const ofSettings = ['mqtt.json', 'README.txt', 'mosquitto_pub', 'mosquitto_sub'].includes(name);
  return ofSettings || (last.certificate_id !== certificateId && name !== 'ca.crt') ? 'changed' : 'same';
}

function shown(file: ExportFile, path: string, change: Change): PreviewFile {
  const content = file.secret ? (file.shown ?? null) : new TextDecoder().decode(file.content);
  return { path, bytes: file.content.byteLength, secret: file.secret, content, change };
}
