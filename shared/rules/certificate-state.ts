import type { CertificateState, CertificateStatus } from '../model/certificate.ts';

const day = 86_400_000;

/** Days before its end from which on a certificate is due, unless a project decides otherwise (product S2.4, S3.5). */
export const standardWarnDays = 30;

/** What the state of a certificate is judged by. */
export interface Judging {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The project's warning, in days. */
  readonly warnDays: number;
}

/**
 * When a certificate should be renewed: as many days before its end as the project says, and for certificates that live
 * less than twice as long when a third of their life is left, so that a short one is not due from its first day.
 * Takes and gives milliseconds since 1970.
 */
export function renewFrom(notBefore: number, notAfter: number, warnDays = standardWarnDays): number {
  const life = notAfter - notBefore;
  return notAfter - (2 * warnDays * day <= life ? warnDays * day : Math.floor(life / 3));
}

/**
 * What a person is told about a certificate at `now` (ms). Revoked wins, and so does a hold: what stands on a revocation
 * list stays what it is there when it expires.
 */
export function certificateState(
  certificate: { readonly status: CertificateStatus; readonly notBefore: number; readonly notAfter: number },
  now: number,
  warnDays = standardWarnDays,
): CertificateState {
  if (certificate.status !== 'valid') return certificate.status;
  if (now > certificate.notAfter) return 'expired';
  if (now >= renewFrom(certificate.notBefore, certificate.notAfter, warnDays)) return 'due';
  return 'valid';
}

/** True for what stands on a revocation list, for good or for now: nobody accepts it, and its end matters to nobody. */
export function isRefused(state: CertificateState): boolean {
  return state === 'revoked' || state === 'hold';
}
