import { appendFile, mkdir, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ErrorReport } from '../../shared/errors.ts';

const sizeMaximum = 1_000_000;
let file: string | null = null;
let queue: Promise<void> = Promise.resolve();

/** Where errors are written from now on; before, they are dropped. One older file is kept (`.1`). */
export function logTo(path: string): void {
  file = path;
}

/**
 * Notes an error with its reference and technical detail. Inputs of calls are never part of it, so neither are
 * passphrases; a failing log never disturbs the program.
 */
export function logError(report: ErrorReport, detail: string): void {
  const path = file;
  if (!path) return;
  const line = `${new Date().toISOString()} ${report.ref ?? '-'} ${report.code} ${JSON.stringify(report.params)}\n${detail ? `  ${detail.replaceAll('\n', '\n  ')}\n` : ''}`;
  queue = queue.then(() => append(path, line)).catch(() => undefined);
}

async function append(path: string, line: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const size = await stat(path).then(
    (s) => s.size,
    () => 0,
  );
  if (size > sizeMaximum) await rename(path, `${path}.1`);
  await appendFile(path, line, { mode: 0o600 });
}
