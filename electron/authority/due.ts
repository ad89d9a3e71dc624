import type { CertificateKind } from '../../shared/model/certificate.ts';
import { isRefused } from '../../shared/rules/certificate-state.ts';
import { nameText, readCertificate } from '../pki/read.ts';
import type { VaultSession } from '../vault/session.ts';
import { isForeign } from './broker-chain.ts';
import { devicesOf } from './device-view.ts';
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
  settingsOf,
} from './lookup.ts';
import { weekStart } from './project-view.ts';

const day = 86_400_000;
const week = 7 * day;
const defaultWarning = 30;

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
  /** Name of the authority of somebody else that issued it and has to be asked again; null = one of ours. */
  readonly outside: string | null;
}

export interface DueList {
  readonly withinDays: number;
  /** Soonest first. */
  readonly items: readonly DueItem[];
  /** How many of everything in use end within 30, 60 and 90 days; what has ended counts everywhere. */
  readonly within: { readonly 30: number; readonly 60: number; readonly 90: number };
  /** The same by week, from this one on (start of week, ms, Monday UTC), as far as `withinDays`; weeks without are left out. */
  readonly weeks: readonly { readonly weekStart: number; readonly devices: number; readonly others: number }[];
}

/**
 * What ends within so many days (the project's own warning unless told): certificates in use (of a device the one it works
 * with, revoked ones not) and revocation lists. @throws PROJECT_NOT_FOUND
 */
export function dueList(session: VaultSession, projectId: number, withinDays?: number): DueList {
  projectById(session, projectId);
  const now = session.now();
  const days = withinDays ?? settingsOf(session, projectId).warnDays ?? defaultWarning;
  const all = [...ownItems(session, projectId, now), ...deviceItems(session, projectId, now)].sort(
    (a, b) => a.notAfter - b.notAfter,
  );
  const until = (length: number) => all.filter(({ notAfter }) => notAfter <= now + length * day);
  const items = until(days);
  return {
    withinDays: days,
    items,
    within: { 30: until(30).length, 60: until(60).length, 90: until(90).length },
    weeks: byWeek(items, now),
  };
}

function deviceItems(session: VaultSession, projectId: number, now: number): DueItem[] {
  return devicesOf(session, projectId, now).flatMap(({ deviceId, certificateId, id, state, notAfter, trusted }) =>
    notAfter === null || isRefused(state) || !trusted
      ? []
      : [
          {
            kind: 'device' as const,
            name: id,
            deviceId,
            certificateId,
            notAfter,
            ended: notAfter <= now,
            automatic: false,
            offline: false,
            outside: null,
          },
        ],
  );
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
          outside: theirs ? parent.name : null,
        },
        ...(crl ? [{ ...item('crl', authority.name, crl.next_update, null), offline: !hasKey(session, authority) }] : []),
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
function byWeek(items: readonly DueItem[], now: number): DueList['weeks'] {
  const first = weekStart(now);
  const weeks = new Map<number, { devices: number; others: number }>();
  for (const { kind, notAfter } of items) {
    const start = first + Math.max(0, Math.floor((notAfter - first) / week)) * week;
    const slot = weeks.get(start) ?? { devices: 0, others: 0 };
    slot[kind === 'device' ? 'devices' : 'others']++;
    weeks.set(start, slot);
  }
  return [...weeks].sort(([a], [b]) => a - b).map(([start, counts]) => ({ weekStart: start, ...counts }));
}
