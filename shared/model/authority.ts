import type { BrokerCertificateSource } from './broker.ts';

/** What a project decides besides its plan. Absent = the program's own rule. */
export interface ProjectSettings {
  /** Authorities that issue: for devices and the observer, and for the broker. By default the active one farthest from the root. */
  readonly deviceIssuer?: number | undefined;
  readonly brokerIssuer?: number | undefined;
  /** Authorities that were made by somebody else, and came into this vault at `at`. */
  readonly imported?: { readonly source: string; readonly at: number; readonly authorities: readonly number[] } | undefined;
  /** The broker has no certificate yet: a request of whoever runs it is to be signed, or a certificate that they have is to be taken. */
  readonly brokerAwaits?: Exclude<BrokerCertificateSource, 'own'> | undefined;
  /** The request for the broker's certificate that another authority shall answer: its key, and when it was made (ms). */
  readonly brokerRequest?: { readonly keyId: number; readonly at: number } | undefined;
  /** Authorities of somebody else above ours: only their certificates are here, and they never sign for us. */
  readonly outside?: readonly number[] | undefined;
  /** The request for an authority of ours that another one shall certify; `authorityId` = the one that it renews. */
  readonly authorityRequest?:
    | { readonly keyId: number; readonly at: number; readonly name: string; readonly authorityId?: number | undefined }
    | undefined;
  /** Days before its end from which a certificate counts as due. */
  readonly warnDays?: number | undefined;
}

export const authorityStates = ['active', 'retired', 'compromised'] as const;
export type AuthorityState = (typeof authorityStates)[number];

/** The same key and a new validity, or a new key. */
export const renewalModes = ['renew', 'rekey'] as const;
export type RenewalMode = (typeof renewalModes)[number];

/** Why a certificate was passed over. */
export const skipReasons = [
  'no-certificate',
  'revoked',
  'hold',
  'key-compromised',
  'issuer-ends',
  'retired',
  'key-elsewhere',
  'key-weak',
  'shared',
] as const;
export type SkipReason = (typeof skipReasons)[number];

/** Why revoking, holding or releasing many passed a device or a certificate over. */
export const revokeSkipReasons = ['no-certificate', 'revoked', 'hold', 'not-held', 'shared'] as const;
export type RevokeSkipReason = (typeof revokeSkipReasons)[number];

/** How near the end of a revocation list is. An ended one makes Mosquitto refuse everybody. */
export const crlDeadlines = ['fine', 'soon', 'urgent', 'ended'] as const;
export type CrlDeadline = (typeof crlDeadlines)[number];
