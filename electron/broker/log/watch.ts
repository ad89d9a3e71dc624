import { type FileHandle, open, stat } from 'node:fs/promises';
import { FieldkeyError } from '../../../shared/errors.ts';
import type { CancelSignal } from '../../../shared/model/job.ts';
import { LogAnalysis } from './analysis.ts';
import { LineCutter } from './lines.ts';
import { isGzip, notReadable } from './read.ts';

/** How often the file is looked at, ms. Notifications of a file system come from no network drive and lose rotations. */
const pace = 500;
const piece = 256 * 1_024;

export interface LogWatch {
  readonly analysis: LogAnalysis;
  /** Read so far, also of files that were rotated away since. */
  readonly bytes: number;
  /** Looks at the file now; gives whether there was anything new. */
  look(): Promise<boolean>;
  stop(): Promise<void>;
}

/**
 * Follows a log that is being written: reads what is there, and what is added as it comes. When the file is renamed and begun anew
 * (logrotate) the rest of the old one is read first; one that became shorter (copytruncate) is read from its beginning.
 * `onNews` is told when something was added, `onTrouble` once when the file cannot be read any more; it is looked for further.
 * @throws LOG_NOT_READABLE when it cannot be read now, JOB_CANCELLED
 */
export async function watchLog(
  path: string,
  hear: {
    readonly onNews: () => void;
    readonly onTrouble?: (error: FieldkeyError<'LOG_NOT_READABLE'>) => void;
    /** While that is read which is there already. */
    readonly onProgress?: (done: number, total: number) => void;
  },
  signal?: CancelSignal,
): Promise<LogWatch> {
  const analysis = new LogAnalysis();
  const cutter = new LineCutter(analysis);
  const buffer = Buffer.allocUnsafe(piece);
  let file: FileHandle | null = null;
  let inode = 0n;
  let position = 0;
  let bytes = 0;
  let stopped = false;

  const begin = async (): Promise<void> => {
    file = await open(path, 'r');
    const stats = await file.stat({ bigint: true });
    inode = stats.ino;
    position = 0;
    analysis.begin(Number(stats.mtimeMs));
  };
  const drain = async (tell?: () => void): Promise<boolean> => {
    let any = false;
    while (file && !stopped) {
      if (signal?.aborted) throw new FieldkeyError('JOB_CANCELLED', { done: position, total: position });
      const { bytesRead } = await file.read(buffer, 0, piece, position);
      if (bytesRead === 0) break;
      const read = buffer.subarray(0, bytesRead);
      if (position === 0 && isGzip(read)) throw new FieldkeyError('LOG_NOT_READABLE', { file: path, reason: 'gzip' });
      cutter.push(read);
      position += bytesRead;
      bytes += bytesRead;
      any = true;
      tell?.();
    }
    return any;
  };
  const lookOnce = async (): Promise<boolean> => {
    let any = await drain();
    const now = await stat(path, { bigint: true });
    if (now.ino !== inode || Number(now.size) < position) {
      // written between the last look and the renaming
      any = (await drain()) || any;
      cutter.end();
      await file?.close();
      file = null;
      await begin();
      any = (await drain()) || any;
    }
    return any;
  };
  // one look at a time, whoever asks
  let looking: Promise<boolean> = Promise.resolve(false);
  const look = (): Promise<boolean> => {
    looking = looking.catch(() => false).then(() => (stopped ? false : lookOnce()));
    return looking;
  };

  try {
    await begin();
    const { size } = await stat(path);
    await drain(() => hear.onProgress?.(Math.min(position, size), size));
  } catch (error) {
    await (file as FileHandle | null)?.close();
    throw error instanceof FieldkeyError ? error : notReadable(path, error);
  }
  let troubled = false;
  const tick = async (): Promise<void> => {
    try {
      const any = await look();
      troubled = false;
      if (any && !stopped) hear.onNews();
    } catch (error) {
      // for a moment there is no file while it is being rotated
      if (!troubled && !stopped && !isMissing(error)) hear.onTrouble?.(notReadable(path, error));
      troubled = true;
    }
    if (!stopped) timer = setTimeout(() => void tick(), pace);
  };
  let timer = setTimeout(() => void tick(), pace);
  return {
    analysis,
    get bytes() {
      return bytes;
    },
    look,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await looking.catch(() => false);
      await file?.close();
      file = null;
    },
  };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
