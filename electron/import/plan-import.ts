import { createHash } from 'node:crypto';
import { FieldkeyError } from '../../shared/errors.ts';
import type { Role } from '../../shared/model/access.ts';
import { type RevocationReason, revocationReasons } from '../../shared/model/certificate.ts';
import type { LeaveReason } from '../../shared/model/import.ts';
import type { JobControl } from '../../shared/model/job.ts';
import { checkDeviceId, foldDeviceId, reservedIds } from '../../shared/rules/device-id.ts';
import { checkHostName, checkIpAddress, isIpAddress } from '../../shared/rules/host.ts';
import { isSignedBy } from '../pki/lint/chain.ts';
import type { Finding } from '../pki/lint/finding.ts';
import { isAuthority } from '../pki/lint/foreign.ts';
import { purposeNames } from '../pki/object-names.ts';
import { type CertificateInfo, readCertificate } from '../pki/read.ts';
import { signatureAlgorithmFor } from '../pki/signer.ts';
import type { Imported, ImportedCertificate, ImportedCrl, ImportedKey } from './findings.ts';
import { Pace } from './pace.ts';

/** A certificate that is taken, with whoever issued it. */
export interface PlannedCertificate {
  readonly entry: ImportedCertificate;
  readonly info: CertificateInfo;
  readonly issuer: PlannedAuthority;
  readonly key: ImportedKey | undefined;
  readonly revoked: PlannedRevocation | undefined;
  readonly findings: readonly Finding[];
}

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

export interface PlannedDevice {
  readonly id: string;
  readonly role: Role;
  /** Oldest first: the last one is the one that the device works with. */
  readonly certificates: PlannedCertificate[];
  /** As it stands in a password file. */
  readonly passwordHash?: string;
}

export interface ImportPlan {
  readonly imported: Imported;
  readonly digest: string;
  /** Issuers before those whom they issued. */
  readonly authorities: readonly PlannedAuthority[];
  /** Who issues from now on; undefined when nobody can. */
  readonly main: PlannedAuthority | undefined;
  readonly devices: readonly PlannedDevice[];
  readonly broker: {
    readonly certificates: readonly PlannedCertificate[];
    readonly names: readonly string[];
    readonly addresses: readonly string[];
  };
  readonly leftOut: readonly { readonly place: string; readonly name: string; readonly why: LeaveReason }[];
}

/**
 * Decides what of the things that a reader found is taken: authorities that say that they are some, what they issued, and
 * what they revoked. Nothing is stored. `now` in milliseconds. @throws JOB_CANCELLED
 */
export async function planImport(imported: Imported, now: number, control: JobControl = {}): Promise<ImportPlan> {
  const leftOut: { place: string; name: string; why: LeaveReason }[] = [];
  const leave = (place: string, name: string, why: LeaveReason) => leftOut.push({ place, name, why });
  const keys = new Map(imported.keys.map((key) => [key.spkiFingerprint, key]));
  const findingsAt = findingsByPlace(imported);
  const authorities = authoritiesIn(imported, keys, findingsAt, now, leave);
  for (const revocation of imported.revocations) {
    const reason = revocationReasons.find((each) => each === revocation.reason) ?? 'unspecified';
    const entry = { serial: revocation.serial, revokedAt: revocation.revokedAt.getTime(), reason };
    for (const authority of authorities) {
      const { issuerDer } = revocation;
      // OpenSSL's index names no issuer; then it is that of the one authority beside it
      const isIts = issuerDer ? issuerDer.equals(authority.info.subjectDer) : authorities.length === 1;
      if (isIts && !authority.revocations.has(entry.serial)) authority.revocations.set(entry.serial, entry);
    }
  }
  const seen = new Set<string>();
  const devices = new Map<string, PlannedDevice>();
  const served: PlannedCertificate[] = [];
  const leaves = imported.certificates
    .map((entry) => ({ entry, info: readCertificate(entry.der) }))
    .toSorted((a, b) => a.info.notBefore.getTime() - b.info.notBefore.getTime());
  const pace = new Pace(control, 'check');
  for (const [done, { entry, info }] of leaves.entries()) {
    await pace.tick(done, leaves.length);
    const issuer = authorities.find((authority) => issued(authority.info, info));
    if (!issuer) {
      leave(entry.place, info.commonName, 'issuer-missing');
      continue;
    }
    const serial = `${issuer.entry.fingerprint} ${info.serial}`;
    if (seen.has(serial)) {
      leave(entry.place, info.commonName, 'serial-twice');
      continue;
    }
    const planned: PlannedCertificate = {
      entry,
      info,
      issuer,
      key: keys.get(entry.spkiFingerprint),
      revoked: issuer.revocations.get(info.serial),
      findings: findingsAt.get(entry.place) ?? [],
    };
    if (isServer(entry.place, info)) served.push(planned);
    else {
      const id = info.commonName;
      if ((reservedIds as readonly string[]).includes(foldDeviceId(id))) {
        leave(entry.place, id, 'id-reserved');
        continue;
      }
      if (checkDeviceId(id).length > 0) {
        leave(entry.place, id, 'id-invalid');
        continue;
      }
      const device = devices.get(foldDeviceId(id)) ?? { id, role: roleOf(id), certificates: [] };
      device.certificates.push(planned);
      devices.set(foldDeviceId(id), device);
    }
    seen.add(serial);
  }
  for (const found of imported.findings) {
    if (found.kind === 'unreadable') leave(found.place, '', 'unreadable');
    else if (found.kind === 'key-encrypted') leave(found.place, '', 'key-encrypted');
    else if (found.kind === 'key-without-certificate') leave(found.place, '', 'key-lonely');
  }
  for (const { place, user, hash } of imported.credentials) {
    const device = devices.get(foldDeviceId(user));
    // brokers tell user names apart by every letter
    if (device?.id === user) devices.set(foldDeviceId(user), { ...device, passwordHash: hash });
    else leave(place, user, 'password');
  }
  const all = [...devices.values()];
  return {
    imported,
    digest: digestOf(imported),
    authorities,
    main: mainOf(authorities, [...all.flatMap(({ certificates }) => certificates), ...served]),
    devices: all,
    broker: { certificates: served, ...hostsOf(served) },
    leftOut,
  };
}

