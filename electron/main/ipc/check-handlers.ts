import { FieldkeyError } from '../../../shared/errors.ts';
import type { Handlers } from './answer-calls.ts';

/** The calls that run checks. */
export function createCheckHandlers(): Pick<Handlers, 'check.run' | 'check.cancel' | 'check.report'> {
  return {
    'check.run': () => {
      throw new FieldkeyError('INTERNAL', { detail: 'checks are kept, and not run yet' });
    },
    'check.cancel': () => ({}),
    'check.report': () => null,
  };
}
