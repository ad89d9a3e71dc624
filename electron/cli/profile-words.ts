import type { RefusalReason } from '../../shared/model/refusal.ts';

/** Why a certificate or list is not issued as it was asked for: the `reason` of PROFILE_REFUSED. */
const texts: Record<RefusalReason, string> = {
  'country-code': 'the country must be a code of two capital letters, as in ISO 3166',
  'name-missing': 'the certificate would have no name',
  'name-not-permitted': 'it carries a name that the authorities above do not allow (nameConstraints)',
  'name-empty': 'a part of the name is empty',
  'name-too-long': 'a part of the name is longer than RFC 5280 allows (common name, O and OU 64 characters)',
  'name-characters': 'the name has characters that are not allowed, or blanks at an end',
  'common-name-not-a-device-id': 'the common name cannot be a device id',
  'common-name-not-in-san': 'the common name is not among the names of the broker',
  'san-missing': 'a broker needs at least one name or address',
  'san-not-allowed': 'such a certificate does not carry host names',
  'san-host-name': 'one of the names is no host name',
  'san-address': 'one of the addresses is no IP address',
  'san-uri': 'one of the names is no URI',
  'key-algorithm': 'the key is neither RSA of 2048 to 4096 bits nor EC on P-256 or P-384',
  'key-mismatch': 'the private key does not belong to the certificate of the authority',
  'validity-too-long': 'it would be valid for too long',
  'validity-too-short': 'it would be valid for too short a time',
  'issuer-expired': 'the authority has expired',
  'issuer-not-ca': 'the certificate of the issuer is not that of an authority',
  'issuer-path-length': 'below this authority no other one is allowed (pathLen)',
  'issuer-not-yet-valid': 'the authority is not valid yet',
  'issuer-may-not-sign-certificates': 'the authority may not sign certificates (keyUsage)',
  'issuer-may-not-sign-crls': 'the authority may not sign revocation lists (keyUsage)',
  'issuer-missing': 'nobody is there to sign it',
  serial: 'its serial number cannot be used',
  'crl-number': 'the number of the revocation list cannot be used',
  'crl-next-update': 'the next revocation list would be due in the past',
  'crl-duplicate-serial': 'a serial number is on the revocation list twice',
  'crl-reason': 'a reason for revoking is unknown',
};

/** The sentence for a reason, without a full stop; an unknown one as it is. */
export function profileRefusalText(reason: string): string {
  const known: Readonly<Record<string, string>> = texts;
  return known[reason] ?? reason;
}
