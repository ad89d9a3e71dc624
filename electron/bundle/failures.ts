import { FieldkeyError } from '../../shared/errors.ts';
import type { ExportFileSystem } from './file-system.ts';
import type { ExportPlace } from './standing-export.ts';

/** The system's code of a failed file operation (`ENOSPC`), or null for every other error. */
export function systemCode(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return null;
  return /^E[A-Z0-9]+$/.test(error.code) && 'syscall' in error ? error.code : null;
}

/** What systems answer where a drive was: nothing of that name, no such device, no answer. */
const gone = new Set(['ENOENT', 'ENODEV', 'ENXIO', 'EIO', 'ESTALE', 'ENOTCONN', 'ENOMEDIUM', 'EHOSTDOWN', 'ETIMEDOUT']);

/**
 * Turns what the file system says into what a person can do something about: make room, lift the write protection, plug
 * the stick in again, or choose another folder. Other errors pass unchanged.
 */
export async function typedFailure(error: unknown, fs: ExportFileSystem, place: ExportPlace, needed: number): Promise<unknown> {
  const code = systemCode(error);
  if (code === null) return error;
  const directory = place.target;
  if (code === 'EROFS') return new FieldkeyError('EXPORT_READ_ONLY', { directory }, error);
  if (gone.has(code)) return new FieldkeyError('EXPORT_MEDIUM_GONE', { directory, reason: code }, error);
  if (code !== 'ENOSPC' && code !== 'EDQUOT' && code !== 'EFBIG')
    return new FieldkeyError('EXPORT_NOT_WRITABLE', { directory, reason: code }, error);
  // the export itself may be gone or never have been; the folder around it is on the same volume
  const space = await fs.space(place.parent).catch(() => null);
  return new FieldkeyError('EXPORT_NO_SPACE', { directory, needed, free: space?.free ?? 0 }, error);
}

/** An error of whoever makes the files; it must not be taken for one of the file system they are written to. */
export class SourceFailure extends Error {
  constructor(cause: unknown) {
    super('the source of the files failed', { cause });
  }
}
