import type { CertificateState, CertificateStatus } from '../model/certificate.ts';

const day = 86_400_000;

/**
 * When a certificate should be renewed: 30 days before its end (product S2.4, S3.5), and for certificates that live
 * less than 90 days when a third of their life is left, so that a short one is not due from its first day.
 * Takes and gives milliseconds since 1970.
 */
export function renewFrom(notBefore: number, notAfter: number): number {
  return notAfter - Math.min(30 * day, Math.floor((notAfter - notBefore) / 3));
}

/**
 * What a person is told about a certificate at `now` (ms). Revoked wins, and so does a hold: what stands on a revocation
 * list stays what it is there when it expires.
 */
export function certificateState(
  certificate: { readonly status: CertificateStatus; readonly notBefore: number; readonly notAfter: number },
  now: number,
): CertificateState {
  if (certificate.status !== 'valid') return certificate.status;
  if (now > certificate.notAfter) return 'expired';
  if (now >= renewFrom(certificate.notBefore, certificate.notAfter)) return 'due';
  return 'valid';
}

/** True for what stands on a revocation list, for good or for now: nobody accepts it, and its end matters to nobody. */
export function isRefused(state: CertificateState): boolean {
  return state === 'revoked' || state === 'hold';
}
