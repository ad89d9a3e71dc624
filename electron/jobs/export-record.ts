import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isErrorReport } from '../../shared/errors.ts';
import type { ExportResult } from '../../shared/model/bundle.ts';
import { outsideKeys } from '../authority/lookup.ts';
import { sha256 } from '../bundle/sums.ts';
import { pemToDer } from '../pki/pem.ts';
import type { CertificateRow, ExportItemRow, ExportOutcomeRow, ExportRow } from '../vault/rows.ts';
import type { Log, VaultSession } from '../vault/session.ts';
import type { ExportOptions } from './export-project.ts';
import type { Selected } from './export-selection.ts';
import { finished } from './export-state.ts';
import { kitHashes } from './kit-difference.ts';
import { keepKitTexts } from './kit-texts.ts';
import { bundleBasis, type ProjectContext } from './project-files.ts';

/** What an export is about to write, and where. */
export interface Intended {
  readonly options: ExportOptions;
  readonly selected: Selected;
  /** The project's folder in the one that was chosen. */
  readonly directory: string;
  /** Files that are expected; the result has the true number. */
  readonly files: number;
}

interface Written extends Intended {
  readonly result: ExportResult;
  /** Paths of files that an earlier export wrote and this one left. */
  readonly kept: readonly string[];
}

type Item = Omit<ExportItemRow, 'id' | 'export_id'>;
type Row = Omit<ExportRow, 'id' | 'at' | 'operator' | 'audit_head'>;

/**
 * Records, before the first file is written, whose keys are going to that medium: whatever happens afterwards, "Lost a
 * stick?" knows of them. Gives the record's id.
 */
export function recordBegin(session: VaultSession, context: ProjectContext, intended: Intended): number {
  const items = itemsOf(session, context, intended);
  const row = rowOf(context, intended);
  return session.write((log) => {
    const begun = { ...row, at: session.now(), operator: session.operator, audit_head: '' };
    const exportId = session.tables.export.insert(begun);
    tell(session, log, 'export.begin', { ...begun, id: exportId }, { bundles: items.length });
    for (const item of items) session.tables.exportItem.insert({ export_id: exportId, ...item });
    session.tables.exportOutcome.insert({ export_id: exportId, state: 'begun', reason: '', changed_at: begun.at });
    return exportId;
  });
}

/** An export that had begun did not come to its end. The reason is the error's code; other errors are INTERNAL. */
export function recordFailure(session: VaultSession, exportId: number, error: unknown): void {
  const reason = isErrorReport(error) ? error.code : 'INTERNAL';
  session.write((log) => {
    const row = session.tables.export.get(exportId);
    if (!row) return;
    setOutcome(session, exportId, 'failed', reason);
    tell(session, log, 'export.fail', row, { reason });
  });
}

/**
 * Records what lies in the folder now, in one transaction with the audit entry. `begun` is the record of the beginning,
 * null when nothing had to be written; then the id of the record that tells the same of that medium is given, if there
 * is one.
 */
export async function recordFinish(
  session: VaultSession,
  context: ProjectContext,
  begun: number | null,
  written: Written,
): Promise<number> {
  const { options, selected, result } = written;
  const kept = await readKept(session, context, written);
  const items = [...itemsOf(session, context, written), ...kept.items];
  const planned = rowOf(context, written);
  const row: Row = {
    ...planned,
    broker_key_id: planned.broker_key_id ?? kept.brokerKeyId,
    keys_encrypted: planned.keys_encrypted === 1 && kept.encrypted ? 1 : 0,
    files: result.files,
  };
  const known = begun === null ? sameRecord(session, row, items) : undefined;
  if (known !== undefined) return known;
  return session.write((log) => {
    const now = { ...row, at: session.now(), operator: session.operator, audit_head: '' };
    const exportId = begun ?? session.tables.export.insert(now);
    tell(
      session,
      log,
      'export.write',
      { ...now, id: exportId },
      {
        bundles: items.length,
        devices: selected.members.length,
        files: result.files,
        keysEncrypted: options.keyPassphrase !== undefined,
        withBroker: selected.kit !== null,
        unchanged: result.unchanged,
      },
    );
    for (const item of begun === null ? items : kept.items) session.tables.exportItem.insert({ export_id: exportId, ...item });
    if (begun !== null) setOutcome(session, exportId, 'finished', '');
    if (selected.kit) keepKitTexts(session, context.projectId, selected.kit.files);
    return exportId;
  });
}

/** Logs an act on an export; the entry names the record, and the record tells where the log stands with it. */
function tell(
  session: VaultSession,
  log: Log,
  action: 'export.begin' | 'export.write' | 'export.fail',
  row: ExportRow,
  detail: Readonly<Record<string, string | number | boolean>>,
): void {
  const { id, project_id: projectId, directory, medium_label: medium, volume_id: volume } = row;
  log(action, { projectId, subject: directory, detail: { export: id, ...detail, medium, volume } });
  session.tables.export.update({ ...row, audit_head: session.audit.head.mac });
}

function setOutcome(session: VaultSession, exportId: number, state: ExportOutcomeRow['state'], reason: string): void {
  const [outcome] = session.tables.exportOutcome.where('export_id = ?', exportId);
  if (outcome) session.tables.exportOutcome.update({ ...outcome, state, reason, changed_at: session.now() });
}

function rowOf(context: ProjectContext, { options, selected, directory, files }: Intended): Row {
  return {
    project_id: context.projectId,
    medium_label: options.medium?.label ?? basename(options.directory),
    volume_id: options.medium?.volumeId ?? '',
    directory,
    with_broker: selected.kit ? 1 : 0,
    broker_key_id: selected.kit?.keyId ?? null,
    keys_encrypted: options.keyPassphrase !== undefined || selected.members.length === 0 ? 1 : 0,
    kit_files: JSON.stringify(selected.kit ? kitHashes(selected.kit.files) : {}),
    files,
  };
}

function itemsOf(session: VaultSession, context: ProjectContext, { selected }: Intended): Item[] {
  const outside = outsideKeys(session);
  return selected.members.map((member) => ({
    ...itemOf(member.certificate, member.device.id, outside),
    basis: bundleBasis(context, member),
  }));
}

/** The newest record of that folder on that medium, if it tells the same. */
function sameRecord(session: VaultSession, row: Row, items: readonly Item[]): number | undefined {
  const [last] = session.tables.export.where(
    `project_id = ? AND volume_id = ? AND directory = ? AND ${finished('export.id')} ORDER BY id DESC LIMIT 1`,
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
    else if (row?.device_id) found.items.push({ ...itemOf(row, row.device_id, outsideKeys(session)), basis: null });
  }
  return found;
}

/** A key that is kept elsewhere is not on the medium. */
function itemOf(certificate: CertificateRow, deviceId: number, outside: ReadonlySet<number>): Omit<Item, 'basis'> {
  const keyId = certificate.key_id;
  return { device_id: deviceId, certificate_id: certificate.id, key_id: keyId !== null && outside.has(keyId) ? null : keyId };
}

function idsByFingerprint(session: VaultSession, projectId: number): Map<string, number> {
  const rows = session.database
    .prepare<[number], { id: number; fingerprint: Buffer }>('SELECT id, fingerprint FROM certificate WHERE project_id = ?')
    .all(projectId);
  return new Map(rows.map(({ id, fingerprint }) => [fingerprint.toString('hex'), id]));
}
