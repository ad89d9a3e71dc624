import { lstat } from 'node:fs/promises';
import { basename } from 'node:path';
import { FieldkeyError } from '../../shared/errors.ts';
import { gather, readBounded } from './collect.ts';
import type { Imported } from './findings.ts';
import { type ImportOptions, readFolder } from './read-folder.ts';
import { readXca } from './read-xca.ts';

/**
 * Reads whatever a person points at: a folder, an XCA database (by its content), or one PEM, DER or PKCS#12 file.
 * @throws JOB_CANCELLED, FILE_MALFORMED, FILE_TOO_LARGE; PASSPHRASE_MISSING and PASSPHRASE_WRONG for an XCA database
 */
export async function readSource(path: string, options: ImportOptions): Promise<Imported> {
  if (await isFolder(path)) return readFolder(path, options);
  const bytes = await readBounded(path);
  if (bytes.subarray(0, 15).toString('latin1') === 'SQLite format 3') return readXca(path, options);
  return gather(options.passphrase, async (collection) => {
    await collection.file(basename(path), bytes);
    return collection.result('files', options.now, options.control);
  });
}

/** Wipes the private keys that a reader has read. */
export function wipeImported({ keys }: Imported): void {
  for (const { pkcs8 } of keys) pkcs8.fill(0);
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isDirectory();
  } catch (error) {
    throw new FieldkeyError('FILE_MALFORMED', { what: path, reason: (error as NodeJS.ErrnoException).code ?? 'error' }, error);
  }
}
