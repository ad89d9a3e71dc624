import type { CertificateKind } from '../../shared/model/certificate.ts';
import { crlDeadline } from '../../shared/rules/crl-deadline.ts';
import { nameText, readCertificate } from '../pki/read.ts';
import type { VaultSession } from '../vault/session.ts';
import { isForeign } from './broker-chain.ts';
import { deviceIndex, type Joined } from './device-index.ts';
import {
  authoritiesOf,
  authorityCertificate,
  brokerCertificate,
  brokerOf,
  hasKey,
  latestCrl,
  observerCertificate,
  outsideOf,
  projectById,
  warnDaysOf,
} from './lookup.ts';
import { weekStart } from './project-view.ts';

const day = 86_400_000;
const week = 7 * day;

/** Something that ends: a certificate, or a revocation list. */
export interface DueItem {
  readonly kind: CertificateKind | 'crl';
  readonly name: string;
  readonly deviceId: number | null;
  readonly certificateId: number | null;
  readonly notAfter: number;
  /** It has ended already. */
  readonly ended: boolean;
  /** The program renews it by itself. */
  readonly automatic: boolean;
  /** Its authority's key is kept elsewhere and has to be brought. */
  readonly offline: boolean;
  /** Name of the authority of somebody else that issued it and has to be asked again, of theirs its own; null = one of ours. */
  readonly outside: string | null;
}

export interface DueList {
  readonly withinDays: number;
  /** Authorities with their lists, broker and observer, soonest first. Lists from 60 days before their end on: see `crlDeadline`. */
  readonly own: readonly DueItem[];
  /** Soonest first, a page of them; `total` counts all. */
  readonly devices: { readonly total: number; readonly items: readonly DueItem[] };
  /** How many of everything in use end within 30, 60 and 90 days; what has ended counts everywhere. */
  readonly within: { readonly 30: number; readonly 60: number; readonly 90: number };
  /** The same by week, from this one on (start of week, ms, Monday UTC), as far as `withinDays`; weeks without are left out. */
  readonly weeks: readonly { readonly weekStart: number; readonly devices: number; readonly others: number }[];
}

export interface DueQuery {
  /** The project's own warning unless told. */
  readonly withinDays?: number | undefined;
  /** Of the devices; all of them unless told. */
  readonly offset?: number;
  readonly limit?: number;
}

/**
 * What ends within so many days: certificates in use (of a device the one it works with, revoked ones not) and revocation
 * lists. @throws PROJECT_NOT_FOUND
 */
export function dueList(session: VaultSession, projectId: number, query: DueQuery = {}): DueList {
  projectById(session, projectId);
  const now = session.now();
  const days = query.withinDays ?? warnDaysOf(session, projectId);
  const own = ownItems(session, projectId, now).sort(soonestFirst);
  const devices = deviceEnds(session, projectId);
  const ends = [...own.map(({ notAfter }) => notAfter), ...devices.map(({ notAfter }) => notAfter)];
  const until = (length: number) => ends.filter((end) => end <= now + length * day).length;
  const dueDevices = devices.filter(({ notAfter }) => notAfter <= now + days * day).sort(soonestFirst);
  const dueOwn = own.filter(
    ({ kind, notAfter }) => notAfter <= now + days * day || (kind === 'crl' && crlDeadline(notAfter, now) !== 'fine'),
  );
  const { offset = 0, limit = Number.POSITIVE_INFINITY } = query;
  const inTime = dueOwn.filter(({ notAfter }) => notAfter <= now + days * day);
  return {
    withinDays: days,
    own: dueOwn,
    devices: { total: dueDevices.length, items: dueDevices.slice(offset, offset + limit).map((each) => deviceItem(each, now)) },
    within: { 30: until(30), 60: until(60), 90: until(90) },
    weeks: byWeek(dueDevices, inTime, now),
  };
}

const soonestFirst = (a: { readonly notAfter: number }, b: { readonly notAfter: number }) => a.notAfter - b.notAfter;

interface DeviceEnd {
  readonly row: Joined;
  readonly notAfter: number;
}

/** Of every device in use; 100,000 of them, so nothing more is made of them than what is counted. */
function deviceEnds(session: VaultSession, projectId: number): DeviceEnd[] {
  return deviceIndex(session, projectId).flatMap(({ row, trusted }) =>
    row.not_after === null || row.status !== 'valid' || !trusted ? [] : [{ row, notAfter: row.not_after }],
  );
}

function deviceItem({ row: { id, deviceId, certificateId }, notAfter }: DeviceEnd, now: number): DueItem {
  return {
    kind: 'device',
    name: id,
    deviceId,
    certificateId,
    notAfter,
    ended: notAfter <= now,
    automatic: false,
    offline: false,
    outside: null,
  };
}

/** Authorities in use with their lists, the broker and the observer. */
function ownItems(session: VaultSession, projectId: number, now: number): DueItem[] {
  const item = (kind: DueItem['kind'], name: string, notAfter: number, certificateId: number | null): DueItem => ({
    kind,
    name,
    deviceId: null,
    certificateId,
    notAfter,
    ended: notAfter <= now,
    automatic: kind === 'observer',
    offline: false,
    outside: null,
  });
  const outside = outsideOf(session, projectId);
  const broker = brokerOf(session, projectId);
  const brokerRow = broker && brokerCertificate(session, broker.id);
  const observer = observerCertificate(session, projectId);
  const authorities = authoritiesOf(session, projectId).filter(({ state }) => state === 'active');
  return [
    ...authorities.flatMap((authority) => {
      const { id, not_after: ends } = authorityCertificate(session, authority.id);
      const crl = latestCrl(session, authority.id);
      const parent = authorities.find(({ id: other }) => other === authority.parent_id) ?? authority;
      const kind = authority.parent_id === null ? 'root' : 'site';
      const theirs = outside.has(parent.id);
      return [
        {
          ...item(kind, authority.name, ends, id),
          offline: !theirs && !hasKey(session, parent),
          outside: theirs ? (outside.has(authority.id) ? authority.name : parent.name) : null,
        },
        // nobody can renew the list of an authority that is over, and nobody needs it
        ...(crl && ends > now
          ? [{ ...item('crl', authority.name, crl.next_update, null), offline: !hasKey(session, authority) }]
          : []),
      ];
    }),
    ...[brokerRow, observer].flatMap((row) =>
      row
        ? [
            {
              ...item(row.kind as CertificateKind, row.common_name, row.not_after, row.id),
              outside: isForeign(row) ? nameText(readCertificate(row.der).issuer) : null,
            },
          ]
        : [],
    ),
  ];
}

/** What has ended counts for this week: it is the first thing to do. */
function byWeek(devices: readonly DeviceEnd[], others: readonly DueItem[], now: number): DueList['weeks'] {
  const first = weekStart(now);
  const weeks = new Map<number, { devices: number; others: number }>();
  const count = (notAfter: number, which: 'devices' | 'others') => {
    const start = first + Math.max(0, Math.floor((notAfter - first) / week)) * week;
    const slot = weeks.get(start) ?? { devices: 0, others: 0 };
    slot[which]++;
    weeks.set(start, slot);
  };
  for (const { notAfter } of devices) count(notAfter, 'devices');
  for (const { notAfter } of others) count(notAfter, 'others');
  return [...weeks].sort(([a], [b]) => a - b).map(([start, counts]) => ({ weekStart: start, ...counts }));
}
