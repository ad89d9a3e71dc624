import type { ExportFile } from '../../shared/model/bundle.ts';
import { brokerAwaits } from '../authority/broker-origin.ts';
import { currentCertificate, outsideKeys } from '../authority/lookup.ts';
import type { VaultSession } from '../vault/session.ts';
import { acceptanceOf } from './acceptance-files.ts';
import { auditNoteBytes } from './audit-note.ts';
import { brokerKit, bundleOf, type Member, membersOf, type ProjectContext } from './project-files.ts';

/** What is exported. Left out = everything. */
export interface Selection {
  readonly withBroker?: boolean | undefined;
  /** Null = all devices that have a valid certificate. */
  readonly deviceIds?: readonly number[] | null | undefined;
}

/** A selection resolved: the kit if it is wanted and the broker does not wait for its certificate yet, the devices that can be exported, and those that cannot. */
export interface Selected {
  readonly kit: { readonly files: readonly ExportFile[]; readonly keyId: number | null } | null;
  readonly members: readonly Member[];
  /** Ids of wanted devices without a usable certificate. */
  readonly leftOut: readonly string[];
}

/** @throws KEY_UNAVAILABLE */
export function select(session: VaultSession, context: ProjectContext, selection: Selection): Selected {
  const wanted = selection.deviceIds ? new Set(selection.deviceIds) : null;
  const members: Member[] = [];
  const leftOut: string[] = [];
  for (const device of membersOf(session, context.projectId)) {
    if (wanted && !wanted.has(device.id)) continue;
    const certificate = currentCertificate(session, device.id);
    if (certificate) members.push({ device, certificate });
    else leftOut.push(device.name);
  }
  // without its certificate no broker starts with it
  const withKit = selection.withBroker !== false && !brokerAwaits(session, context.projectId);
  return { kit: withKit ? brokerKit(session, context) : null, members, leftOut };
}

/** Every file of a selection in a row; a bundle is made when it is asked for, so that keys are open for moments only. */
export async function* filesOf(
  session: VaultSession,
  context: ProjectContext,
  selected: Selected,
  passphrase: string | undefined,
  more: readonly ExportFile[] = [],
): AsyncGenerator<ExportFile> {
  yield* selected.kit?.files ?? [];
  for (const member of selected.members) yield* await bundleOf(session, context, member, passphrase);
  yield* more;
}

/** How much it is, AUDIT.txt included, without SHA256SUMS: bundles of one project differ by the length of their ids only, so one stands for all. */
export async function measure(
  session: VaultSession,
  context: ProjectContext,
  { kit, members }: Selected,
  passphrase?: string,
): Promise<{ files: number; bytes: number }> {
  const size = (files: readonly ExportFile[]) => files.reduce((sum, file) => sum + file.content.byteLength, 0);
  const total = { files: (kit?.files.length ?? 0) + 1, bytes: size(kit?.files ?? []) + auditNoteBytes };
  // a device whose key is kept elsewhere has one file less
  const outside = outsideKeys(session);
  const isOutside = ({ certificate }: Member) => certificate.key_id === null || outside.has(certificate.key_id);
  for (const alike of [members.filter(isOutside), members.filter((member) => !isOutside(member))]) {
    if (!alike[0]) continue;
    const sample = await bundleOf(session, context, alike[0], passphrase);
    total.files += sample.length * alike.length;
    total.bytes += (size(sample) + 256) * alike.length;
  }
  return total;
}

/**
 * Which files of an export that stands already stay when only a part is written: the kit when none is written, and the
 * bundles of devices that were not asked for. So one folder on the stick always holds one whole, self-checking export,
 * and no partial export deletes somebody's bundle. Everything asked for keeps nothing: what is gone from the project
 * goes from the stick. Acceptance reports stay until there is a newer one, or their device is gone.
 */
export function keeps(selection: Selection, selected: Selected): (path: string) => 'secret' | 'plain' | null {
  const written = new Set(selected.members.map(({ device }) => device.name.toLowerCase()));
  // of everything, those without a usable certificate are devices of the project as well
  const asked = new Set([...written, ...selected.leftOut.map((id) => id.toLowerCase())]);
  return (path) => {
    const reportOf = acceptanceOf(path);
    if (reportOf === '' || (reportOf !== null && asked.has(reportOf))) return 'plain';
    const [top, id = '', name = ''] = path.split('/');
    const stays =
      (top === 'broker' && selected.kit === null) ||
      (top === 'devices' && Array.isArray(selection.deviceIds) && !written.has(id.toLowerCase()));
    if (!stays) return null;
    return /^(server\.key|client\.key|mqtt\.json|passwd|mosquitto_pub|mosquitto_sub)$/.test(name) ? 'secret' : 'plain';
  };
}
