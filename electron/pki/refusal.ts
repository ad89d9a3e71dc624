import { FieldkeyError } from '../../shared/errors.ts';
import type { RefusalReason } from '../../shared/model/refusal.ts';

/** Throws PROFILE_REFUSED. */
export function refuse(reason: RefusalReason): never {
  throw new FieldkeyError('PROFILE_REFUSED', { reason });
}
