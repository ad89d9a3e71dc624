import { randomBytes } from 'node:crypto';
import { type ErrorReport, isErrorReport } from '../../shared/errors.ts';

/**
 * The form in which any thrown thing may travel. Expected errors keep their code and parameters; everything else
 * becomes INTERNAL with its first line as the detail. `ref` is what a person can quote and what the log shows.
 */
export function errorReport(error: unknown): ErrorReport {
  const ref = randomBytes(4).toString('hex');
  if (isErrorReport(error)) return { code: error.code, params: error.params, ref: error.ref ?? ref };
  const detail = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
  return { code: 'INTERNAL', params: { detail }, ref };
}
