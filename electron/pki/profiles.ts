import type { CertificateKind } from '../../shared/model/certificate.ts';
import { oids } from './oids.ts';

/** A length of time. Years are calendar years, so that ten of them end on the day they began. */
export type Span = { readonly days: number } | { readonly years: number };

/**
 * What we issue: the kinds of the store, and cross certificates, which carry the name and key of a new root under an old
 * one, so that whoever knows only the old root can follow the chain.
 */
export type IssuedKind = CertificateKind | 'cross';

/** What a kind of certificate looks like. Profiles are data: requests are checked against them, nothing overrides them. */
export interface Profile {
  readonly kind: IssuedKind;
  readonly isCa: boolean;
  /** Certificates that may follow below this CA before the leaf; undefined for no limit (RFC 5280 §4.2.1.9). */
  readonly pathLength?: number;
  readonly selfSigned: boolean;
  readonly extendedKeyUsage?: string;
  readonly validity: { readonly standard: Span; readonly minimum: Span; readonly maximum: Span };
  /** Which alternative names it takes. */
  readonly alternativeNames: 'none' | 'hosts-required' | 'uri-optional';
  /** The common name is an MQTT identity. */
  readonly namedByDeviceId: boolean;
}

const oneDay: Span = { days: 1 };

const client = {
  isCa: false,
  selfSigned: false,
  extendedKeyUsage: oids.clientAuth,
  validity: { standard: { years: 1 }, minimum: { days: 90 }, maximum: { years: 10 } },
  alternativeNames: 'uri-optional',
  namedByDeviceId: true,
} as const;

export const profiles: Readonly<Record<IssuedKind, Profile>> = {
  /** The anchor that devices and broker trust. */
  root: {
    kind: 'root',
    isCa: true,
    selfSigned: true,
    validity: { standard: { years: 10 }, minimum: oneDay, maximum: { years: 20 } },
    alternativeNames: 'none',
    namedByDeviceId: false,
  },
  /** A new root below the old one, for the time in which both are trusted. */
  cross: {
    kind: 'cross',
    isCa: true,
    selfSigned: false,
    validity: { standard: { years: 5 }, minimum: oneDay, maximum: { years: 10 } },
    alternativeNames: 'none',
    namedByDeviceId: false,
  },
  /** An issuing CA for one site; below it only leaves. */
  site: {
    kind: 'site',
    isCa: true,
    pathLength: 0,
    selfSigned: false,
    validity: { standard: { years: 5 }, minimum: oneDay, maximum: { years: 10 } },
    alternativeNames: 'none',
    namedByDeviceId: false,
  },
  /** 825 days is the longest that Apple systems accept from any CA, 397 what browsers took from public ones. */
  broker: {
    kind: 'broker',
    isCa: false,
    selfSigned: false,
    extendedKeyUsage: oids.serverAuth,
    validity: { standard: { days: 397 }, minimum: oneDay, maximum: { days: 825 } },
    alternativeNames: 'hosts-required',
    namedByDeviceId: false,
  },
  device: { kind: 'device', ...client },
  /** The tester's own identity: a client like any other for the broker. */
  observer: { kind: 'observer', ...client },
  /**
   * A client certificate that exists only to be refused: a revoked one, and one that has ended, so that what a live broker looks at
   * can be tested.
   */
  canary: { kind: 'canary', ...client, validity: { ...client.validity, minimum: oneDay } },
  /** A device's name with a key of the tester's own, for a test and no longer. */
  test: { kind: 'test', ...client, validity: { standard: oneDay, minimum: oneDay, maximum: { days: 7 } } },
};
