import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FieldkeyError } from '../../shared/errors.ts';
import { systemCode } from './failures.ts';

/**
 * Writes a file beside its place, synchronises it and renames it.
 * @throws EXPORT_NOT_WRITABLE, EXPORT_NO_SPACE; what `fill` throws
 */
export async function writeWhole(
  file: string,
  fill: (write: (part: string | Uint8Array) => Promise<void>) => Promise<void>,
): Promise<void> {
  const unfinished = `${file}.${randomBytes(4).toString('hex')}.new`;
  let handle: FileHandle | undefined;
  try {
    handle = await open(unfinished, 'wx', 0o600);
    const out = handle;
    await fill(async (part) => {
      await out.writeFile(part);
    });
    await handle.sync();
    await handle.close();
    handle = undefined;
    await rename(unfinished, file);
  } catch (error) {
    await handle?.close().catch(() => undefined);
    await rm(unfinished, { force: true }).catch(() => undefined);
    if (error instanceof FieldkeyError) throw error;
    const code = systemCode(error);
    if (code === null) throw error;
    throw new FieldkeyError('EXPORT_NOT_WRITABLE', { directory: dirname(file), reason: code }, error);
  }
}
