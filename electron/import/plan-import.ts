import { createHash } from 'node:crypto';
import type { Role } from '../../shared/model/access.ts';
import type { LeaveReason } from '../../shared/model/import.ts';
import type { JobControl } from '../../shared/model/job.ts';
import { checkDeviceId, foldDeviceId, reservedIds } from '../../shared/rules/device-id.ts';
import { checkHostName, checkIpAddress, isIpAddress } from '../../shared/rules/host.ts';
import type { Finding } from '../pki/lint/finding.ts';
import { purposeNames } from '../pki/object-names.ts';
import { type CertificateInfo, readCertificate } from '../pki/read.ts';
import type { Imported, ImportedCertificate, ImportedKey } from './findings.ts';
import { Pace } from './pace.ts';
import { issued, type PlannedAuthority, type PlannedRevocation, placeRevocations, planAuthorities } from './plan-authorities.ts';

/** A certificate that is taken, with whoever issued it. */
export interface PlannedCertificate {
  readonly entry: ImportedCertificate;
  readonly info: CertificateInfo;
  readonly issuer: PlannedAuthority;
  readonly key: ImportedKey | undefined;
  readonly revoked: PlannedRevocation | undefined;
  readonly findings: readonly Finding[];
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
  const authorities = planAuthorities(imported, keys, findingsAt, now, leave);
  placeRevocations(imported, authorities, leave);
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
    else if (found.kind === 'password-line') leave(found.place, '', 'password');
    else if (found.kind === 'revocation-line') leave(found.place, '', 'revocation');
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

function findingsByPlace(imported: Imported): Map<string, Finding[]> {
  const byPlace = new Map<string, Finding[]>();
  for (const found of imported.findings) {
    if (found.kind !== 'lint') continue;
    byPlace.set(found.place, [...(byPlace.get(found.place) ?? []), found.finding]);
  }
  return byPlace;
}

/** Whoever issued the most of what is here, can sign and is not revoked. */
function mainOf(authorities: readonly PlannedAuthority[], leaves: readonly PlannedCertificate[]): PlannedAuthority | undefined {
  const count = (authority: PlannedAuthority) => leaves.filter(({ issuer }) => issuer === authority).length;
  return authorities
    .filter(({ key, state }) => key !== undefined && state === 'active')
    .toSorted((a, b) => count(b) - count(a))[0];
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
