import { createHash } from 'node:crypto';
import { type DoctorReport, type KeptDiagnosis, stepOf } from '../../shared/model/doctor.ts';
import type { ProofReport } from '../../shared/model/proof.ts';
import type { DiagnosisRow } from '../vault/rows.ts';
import type { VaultSession } from '../vault/session.ts';

/** Characters. What a broker can make long (names in certificates, topics) does not fill the vault. */
const longest = 4_000_000;

/** Connections that have to be refused, as far as a check came to them. */
export type RefusalsSeen = Pick<ProofReport, 'finishedAt' | 'refusals' | 'host' | 'port'>;

/** A later check that is quick, or fails before that, tries none of them: what was seen of them stays with it. */
type Stored = DoctorReport & { readonly refusalsSeen: RefusalsSeen | null };

/** By which the audit log knows a diagnosis. */
export interface StoredDiagnosis {
  readonly diagnosis: number;
  /** SHA-256 of the report, hexadecimal. */
  readonly hash: string;
}

/**
 * Keeps a report in the place of the one before of the same device, connection, or other kind of identity. Gives what the audit log
 * has to tell of it; null for what was broken off, which says nothing. Only inside the session's `write`.
 */
export function keepDiagnosis(session: VaultSession, projectId: number, report: DoctorReport): StoredDiagnosis | null {
  if (report.verdict.outcome === 'cancelled') return null;
  const { kind } = report.identity;
  const deviceId = kind === 'device' ? report.identity.deviceId : null;
  const connectionId = report.identity.connection?.connectionId ?? null;
  const { diagnosis } = session.tables;
  const [before] = diagnosis.where(
    'project_id = ? AND kind = ? AND coalesce(device_id, 0) = ? AND coalesce(connection_id, 0) = ?',
    projectId,
    kind,
    deviceId ?? 0,
    connectionId ?? 0,
  );
  const refusalsSeen = refusalsIn(report) ?? (before ? storedIn(before).refusalsSeen : null);
  const text = JSON.stringify({ ...report, refusalsSeen } satisfies Stored);
  if (text.length > longest) return null;
  const row: Omit<DiagnosisRow, 'id'> = {
    project_id: projectId,
    kind,
    device_id: deviceId,
    connection_id: connectionId,
    at: report.finishedAt,
    report: text,
  };
  if (before) diagnosis.update({ id: before.id, ...row });
  const id = before?.id ?? diagnosis.insert(row);
  return { diagnosis: id, hash: createHash('sha256').update(text).digest('hex') };
}

/** Forgets that of a connection which is removed. Gives its number for the audit log; undefined = there was none. */
export function dropDiagnosisOf(session: VaultSession, connectionId: number): number | undefined {
  const [row] = session.tables.diagnosis.where('connection_id = ?', connectionId);
  if (row) session.tables.diagnosis.delete(row);
  return row?.id;
}

/** The newest ones of a project, or of one device, newest first. */
export function keptDiagnoses(
  session: VaultSession,
  { projectId, deviceId, limit }: { readonly projectId: number; readonly deviceId: number | null; readonly limit: number },
): KeptDiagnosis[] {
  const { diagnosis } = session.tables;
  const rows =
    deviceId === null
      ? diagnosis.where('project_id = ? ORDER BY at DESC, id DESC LIMIT ?', projectId, limit)
      : diagnosis.where('device_id = ? AND project_id = ? ORDER BY at DESC LIMIT ?', deviceId, projectId, limit);
  return rows.map((row) => {
    const { identity, place, quick, verdict, finishedAt } = reportIn(row);
    return {
      diagnosisId: row.id,
      at: finishedAt,
      place,
      identity: { ...identity, id: nameOf(session, row) ?? identity.id },
      quick,
      verdict,
    };
  });
}

/** Of those of one project the newest ones are looked at. */
const looked = 50;

/**
 * What was seen last, as the observer or a device, of connections that have to be refused. `hosts`: names and addresses of the
 * project's broker; what another one does says nothing of it. Null = nothing was seen.
 */
export function latestRefusals(session: VaultSession, projectId: number, hosts: readonly string[]): RefusalsSeen | null {
  const ours = new Set(hosts.map((host) => host.toLowerCase()));
  const seen = session.tables.diagnosis
    .where("project_id = ? AND kind IN ('observer', 'device') ORDER BY at DESC, id DESC LIMIT ?", projectId, looked)
    .flatMap((row) => storedIn(row).refusalsSeen ?? [])
    .filter(({ host }) => ours.has(host.toLowerCase()));
  return seen.toSorted((a, b) => b.finishedAt - a.finishedAt)[0] ?? null;
}

/** The report as it was; null when there is none of this number (any more). */
export function keptDiagnosis(session: VaultSession, projectId: number, diagnosisId: number): DoctorReport | null {
  const row = session.tables.diagnosis.get(diagnosisId);
  return row?.project_id === projectId ? reportIn(row) : null;
}

function storedIn({ report }: DiagnosisRow): Stored {
  return JSON.parse(report) as Stored;
}

function reportIn(row: DiagnosisRow): DoctorReport {
  const { refusalsSeen: _, ...report } = storedIn(row);
  return report;
}

function refusalsIn({ place, finishedAt, ...report }: DoctorReport): RefusalsSeen | null {
  const seen = stepOf(report, 'negative').evidence;
  return seen && { finishedAt, host: place.host, port: place.port, refusals: seen.refusals };
}

/** A device without a certificate has none in its report either. */
function nameOf(session: VaultSession, { kind, device_id: deviceId }: DiagnosisRow): string | undefined {
  return kind === 'device' && deviceId !== null ? session.tables.device.get(deviceId)?.name : undefined;
}
