import type { BrokerCertificateSource } from '../../shared/model/broker.ts';
import { nameText, readCertificate } from '../pki/read.ts';
import type { CertificateRow } from '../vault/rows.ts';
import type { VaultSession } from '../vault/session.ts';
import { isKeptElsewhere } from './broker-certificate.ts';
import { isForeign } from './broker-chain.ts';
import { settingsOf } from './lookup.ts';

/** Who made the broker's key and certificate. */
export interface BrokerOrigin {
  /** The private key is in this vault, and so in the kit. */
  readonly keyHere: boolean;
  /** Name of the authority of somebody else that issued it; null = one of ours. */
  readonly issuer: string | null;
  /** Since when (ms) a request of ours waits for its answer. */
  readonly requestedAt: number | null;
  /** There is no certificate yet: what whoever runs the broker still has to send. */
  readonly awaits: Exclude<BrokerCertificateSource, 'own'> | null;
}

/** What the broker has to get from whoever runs it before it has a certificate at all; null = it has one, or gets one here. */
export function brokerAwaits(session: VaultSession, projectId: number): BrokerOrigin['awaits'] {
  return settingsOf(session, projectId).brokerAwaits ?? null;
}

/** Of the certificate that the broker has now. */
export function brokerOrigin(session: VaultSession, projectId: number, certificate: CertificateRow | undefined): BrokerOrigin {
  return {
    keyHere: !isKeptElsewhere(session, certificate),
    issuer: certificate && isForeign(certificate) ? nameText(readCertificate(certificate.der).issuer) : null,
    requestedAt: settingsOf(session, projectId).brokerRequest?.at ?? null,
    awaits: brokerAwaits(session, projectId),
  };
}