type Leave = (place: string, name: string, why: LeaveReason) => void;

function authoritiesIn(
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
function issued(issuer: CertificateInfo, certificate: CertificateInfo): boolean {
  return certificate.issuerDer.equals(issuer.subjectDer) && isSignedBy(certificate.der, issuer.spki) !== false;
}

function findingsByPlace(imported: Imported): Map<string, Finding[]> {
  const byPlace = new Map<string, Finding[]>();
  for (const found of imported.findings) {
    if (found.kind !== 'lint') continue;
    byPlace.set(found.place, [...(byPlace.get(found.place) ?? []), found.finding]);
  }
  return byPlace;
}

/** Whoever issued the most of what is here and can sign. */
function mainOf(authorities: readonly PlannedAuthority[], leaves: readonly PlannedCertificate[]): PlannedAuthority | undefined {
  const count = (authority: PlannedAuthority) => leaves.filter(({ issuer }) => issuer === authority).length;
  return authorities.filter(({ key }) => key !== undefined).toSorted((a, b) => count(b) - count(a))[0];
}

function isServer(place: string, { extendedKeyUsage, alternativeNames }: CertificateInfo): boolean {
  const purposes = extendedKeyUsage?.map((oid) => purposeNames[oid]);
  const named = alternativeNames.dns.length + alternativeNames.ip.length > 0;
  if (purposes?.includes('serverAuth')) return named || !purposes.includes('clientAuth');
  if (purposes?.includes('clientAuth')) return false;
  return named || /(?:^|\/)server(?:\/|\.[a-z]+$)/i.test(place);
}

/** The names of the newest server certificate that is usable; without a SAN its common name, as old clients read it. */
function hostsOf(served: readonly PlannedCertificate[]): { names: string[]; addresses: string[] } {
  const newest = served.filter(({ revoked }) => !revoked).at(-1)?.info;
  if (!newest) return { names: [], addresses: [] };
  const { dns, ip } = newest.alternativeNames;
  const all = dns.length + ip.length > 0 ? [...dns, ...ip] : [newest.commonName];
  const unique = [...new Set(all)];
  return {
    names: unique.filter((name) => !isIpAddress(name) && checkHostName(name).length === 0),
    addresses: unique.filter((name) => isIpAddress(name) && checkIpAddress(name).length === 0),
  };
}

/** A guess from the name, shown before it counts. */
function roleOf(id: string): Role {
  if (/admin/i.test(id)) return 'admin';
  if (/dash|grafana|monitor/i.test(id)) return 'dashboard';
  return /gateway|(?:^|[-_.])gw(?:[-_.]|\d|$)/i.test(id) ? 'gateway' : 'device';
}

/** SHA-256 over everything that would be taken: names exactly what a person was shown. */
function digestOf(imported: Imported): string {
  const { authorities, certificates, keys, revocations, crls } = imported;
  const said = [
    ...[...authorities, ...certificates].map(({ fingerprint }) => `c ${fingerprint}`),
    ...keys.map(({ spkiFingerprint }) => `k ${spkiFingerprint}`),
    ...revocations.map(({ serial, reason, revokedAt }) => `r ${serial} ${reason} ${revokedAt.getTime()}`),
    ...crls.map(({ number }) => `l ${number}`),
  ];
  return createHash('sha256').update(said.toSorted().join('\n')).digest('hex');
}
