import { posix } from 'node:path';
import { FieldkeyError } from '../../shared/errors.ts';
import type { AuthorityState } from '../../shared/model/authority.ts';
import { type RevocationReason, revocationReasons } from '../../shared/model/certificate.ts';
import type { LeaveReason } from '../../shared/model/import.ts';
import { isCrlSignedBy, isSignedBy } from '../pki/lint/chain.ts';
import type { Finding } from '../pki/lint/finding.ts';
import { isAuthority } from '../pki/lint/foreign.ts';
import { type CertificateInfo, readCertificate } from '../pki/read.ts';
import { type CrlInfo, readCrl } from '../pki/read-crl.ts';
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
  /** What the list of its own issuer says about it. */
  revoked: PlannedRevocation | undefined;
  /** Out of use when its certificate is revoked, or that of one above it: it is kept, issues nothing and is not trusted. */
  state: AuthorityState;
  /** Its newest list that was found. */
  readonly crl: ImportedCrl | undefined;
  /** The newest list that its own key has signed, for where no new one can be signed here; undefined = there is none to go on with. */
  readonly list: CrlInfo | undefined;
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
      revoked: undefined,
      state: 'active',
      list: newestSound(mine, info),
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

/** A list without nextUpdate has no deadline that could be watched (RFC 5280 §5.1.2.5 asks for one). */
function newestSound(lists: readonly ImportedCrl[], { spki }: CertificateInfo): CrlInfo | undefined {
  const sound = lists.filter(({ der }) => isCrlSignedBy(der, spki) === true).map(({ der }) => readCrl(der));
  return sound.filter(({ nextUpdate }) => nextUpdate !== undefined).toSorted((a, b) => rank(b) - rank(a))[0];
}

/** When it was made: numbers are not everybody's habit. */
const rank = ({ thisUpdate }: CrlInfo) => thisUpdate.getTime();

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
    const reason = reasonOf(revocation);
    const its = issuerDer
      ? authorities.filter(({ info }) => issuerDer.equals(info.subjectDer))
      : unnamed(revocation, authorities, issuers.get(serial) ?? []);
    for (const authority of its)
      if (!authority.revocations.has(serial))
        authority.revocations.set(serial, { serial, revokedAt: revokedAt.getTime(), reason });
    if (!issuerDer && its.length === 0) leave(revocation.place, serial, 'revocation');
  }
  for (const authority of authorities) {
    authority.revoked = revocationOf(authority, imported);
    authority.state = stateOf(authority);
  }
}

/** Whoever issued it may not be here, and its list may be. A root says of itself what it likes; nobody looks for it on its own list. */
function revocationOf({ parent, info }: PlannedAuthority, { revocations }: Imported): PlannedRevocation | undefined {
  if (info.selfIssued) return undefined;
  if (parent) return parent.revocations.get(info.serial);
  const found = revocations.find(({ serial, issuerDer }) => serial === info.serial && issuerDer?.equals(info.issuerDer));
  return found && { serial: found.serial, revokedAt: found.revokedAt.getTime(), reason: reasonOf(found) };
}

/** As when it is revoked here (jobs/revoke.ts): what is below it goes with it. Those above have their state already. */
function stateOf({ parent, revoked }: PlannedAuthority): AuthorityState {
  const compromised = revoked?.reason === 'keyCompromise' || revoked?.reason === 'cACompromise';
  if (compromised || parent?.state === 'compromised') return 'compromised';
  return revoked || parent?.state === 'retired' ? 'retired' : 'active';
}

function reasonOf(revocation: ImportedRevocation): RevocationReason {
  return revocationReasons.find((each) => each === revocation.reason) ?? 'unspecified';
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
