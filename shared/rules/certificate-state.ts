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

/** What a person is told about a certificate at `now` (ms). Revoked wins: an expired revoked certificate stays revoked. */
export function certificateState(
  certificate: { readonly status: CertificateStatus; readonly notBefore: number; readonly notAfter: number },
  now: number,
): CertificateState {
  if (certificate.status !== 'valid') return 'revoked';
  if (now > certificate.notAfter) return 'expired';
  if (now >= renewFrom(certificate.notBefore, certificate.notAfter)) return 'due';
  return 'valid';
}
