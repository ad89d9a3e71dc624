import { posix } from 'node:path';
import { FieldkeyError } from '../../shared/errors.ts';
import { type RevocationReason, revocationReasons } from '../../shared/model/certificate.ts';
import type { LeaveReason } from '../../shared/model/import.ts';
import { isSignedBy } from '../pki/lint/chain.ts';
import type { Finding } from '../pki/lint/finding.ts';
import { isAuthority } from '../pki/lint/foreign.ts';
import { type CertificateInfo, readCertificate } from '../pki/read.ts';
import { signatureAlgorithmFor } from '../pki/signer.ts';
import type { Imported, ImportedCertificate, ImportedCrl, ImportedKey, ImportedRevocation } from './findings.ts';

export interface PlannedRevocation {
  readonly serial: string;
  readonly revokedAt: number;
  readonly reason: RevocationReason;
}

export interface PlannedAuthority {
  readonly entry: ImportedCertificate;
  readonly info: CertificateInfo;
  readonly key: ImportedKey | undefined;
  /** Null = a root, or whoever is above it is not here. */
  parent: PlannedAuthority | null;
  readonly findings: readonly Finding[];
  readonly revocations: Map<string, PlannedRevocation>;
  /** Its newest list that was found. */
  readonly crl: ImportedCrl | undefined;
}

/** Told of what is not taken. */
export type Leave = (place: string, name: string, why: LeaveReason) => void;

/**
 * The authorities that can go on issuing, issuers before those whom they issued; their revocations are still empty. `now` in
 * milliseconds.
 */
export function planAuthorities(
  imported: Imported,
  keys: ReadonlyMap<string, ImportedKey>,
  findingsAt: ReadonlyMap<string, readonly Finding[]>,
  now: number,
  leave: Leave,
): PlannedAuthority[] {
  const found: PlannedAuthority[] = [];
  for (const entry of imported.authorities) {
    const info = readCertificate(entry.der);
    const why = refusalOf(info, now);
    if (why) {
      leave(entry.place, info.commonName, why);
      continue;
    }
    const mine = imported.crls.filter(({ issuerDer }) => issuerDer.equals(info.subjectDer));
    found.push({
      entry,
      info,
      key: keys.get(entry.spkiFingerprint),
      parent: null,
      findings: findingsAt.get(entry.place) ?? [],
      revocations: new Map(),
      crl: mine.toSorted((a, b) => Number((b.number ?? 0n) - (a.number ?? 0n)))[0],
    });
  }
  for (const authority of found) {
    if (authority.info.selfIssued) continue;
    authority.parent = found.find((other) => other !== authority && issued(other.info, authority.info)) ?? null;
  }
  const depth = (authority: PlannedAuthority): number => {
    let steps = 0;
    for (let above = authority.parent; above && steps < found.length; above = above.parent) steps++;
    return steps;
  };
  return found.toSorted((a, b) => depth(a) - depth(b));
}

function refusalOf(info: CertificateInfo, now: number): LeaveReason | undefined {
  if (info.basicConstraints?.ca !== true || !isAuthority(info)) return 'authority-not-ca';
  if (info.notAfter.getTime() <= now) return 'authority-ended';
  try {
    signatureAlgorithmFor(info.spki);
    return undefined;
  } catch (error) {
    if (error instanceof FieldkeyError) return 'authority-key-weak';
    throw error;
  }
}

/** By name and, where it can be verified, by signature. */
export function issued(issuer: CertificateInfo, certificate: CertificateInfo): boolean {
  return certificate.issuerDer.equals(issuer.subjectDer) && isSignedBy(certificate.der, issuer.spki) !== false;
}

/**
 * Gives every revocation to the authority that it is of. Lists name it; the index of OpenSSL does not: then it is the only
 * one, or whose certificate lies beside the index, or whoever issued the certificate with that serial. What belongs to
 * nobody for certain is left out by name, for a certificate whose revocation is lost counts as valid.
 */
export function placeRevocations(imported: Imported, authorities: readonly PlannedAuthority[], leave: Leave): void {
  const issuers = issuersBySerial(imported, authorities);
  for (const revocation of imported.revocations) {
    const { serial, revokedAt, issuerDer } = revocation;
    const reason = revocationReasons.find((each) => each === revocation.reason) ?? 'unspecified';
    const its = issuerDer
      ? authorities.filter(({ info }) => issuerDer.equals(info.subjectDer))
      : unnamed(revocation, authorities, issuers.get(serial) ?? []);
    for (const authority of its)
      if (!authority.revocations.has(serial))
        authority.revocations.set(serial, { serial, revokedAt: revokedAt.getTime(), reason });
    if (!issuerDer && its.length === 0) leave(revocation.place, serial, 'revocation');
  }
}

function unnamed(
  { place }: ImportedRevocation,
  authorities: readonly PlannedAuthority[],
  issuers: readonly PlannedAuthority[],
): readonly PlannedAuthority[] {
  const beside = authorities.filter(({ entry }) => posix.dirname(entry.place) === posix.dirname(place));
  return [authorities, beside, issuers].find((candidates) => candidates.length === 1) ?? [];
}

function issuersBySerial(imported: Imported, authorities: readonly PlannedAuthority[]): Map<string, PlannedAuthority[]> {
  const wanted = new Set(imported.revocations.filter(({ issuerDer }) => !issuerDer).map(({ serial }) => serial));
  const found = new Map<string, PlannedAuthority[]>();
  if (wanted.size === 0 || authorities.length < 2) return found;
  for (const { der } of imported.certificates) {
    const info = readCertificate(der);
    if (!wanted.has(info.serial)) continue;
    const issuer = authorities.find((authority) => issued(authority.info, info));
    const known = found.get(info.serial) ?? [];
    if (issuer && !known.includes(issuer)) found.set(info.serial, [...known, issuer]);
  }
  return found;
}
