import { type FileHandle, open, realpath } from 'node:fs/promises';
import { createGunzip, type Gunzip } from 'node:zlib';
import { FieldkeyError } from '../../../shared/errors.ts';
import type { JobControl } from '../../../shared/model/job.ts';
import { type AnalysisOptions, LogAnalysis } from './analysis.ts';
import { LineCutter, type LineTaker } from './lines.ts';
import { Stamp } from './stamp.ts';

/** Bytes that are read at once. */
const piece = 256 * 1_024;

export interface ReadLog {
  readonly analysis: LogAnalysis;
  /** As they were read: the oldest first. */
  readonly files: readonly string[];
  /** On the disk; of compressed files less than what they hold. */
  readonly bytes: number;
}

interface LogFile {
  readonly path: string;
  readonly size: number;
  readonly changed: number;
  /** When its first line was written; NaN = it does not say. */
  readonly begins: number;
}

/**
 * Reads logs, plain or compressed with gzip, in the order of their first lines. Memory does not grow with their size.
 * Progress counts bytes on the disk.
 * @throws LOG_NOT_READABLE, JOB_CANCELLED
 */
export async function readLogs(
  paths: readonly string[],
  options: AnalysisOptions = {},
  control: JobControl = {},
): Promise<ReadLog> {
  const files = await inOrder(paths);
  const analysis = new LogAnalysis(options);
  const total = files.reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  let told = -1;
  const progress = (bytes: number) => {
    done += bytes;
    if (control.signal?.aborted) throw new FieldkeyError('JOB_CANCELLED', { done, total });
    const now = Date.now();
    if (now - told < 100) return;
    told = now;
    control.onProgress?.({ step: 'read', done: Math.min(done, total), total });
  };
  for (const file of files) {
    analysis.begin(file.changed);
    await readFile(file.path, analysis, progress);
  }
  control.onProgress?.({ step: 'read', done: total, total });
  return { analysis, files: files.map(({ path }) => path), bytes: total };
}

/** Cuts one file into lines for `taker`; `progress` hears of the bytes that were read from the disk. */
export async function readFile(path: string, taker: LineTaker, progress: (bytes: number) => void): Promise<void> {
  const cutter = new LineCutter(taker);
  await withFile(path, async (file) => {
    const buffer = Buffer.allocUnsafe(piece);
    const first = await file.read(buffer, 0, piece, null);
    if (isGzip(buffer.subarray(0, first.bytesRead))) await gunzip(path, file, buffer, first.bytesRead, cutter, progress);
    else
      for (let read = first.bytesRead; read > 0; ) {
        progress(read);
        cutter.push(buffer.subarray(0, read));
        ({ bytesRead: read } = await file.read(buffer, 0, piece, null));
      }
  });
  cutter.end();
}

async function gunzip(
  path: string,
  file: FileHandle,
  buffer: Buffer,
  first: number,
  cutter: LineCutter,
  progress: (bytes: number) => void,
): Promise<void> {
  const unpacked = createGunzip({ chunkSize: piece });
  const failed = new Promise<never>((_, reject) => {
    unpacked.on('error', (error) => reject(notReadable(path, error)));
  });
  failed.catch(() => undefined);
  unpacked.on('data', (bytes: Buffer) => cutter.push(bytes));
  const ended = new Promise<void>((resolve) => unpacked.on('end', resolve));
  try {
    for (let read = first; read > 0; ) {
      progress(read);
      await Promise.race([written(unpacked, Buffer.from(buffer.subarray(0, read))), failed]);
      ({ bytesRead: read } = await file.read(buffer, 0, piece, null));
    }
    unpacked.end();
    await Promise.race([ended, failed]);
  } finally {
    unpacked.destroy();
  }
}

/** Resolves when the next piece may follow. */
function written(stream: Gunzip, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    if (stream.write(bytes)) resolve();
    else stream.once('drain', resolve);
  });
}

/** RFC 1952 §2.3.1. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8;
}

/** Each file once, the oldest first. One without times stays where it was named. */
async function inOrder(paths: readonly string[]): Promise<LogFile[]> {
  const files: LogFile[] = [];
  const seen = new Set<string>();
  for (const path of paths) {
    const real = await realpath(path).catch((error: unknown) => Promise.reject(notReadable(path, error)));
    if (seen.has(real)) continue;
    seen.add(real);
    files.push(await look(path));
  }
  return files.sort((a, b) => (a.begins < b.begins ? -1 : a.begins > b.begins ? 1 : 0));
}

async function look(path: string): Promise<LogFile> {
  return withFile(path, async (file) => {
    const { size, mtimeMs } = await file.stat();
    const begins = { at: Number.NaN };
    const stamp = new Stamp(mtimeMs);
    const cutter = new LineCutter({
      overlong: 0,
      line: (text, start, end) => {
        if (!Number.isNaN(begins.at)) return;
        stamp.read(text, start, end);
        begins.at = stamp.at;
      },
    });
    const buffer = Buffer.allocUnsafe(64 * 1_024);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
    const head = buffer.subarray(0, bytesRead);
    cutter.push(isGzip(head) ? await beginning(head) : head);
    cutter.end();
    return { path, size, changed: mtimeMs, begins: begins.at };
  });
}

/** What the first bytes of a compressed file unpack to; they end in the middle, which is no error here. */
function beginning(head: Buffer): Promise<Buffer> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    const stream = createGunzip();
    stream.on('data', (bytes: Buffer) => {
      pieces.push(bytes);
      if (pieces.length >= 4) finish();
    });
    stream.on('error', finish);
    stream.on('end', finish);
    stream.end(Buffer.from(head));
    function finish(): void {
      stream.destroy();
      resolve(Buffer.concat(pieces));
    }
  });
}

async function withFile<T>(path: string, act: (file: FileHandle) => Promise<T>): Promise<T> {
  let file: FileHandle | null = null;
  try {
    file = await open(path, 'r');
    return await act(file);
  } catch (error) {
    throw error instanceof FieldkeyError ? error : notReadable(path, error);
  } finally {
    await file?.close();
  }
}

/** What a failure to read becomes: never the text of a library, the code of the system. */
export function notReadable(path: string, error: unknown): FieldkeyError<'LOG_NOT_READABLE'> {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  return new FieldkeyError('LOG_NOT_READABLE', { file: path, reason: code }, error);
}
