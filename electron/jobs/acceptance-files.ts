import { FieldkeyError } from '../../shared/errors.ts';
import type { ExportFile } from '../../shared/model/bundle.ts';
import { problem } from '../../shared/problems.ts';
import type { VaultSession } from '../vault/session.ts';

/** The report of a connection that was tried, as it goes along with an export. */
export interface AcceptanceReport {
  /** Whose connection it was; null = the observer's, or that of somebody without a place in the project. */
  readonly deviceId: number | null;
  readonly json: string;
  readonly pdf: Uint8Array;
}

const reportFile = /^acceptance\.(json|pdf)$/;

/** Where reports lie that are of no device. */
const folder = 'acceptance';

/**
 * The report as files of an export: a device's lies in its own folder, for that is what goes to the device; any other beside the
 * kit. @throws INPUT_INVALID for a device that is not in use in this project
 */
export function acceptanceFiles(
  session: VaultSession,
  projectId: number,
  { deviceId, json, pdf }: AcceptanceReport,
): ExportFile[] {
  const device = deviceId === null ? null : session.tables.device.get(deviceId);
  if (deviceId !== null && (!device || device.project_id !== projectId || device.retired_at !== null))
    throw new FieldkeyError('INPUT_INVALID', { problems: [problem('missing', {}, 'acceptance.deviceId')] });
  const place = device ? `devices/${device.name}` : folder;
  return [
    { path: `${place}/acceptance.json`, content: new TextEncoder().encode(json), secret: false },
    { path: `${place}/acceptance.pdf`, content: pdf, secret: false },
  ];
}

/** Whose report this file of an export is: a device's id in lower case, '' = of no device; null = it is another file. */
export function acceptanceOf(path: string): string | null {
  const [top = '', id = '', name = ''] = path.split('/');
  if (top === folder) return reportFile.test(id) ? '' : null;
  return top === 'devices' && reportFile.test(name) ? id.toLowerCase() : null;
}
