import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ExportResult } from '../../shared/model/bundle.ts';
import { sha256 } from '../bundle/sums.ts';
import { pemToDer } from '../pki/pem.ts';
import type { CertificateRow, ExportItemRow, ExportRow } from '../vault/rows.ts';
import type { VaultSession } from '../vault/session.ts';
import type { ExportOptions } from './export-project.ts';
import type { Selected } from './export-selection.ts';
import { kitHashes } from './kit-difference.ts';
import { bundleBasis, type ProjectContext } from './project-files.ts';

interface Written {
  readonly options: ExportOptions;
  readonly selected: Selected;
  readonly result: ExportResult;
  /** Paths of files that an earlier export wrote and this one left. */
  readonly kept: readonly string[];
}

type Item = Omit<ExportItemRow, 'id' | 'export_id'>;

/**
 * Records what lies in the folder now, in one transaction with the audit entry. Gives the record's id; for an unchanged
 * export the id of the record that tells the same of that medium, if there is one.
 */
export async function recordExport(session: VaultSession, context: ProjectContext, written: Written): Promise<number> {
  const { options, selected, result } = written;
  const kept = await readKept(session, context, written);
  const items: Item[] = [
    ...selected.members.map((member) => ({
      ...itemOf(member.certificate, member.device.id),
      basis: bundleBasis(context, member),
    })),
    ...kept.items,
  ];
  const row: Omit<ExportRow, 'id' | 'at' | 'operator' | 'audit_head'> = {
    project_id: context.projectId,
    medium_label: options.medium?.label ?? basename(options.directory),
    volume_id: options.medium?.volumeId ?? '',
    directory: result.directory,
    with_broker: selected.kit ? 1 : 0,
    broker_key_id: selected.kit?.keyId ?? kept.brokerKeyId,
    keys_encrypted: (options.keyPassphrase !== undefined || selected.members.length === 0) && kept.encrypted ? 1 : 0,
    kit_files: JSON.stringify(selected.kit ? kitHashes(selected.kit.files) : {}),
    files: result.files,
  };
  const known = result.unchanged ? sameRecord(session, row, items) : undefined;
  if (known !== undefined) return known;
  return session.write((log) => {
    const begun = { ...row, at: session.now(), operator: session.operator, audit_head: '' };
    const exportId = session.tables.export.insert(begun);
    log('export.write', {
      projectId: context.projectId,
      subject: result.directory,
      detail: {
        export: exportId,
        bundles: items.length,
        devices: selected.members.length,
        files: result.files,
        keysEncrypted: options.keyPassphrase !== undefined,
        withBroker: selected.kit !== null,
        medium: row.medium_label,
        volume: row.volume_id,
        unchanged: result.unchanged,
      },
    });
    // the entry names the record, and the record tells where the log stands with it
    session.tables.export.update({ ...begun, id: exportId, audit_head: session.audit.head.mac });
    for (const item of items) session.tables.exportItem.insert({ export_id: exportId, ...item });
    return exportId;
  });
}

/** The newest record of that folder on that medium, if it tells the same. */
function sameRecord(
  session: VaultSession,
  row: Pick<ExportRow, 'project_id' | 'volume_id' | 'directory' | 'with_broker' | 'broker_key_id' | 'kit_files'>,
  items: readonly Item[],
): number | undefined {
  const [last] = session.tables.export.where(
    'project_id = ? AND volume_id = ? AND directory = ? ORDER BY id DESC LIMIT 1',
    row.project_id,
    row.volume_id,
    row.directory,
  );
  if (!last || (row.with_broker && last.kit_files !== row.kit_files) || last.broker_key_id !== row.broker_key_id)
    return undefined;
  const there = new Map(
    session.database
      .prepare<[number], { certificate_id: number; basis: Buffer | null }>(
        'SELECT certificate_id, basis FROM export_item WHERE export_id = ?',
      )
      .all(last.id)
      .map((item) => [item.certificate_id, item.basis?.toString('hex')]),
  );
  const told = ({ certificate_id, basis }: Item) =>
    there.has(certificate_id) && (basis === null || there.get(certificate_id) === basis.toString('hex'));
  return there.size === items.length && items.every(told) ? last.id : undefined;
}

/** What an earlier export left there: whose keys those are is read from the certificates that lie beside them. */
async function readKept(
  session: VaultSession,
  context: ProjectContext,
  { kept, result }: Written,
): Promise<{ items: Item[]; brokerKeyId: number | null; encrypted: boolean }> {
  const found = { items: [] as Item[], brokerKeyId: null as number | null, encrypted: true };
  const ours = kept.length === 0 ? new Map<string, number>() : idsByFingerprint(session, context.projectId);
  for (const path of kept) {
    const [top, , name] = path.split('/');
    if (name !== 'client.crt' && name !== 'client.key' && path !== 'broker/certs/server.crt') continue;
    // a stick that is pulled out right now: the export stands, and what can be told of it is recorded
    const text = await readFile(join(result.directory, path), 'latin1').catch(() => '');
    if (name === 'client.key') {
      found.encrypted &&= text.includes('BEGIN ENCRYPTED');
      continue;
    }
    const der = text === '' ? undefined : pemToDer(text)[0]?.der;
    const id = der && ours.get(sha256(der));
    const row = id === undefined ? undefined : session.tables.certificate.get(id);
    if (top === 'broker') found.brokerKeyId = row?.key_id ?? null;
    // of another vault's project with the same name there is nothing to answer for here
    else if (row?.device_id) found.items.push({ ...itemOf(row, row.device_id), basis: null });
  }
  return found;
}

function itemOf(certificate: CertificateRow, deviceId: number): Omit<Item, 'basis'> {
  return { device_id: deviceId, certificate_id: certificate.id, key_id: certificate.key_id };
}

function idsByFingerprint(session: VaultSession, projectId: number): Map<string, number> {
  const rows = session.database
    .prepare<[number], { id: number; fingerprint: Buffer }>('SELECT id, fingerprint FROM certificate WHERE project_id = ?')
    .all(projectId);
  return new Map(rows.map(({ id, fingerprint }) => [fingerprint.toString('hex'), id]));
}
