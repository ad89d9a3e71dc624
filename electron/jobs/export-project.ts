import { FieldkeyError } from '../../shared/errors.ts';
import type { ExportResult } from '../../shared/model/bundle.ts';
import type { Medium } from '../../shared/model/export.ts';
import type { JobControl } from '../../shared/model/job.ts';
import { problem } from '../../shared/problems.ts';
import { completeCrls } from '../authority/publish-crl.ts';
import type { ExportFileSystem } from '../bundle/file-system.ts';
import { exportPlace } from '../bundle/standing-export.ts';
import { writeExport } from '../bundle/write-export.ts';
import type { VaultSession } from '../vault/session.ts';
import { type AcceptanceReport, acceptanceFiles } from './acceptance-files.ts';
import { auditNote, auditNoteName } from './audit-note.ts';
import { type Intended, recordBegin, recordFailure, recordFinish } from './export-record.ts';
import { filesOf, keeps, measure, type Selection, select } from './export-selection.ts';
import { completePasswords } from './passwords.ts';
import { contextOf } from './project-files.ts';
import { waitingLists } from './replace.ts';
import { refuseOtherAuthority } from './same-authority.ts';

export interface ExportOptions extends JobControl, Selection {
  /** The folder in which the project's folder is written: a stick, for example. */
  readonly directory: string;
  /** What the person knows the medium by, and what recognises it; by default the folder and nothing. */
  readonly medium?: Pick<Medium, 'label' | 'volumeId'> | undefined;
  /** Encrypts every device key (PKCS#8, PBES2). The broker's key stays readable: a broker starts without anybody. */
  readonly keyPassphrase?: string | undefined;
  /** The report of a connection that was tried goes along; one of an earlier export stays otherwise. */
  readonly acceptance?: AcceptanceReport | undefined;
  /** For tests: a medium that is full, read-only or gone. */
  readonly fs?: ExportFileSystem | undefined;
}

export interface ProjectExport extends ExportResult {
  /** The vault's record of it. */
  readonly exportId: number;
  readonly devices: number;
  /** Ids without a usable certificate: nothing was written for them. */
  readonly leftOut: readonly string[];
  /** Authorities whose list does not say yet what was revoked, because their key is kept elsewhere. */
  readonly waiting: readonly string[];
  /** Where the audit log stands; noted outside of the vault, it proves later that the vault was not rolled back. */
  readonly auditHead: string;
}

/**
 * Writes the broker's kit and a bundle for every device, or the part that was selected (then the rest of an export that
 * stands at the same place stays, see `keeps`). What goes to the medium is recorded before the first file is written, and
 * what became of it afterwards, each in one transaction with its audit entry. An unchanged export is recorded when there
 * is no record of it on that medium yet. AUDIT.txt beside the kit tells where the audit log stood once the beginning was recorded.
 *
 * A certificate that is revoked and on no revocation list yet is put on one first.
 * @throws INPUT_INVALID when that is nothing at all, PROJECT_NOT_FOUND, KEY_UNAVAILABLE, and what `writeExport` throws
 */
export async function exportProject(session: VaultSession, projectId: number, options: ExportOptions): Promise<ProjectExport> {
  // what is written to a medium is recorded in the vault: without that nobody could answer for a lost stick
  session.assertWritable();
  await completeCrls(session, projectId);
  await completePasswords(session, projectId);
  const context = contextOf(session, projectId);
  await refuseOtherAuthority(session, options.directory, context.project);
  const selected = select(session, context, options);
  const reports = options.acceptance ? acceptanceFiles(session, projectId, options.acceptance) : [];
  if (!selected.kit && selected.members.length + reports.length === 0)
    throw new FieldkeyError('INPUT_INVALID', { problems: [problem('missing', {}, 'deviceIds')] });
  const measured = await measure(session, context, selected, options.keyPassphrase);
  const expected = {
    files: measured.files + reports.length,
    bytes: reports.reduce((sum, { content }) => sum + content.byteLength, measured.bytes),
  };
  const { target: directory } = exportPlace(options.directory, context.project);
  const intended: Intended = { options, selected, directory, files: expected.files + 1 };
  const record = { id: null as number | null };
  const { kept, ...result } = await writeExport({
    parent: options.directory,
    name: context.project,
    files: filesOf(session, context, selected, options.keyPassphrase, reports),
    expected,
    keep: keeps(options, selected),
    stamp: { path: auditNoteName, make: () => auditNote(session, context.project) },
    onBegin: () => {
      record.id = recordBegin(session, context, intended);
    },
    control: options,
    fs: options.fs,
  }).catch((error: unknown) => {
    if (record.id !== null) tryToRecordFailure(session, record.id, error);
    throw error;
  });
  const exportId = await recordFinish(session, context, record.id, { ...intended, result, kept });
  const devices = selected.members.length;
  return {
    ...result,
    exportId,
    devices,
    leftOut: selected.leftOut,
    waiting: waitingLists(session, projectId),
    auditHead: session.audit.head.mac,
  };
}

/** The vault may have been closed meanwhile; then the record goes on saying that the export was begun, which is true. */
function tryToRecordFailure(session: VaultSession, exportId: number, error: unknown): void {
  try {
    recordFailure(session, exportId, error);
  } catch {
    // why the export failed is what counts
  }
}

/** How much an export would be: its files with SHA256SUMS, bytes about, devices exactly. @throws PROJECT_NOT_FOUND */
export async function measureExport(
  session: VaultSession,
  projectId: number,
  selection: Selection,
): Promise<{ files: number; bytes: number; devices: number }> {
  const context = contextOf(session, projectId);
  const selected = select(session, context, selection);
  const { files, bytes } = await measure(session, context, selected);
  // a line of SHA256SUMS: the hash, two spaces, a path of about forty, the line's end
  return { files: files + 1, bytes: bytes + files * 108, devices: selected.members.length };
}
