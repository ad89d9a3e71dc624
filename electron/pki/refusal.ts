import { FieldkeyError } from '../../shared/errors.ts';

/** Why a request is against the profile: the `reason` of PROFILE_REFUSED, for a table reason → sentence. */
export const refusalReasons = [
  'country-code',
  'name-missing',
  'name-empty',
  'name-too-long',
  'name-characters',
  'common-name-not-a-device-id',
  'common-name-not-in-san',
  'san-missing',
  'san-not-allowed',
  'san-host-name',
  'san-address',
  'san-uri',
  'key-algorithm',
  'key-mismatch',
  'validity-too-long',
  'validity-too-short',
  'issuer-expired',
  'issuer-not-ca',
  'issuer-path-length',
  'issuer-not-yet-valid',
  'issuer-may-not-sign-certificates',
  'issuer-may-not-sign-crls',
  'issuer-missing',
  'serial',
  'crl-number',
  'crl-next-update',
  'crl-duplicate-serial',
  'crl-reason',
] as const;
export type RefusalReason = (typeof refusalReasons)[number];

/** Throws PROFILE_REFUSED. */
export function refuse(reason: RefusalReason): never {
  throw new FieldkeyError('PROFILE_REFUSED', { reason });
}
