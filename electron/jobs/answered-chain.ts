import type { AnswerLink } from '../pki/answer.ts';
import type { Finding } from '../pki/lint/finding.ts';
import { nameText } from '../pki/read.ts';

/** A certificate of an answer, as a person judges it. */
export interface AnsweredCertificate {
  readonly name: string;
  readonly issuer: string;
  readonly serial: string;
  readonly fingerprint: string;
  readonly notAfter: number;
  readonly findings: readonly Finding[];
}

/** From the certificate for us to the root. */
export function answeredChain(chain: readonly AnswerLink[]): AnsweredCertificate[] {
  return chain.map(({ certificate, findings }) => ({
    name: nameText(certificate.subject),
    issuer: nameText(certificate.issuer),
    serial: certificate.serial,
    fingerprint: certificate.fingerprint,
    notAfter: certificate.notAfter.getTime(),
    findings,
  }));
}
