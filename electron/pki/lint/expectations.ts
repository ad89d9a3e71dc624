import type { CertificateKind } from '../../../shared/model/certificate.ts';
import type { KeyUsage } from './extensions.ts';

/** The kinds of the store, and cross certificates (a new root below an old one). */
export type LintedKind = CertificateKind | 'cross';

/**
 * What each kind of certificate must look like. Written down a second time, apart from the profiles that the builder
 * uses, so that a slip in one table is caught by the other.
 */
export interface Expectation {
  readonly ca: boolean;
  readonly selfSigned: boolean;
  readonly pathLength: number | undefined;
  /** For keys that only sign, and for RSA keys. */
  readonly keyUsage: readonly KeyUsage[];
  readonly keyUsageRsa: readonly KeyUsage[];
  readonly extendedKeyUsage: string | undefined;
  /** Longest period: whole years, or days. */
  readonly longest: { readonly years: number } | { readonly days: number };
  /** Shortest period in days, unless the issuer's end cuts it. */
  readonly shortestDays: number;
  readonly names: 'none' | 'hosts' | 'uri';
  readonly commonName: 'any' | 'device-id' | 'host';
}

const certSignAndCrlSign = ['keyCertSign', 'cRLSign'] as const;

const ca = {
  ca: true,
  keyUsage: certSignAndCrlSign,
  keyUsageRsa: certSignAndCrlSign,
  extendedKeyUsage: undefined,
  shortestDays: 1,
  names: 'none',
  commonName: 'any',
} as const;

const leaf = {
  ca: false,
  selfSigned: false,
  pathLength: undefined,
  keyUsage: ['digitalSignature'],
  keyUsageRsa: ['digitalSignature', 'keyEncipherment'],
} as const;

const client: Expectation = {
  ...leaf,
  extendedKeyUsage: '1.3.6.1.5.5.7.3.2',
  longest: { years: 10 },
  shortestDays: 90,
  names: 'uri',
  commonName: 'device-id',
};

export const expectations: Readonly<Record<LintedKind, Expectation>> = {
  root: { ...ca, selfSigned: true, pathLength: undefined, longest: { years: 20 } },
  cross: { ...ca, selfSigned: false, pathLength: undefined, longest: { years: 10 } },
  site: { ...ca, selfSigned: false, pathLength: 0, longest: { years: 10 } },
  broker: {
    ...leaf,
    extendedKeyUsage: '1.3.6.1.5.5.7.3.1',
    longest: { days: 825 },
    shortestDays: 1,
    names: 'hosts',
    commonName: 'host',
  },
  device: client,
  observer: client,
  canary: { ...client, shortestDays: 1 },
  test: { ...client, longest: { days: 7 }, shortestDays: 1 },
};
