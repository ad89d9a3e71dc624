import { readFile, stat, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { FieldkeyError } from '../../shared/errors.ts';
import type { DroppedFile } from '../jobs/review-requests.ts';
import { certificateFileSizeLimit } from '../pki/certificate-files.ts';
import type { Finding } from '../pki/lint/finding.ts';
import { findingLine } from './lint-words.ts';
import { grouped, type Output, utc } from './output.ts';

/** Requests that go out to another authority, and the files that come back. */

/** Never over something else: it could be the request or the answer of last year. @throws EXPORT_NOT_WRITABLE */
export async function writeRequest(file: string, pem: string): Promise<void> {
  try {
    await writeFile(file, pem, { flag: 'wx' });
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'error';
    throw new FieldkeyError('EXPORT_NOT_WRITABLE', { directory: file, reason }, error);
  }
}

/** @throws FILE_TOO_LARGE, FILE_MALFORMED for a file that cannot be read */
export async function readAnswerFile(path: string): Promise<DroppedFile> {
  try {
    if ((await stat(path)).size > certificateFileSizeLimit)
      throw new FieldkeyError('FILE_TOO_LARGE', { file: path, limit: certificateFileSizeLimit });
    return { name: basename(path), bytes: await readFile(path) };
  } catch (error) {
    if (error instanceof FieldkeyError) throw error;
    throw new FieldkeyError('FILE_MALFORMED', { what: path, reason: (error as NodeJS.ErrnoException).code ?? 'error' }, error);
  }
}

interface Link {
  readonly name: string;
  readonly serial: string;
  readonly fingerprint: string;
  readonly notAfter: number;
  readonly findings: readonly Finding[];
}

/** From the certificate to the root, whose fingerprint a person compares with what the other authority publishes. */
export function sayChain(output: Output, chain: readonly Link[]): void {
  for (const { name, serial, notAfter, findings } of chain) {
    output.say(`${name}, until ${utc(notAfter)}  ${grouped(serial)}`);
    for (const finding of findings) output.say(`  ${findingLine(finding)}`);
  }
  const root = chain.at(-1);
  if (root) output.say(`SHA-256 of the last one: ${grouped(root.fingerprint)}`);
}
