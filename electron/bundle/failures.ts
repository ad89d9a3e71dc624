import { FieldkeyError } from '../../shared/errors.ts';
import type { ExportFileSystem } from './file-system.ts';

/** The system's code of a failed file operation (`ENOSPC`), or null for every other error. */
export function systemCode(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return null;
  return /^E[A-Z0-9]+$/.test(error.code) && 'syscall' in error ? error.code : null;
}

/**
 * Turns what the file system says into the two things that a person can do something about: make room, or choose
 * another folder (read-only, no rights, stick pulled out). Other errors pass unchanged.
 */
export async function typedFailure(error: unknown, fs: ExportFileSystem, directory: string, needed: number): Promise<unknown> {
  const code = systemCode(error);
  if (code === null) return error;
  if (code !== 'ENOSPC' && code !== 'EDQUOT' && code !== 'EFBIG')
    return new FieldkeyError('EXPORT_NOT_WRITABLE', { directory, reason: code }, error);
  const space = await fs.space(directory).catch(() => null);
  return new FieldkeyError('EXPORT_NO_SPACE', { directory, needed, free: space?.free ?? 0 }, error);
}

/** An error of whoever makes the files; it must not be taken for one of the file system they are written to. */
export class SourceFailure extends Error {
  constructor(cause: unknown) {
    super('the source of the files failed', { cause });
  }
}
