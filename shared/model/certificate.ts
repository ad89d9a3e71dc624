import type { KeyAlgorithm } from './key.ts';

/**
 * What a certificate is for. Canaries exist only for negative tests; `test` ones let the tester speak as a device whose key is
 * elsewhere, for a day. Neither is ever exported as a device.
 */
export const certificateKinds = ['root', 'site', 'broker', 'device', 'observer', 'canary', 'test'] as const;
export type CertificateKind = (typeof certificateKinds)[number];

/** What the store holds; expiry is not stored, it follows from the clock. */
export type CertificateStatus = 'valid' | 'revoked' | 'hold';

/** What a person is shown. `hold` = refused for now, can be released; `awaiting` = a device that has no certificate yet. */
export const certificateStates = ['valid', 'due', 'expired', 'hold', 'revoked', 'awaiting'] as const;
export type CertificateState = (typeof certificateStates)[number];

/** RFC 5280 §5.3.1, the reasons that an issuer of device certificates needs. */
export const revocationReasons = [
  'unspecified',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
] as const;
export type RevocationReason = (typeof revocationReasons)[number];

/** Times are milliseconds since 1970 UTC everywhere in the model. */
export interface CertificateSummary {
  readonly id: number;
  readonly kind: CertificateKind;
  readonly state: CertificateState;
  /** Lower-case hexadecimal without separators. */
  readonly serial: string;
  readonly commonName: string;
  /** The authority of ours that signed it; null = somebody else's. */
  readonly issuerId: number | null;
  /** When it was signed or imported; `notBefore` is a day earlier, for devices with wrong clocks. */
  readonly issuedAt: number;
  readonly notBefore: number;
  readonly notAfter: number;
  /** From this time on the certificate should be renewed. */
  readonly renewFrom: number;
  readonly revokedAt: number | null;
  readonly revocationReason: RevocationReason | null;
}

export interface CertificateDetail extends CertificateSummary {
  readonly issuerName: string;
  readonly subjectName: string;
  readonly keyAlgorithm: KeyAlgorithm | 'other';
  /** SHA-256 of the DER, lower-case hexadecimal. */
  readonly fingerprint: string;
  readonly names: readonly string[];
  readonly addresses: readonly string[];
  readonly predecessorId: number | null;
  readonly pem: string;
}
