import type { CertificateState } from '../../../shared/model/certificate.ts';
import { isRefused } from '../../../shared/rules/certificate-state.ts';

export interface Lifetime {
  readonly state: CertificateState;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly renewFrom: number;
  readonly revokedAt?: number | null;
}

/** Parts of a life bar, each a fraction of the validity between 0 and 1. */
export interface LifeShape {
  /** How much is over: up to now, or to the moment of revocation. */
  readonly used: number;
  /** The width of the last part, in which the certificate should be renewed. */
  readonly renewal: number;
}

const clamp = (value: number) => Math.min(1, Math.max(0, value));

export function lifeShape(life: Lifetime, now: number): LifeShape {
  const length = life.notAfter - life.notBefore;
  if (length <= 0) return { used: 1, renewal: 0 };
  const end = isRefused(life.state) && life.revokedAt ? life.revokedAt : now;
  return { used: clamp((end - life.notBefore) / length), renewal: clamp((life.notAfter - life.renewFrom) / length) };
}
