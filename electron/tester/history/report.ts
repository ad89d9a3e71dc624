import { type ErrorReport, isErrorReport } from '../../../shared/errors.ts';

/** The form in which an error crosses threads. */
export function reportOf(error: unknown): ErrorReport {
  if (isErrorReport(error)) return { code: error.code, params: { ...error.params } };
  return { code: 'INTERNAL', params: { detail: reasonOf(error) } };
}

export function reasonOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  const message = error instanceof Error ? error.message : String(error);
  return typeof code === 'string' && !message.includes(code) ? `${message} (${code})` : message;
}

/** The medium has no room left. */
export function isFull(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT';
}
