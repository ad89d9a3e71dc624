import { opendir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { FieldkeyError } from '../../shared/errors.ts';
import type { JobControl } from '../../shared/model/job.ts';
import { pemToDer } from '../pki/pem.ts';
import { type CertificateInfo, nameText, readCertificate } from '../pki/read.ts';

const day = 86_400_000;

/** So much is looked at; a folder with more was hardly meant. */
export interface ScanLimits {
  readonly files: number;
  readonly depth: number;
  /** Octets of one file. */
  readonly fileSize: number;
}

export const scanLimits: ScanLimits = { files: 20_000, depth: 16, fileSize: 4 * 1024 * 1024 };

export interface ScannedCertificate {
  /** Relative to the folder, with the position in a file that holds several. */
  readonly file: string;
  readonly position: number;
  readonly subject: string;
  readonly issuer: string;
  readonly serial: string;
  readonly fingerprint: string;
  readonly notBefore: number;
  readonly notAfter: number;
  /** `due` = it ends within the days that were asked for. */
  readonly state: 'expired' | 'due' | 'valid' | 'not-yet-valid';
}

export interface ScanReport {
  readonly directory: string;
  /** Certificates that end within so many days are `due`. */
  readonly withinDays: number;
  readonly files: number;
  /** Soonest end first. */
  readonly certificates: readonly ScannedCertificate[];
  /** Files that look like certificates and cannot be read as such, with a technical reason. */
  readonly unreadable: readonly { readonly file: string; readonly reason: string }[];
  /** The limits were reached: there is more that was not looked at. */
  readonly incomplete: boolean;
}

/** Names under which certificates are kept; anything else is looked into for PEM only. */
const certificateNames = /\.(crt|cer|cert|der|pem)$/i;

/**
 * Looks for certificates in a folder and everything below it (links are not followed) and says when each ends. Reads PEM
 * files with any number of blocks and DER files; private keys beside them are passed over and never kept.
 * @throws FILE_MALFORMED when the folder cannot be read, JOB_CANCELLED
 */
export async function scanFolder(
  directory: string,
  options: { readonly withinDays: number; readonly now: number; readonly limits?: ScanLimits },
  control: JobControl = {},
): Promise<ScanReport> {
  const limits = options.limits ?? scanLimits;
  const certificates: ScannedCertificate[] = [];
  const unreadable: { file: string; reason: string }[] = [];
  const { files, incomplete } = await filesBelow(directory, limits);
  let cut = incomplete;
  for (const [index, path] of files.entries()) {
    if (control.signal?.aborted) throw new FieldkeyError('JOB_CANCELLED', { done: index, total: files.length });
    const file = relative(directory, path).replaceAll('\\', '/');
    try {
      if ((await stat(path)).size > limits.fileSize) cut ||= certificateNames.test(path);
      else
        for (const [position, info] of readAll(await readFile(path), path).entries()) {
          certificates.push({ file, position, ...factsOf(info, options) });
        }
    } catch (error) {
      const reason =
        error instanceof FieldkeyError ? String(error.params['reason' as never] ?? error.code) : String((error as Error).message);
      unreadable.push({ file, reason });
    }
    control.onProgress?.({ step: 'read', done: index + 1, total: files.length });
  }
  certificates.sort((a, b) => a.notAfter - b.notAfter || (a.file < b.file ? -1 : 1));
  return { directory, withinDays: options.withinDays, files: files.length, certificates, unreadable, incomplete: cut };
}

async function filesBelow(directory: string, limits: ScanLimits): Promise<{ files: string[]; incomplete: boolean }> {
  const files: string[] = [];
  let incomplete = false;
  const walk = async (folder: string, depth: number): Promise<void> => {
    for await (const entry of await opendir(folder)) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (depth >= limits.depth) incomplete = true;
        // a folder that nobody may look into is no reason to tell nothing of the others
        else await walk(path, depth + 1).catch(() => (incomplete = true));
      } else if (entry.isFile()) {
        if (files.length >= limits.files) {
          incomplete = true;
          return;
        }
        files.push(path);
      }
    }
  };
  try {
    await walk(directory, 0);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FieldkeyError('FILE_MALFORMED', { what: 'folder', reason }, error);
  }
  return { files: files.sort(), incomplete };
}

function readAll(bytes: Buffer, path: string): CertificateInfo[] {
  const text = bytes.toString('latin1');
  if (text.includes('-----BEGIN CERTIFICATE-----')) {
    // settings of devices and brokers hold PEM as a JSON string: its line ends are spelled out
    const lines = text.replaceAll('\\n', '\n').replaceAll('\\r', '').replaceAll('\r\n', '\n');
    const blocks = lines.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [lines];
    return blocks
      .flatMap((block) => pemToDer(block))
      .filter(({ label }) => label === 'CERTIFICATE')
      .map(({ der }) => readCertificate(der));
  }
  // DER begins with a SEQUENCE; a PEM file without a certificate (a key, a request) is none of our business
  const isDer = bytes[0] === 0x30 && /\.(crt|cer|cert|der)$/i.test(path);
  return isDer ? [readCertificate(bytes)] : [];
}

function factsOf(
  info: CertificateInfo,
  { withinDays, now }: { readonly withinDays: number; readonly now: number },
): Omit<ScannedCertificate, 'file' | 'position'> {
  const [notBefore, notAfter] = [info.notBefore.getTime(), info.notAfter.getTime()];
  const ends = notAfter <= now ? 'expired' : notAfter <= now + withinDays * day ? 'due' : 'valid';
  return {
    subject: nameText(info.subject),
    issuer: nameText(info.issuer),
    serial: info.serial,
    fingerprint: info.fingerprint,
    notBefore,
    notAfter,
    state: notBefore > now ? 'not-yet-valid' : ends,
  };
}
