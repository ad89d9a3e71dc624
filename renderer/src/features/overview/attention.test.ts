import { expect, test } from 'vitest';
import type { CertificateSummary } from '../../../../shared/model/certificate.ts';
import { standardKit } from '../../../../shared/model/kit.ts';
import type { ProjectOverview } from '../../../../shared/model/project.ts';
import { attentionOf } from './attention.ts';

const day = 86_400_000;
const now = Date.UTC(2026, 10, 21);

function certificate(days: number, state: CertificateSummary['state'] = 'valid'): CertificateSummary {
  const notAfter = now + days * day;
  return {
    id: 1,
    kind: 'root',
    state,
    serial: '01',
    commonName: 'Lab',
    notBefore: now - 100 * day,
    notAfter,
    renewFrom: notAfter - 30 * day,
    revokedAt: null,
    issuerId: 1,
    issuedAt: 0,
    revocationReason: null,
  };
}

const broker = {
  names: [],
  addresses: [],
  port: 8883,
  target: 'mosquitto-2.0',
  directory: '/',
  data: '/',
  log: '/',
  days: 397,
  kit: standardKit,
  origin: { awaits: null },
} as const;

function overview(change: Partial<ProjectOverview> = {}, crlDays = 100): ProjectOverview {
  return {
    projectId: 1,
    name: 'lab',
    createdAt: now,
    devices: 3,
    subject: {},
    fleet: { valid: 3, due: 0, expired: 0, hold: 0, revoked: 1, awaiting: 0 },
    authorities: [
      {
        authorityId: 1,
        name: 'Lab Root',
        parentId: null,
        outside: false,
        certificate: certificate(3_000),
        crl: { number: 1, thisUpdate: now, nextUpdate: now + crlDays * day, entries: 0, pending: 0 },
      },
    ],
    broker: { ...broker, certificate: certificate(200) },
    access: [],
    exceptions: [],
    roleCounts: {},
    observer: certificate(200),
    lastBackup: now - 5 * day,
    warnDays: 30,
    expiryWeeks: [],
    ...change,
  };
}

const kinds = (of: ProjectOverview) => attentionOf(of, now).map(({ kind, tone }) => `${kind} ${tone}`);

test('the observer is renewed when it is used: it needs somebody only when it is over', () => {
  expect(kinds(overview({ observer: certificate(20) }))).toEqual([]);
  expect(kinds(overview({ observer: certificate(-1) }))).toEqual(['observerOver due']);
});

test('a healthy project needs nobody, revoked devices included', () => {
  expect(kinds(overview())).toEqual([]);
});

test.each([
  [61, []],
  [60, ['crlSoon due']],
  [15, ['crlSoon due']],
  [14, ['crlSoon bad']],
  [-1, ['crlOver bad']],
])('a revocation list with %i days left', (days, expected) => {
  expect(kinds(overview({}, days))).toEqual(expected);
});

test('the broker is judged by the clock, not by what main said when it was asked', () => {
  expect(kinds(overview({ broker: { ...broker, certificate: certificate(29) } }))).toEqual(['brokerDue due']);
  expect(kinds(overview({ broker: { ...broker, certificate: certificate(-1) } }))).toEqual(['brokerOver bad']);
  expect(kinds(overview({ broker: { ...broker, certificate: null } }))).toEqual(['brokerNone bad']);
  // somebody else makes the key: that is waited for, and nothing is broken
  const awaited = { ...broker, certificate: null, origin: { awaits: 'request' as const } };
  expect(kinds(overview({ broker: awaited }))).toEqual(['brokerAwaited wait']);
});

test('the most urgent comes first', () => {
  const fleet = { valid: 1, due: 2, expired: 3, hold: 1, revoked: 0, awaiting: 4 };
  const expiryWeeks = [
    { weekStart: now, count: 0 },
    { weekStart: now + 7 * day, count: 2 },
  ];
  const all = attentionOf(overview({ fleet, expiryWeeks }, 20), now);
  expect(all.map((item) => item.kind)).toEqual(['expired', 'crlSoon', 'due', 'awaiting']);
  expect(all[2]).toMatchObject({ count: 2, firstWeek: now + 7 * day });
});

test('a vault that was never backed up, or not for a month, is a task; on its first day it is not', () => {
  const kinds = (change: Partial<ProjectOverview>) => attentionOf(overview(change), now).map(({ kind }) => kind);
  expect(kinds({ lastBackup: null, createdAt: now - 3_600_000 })).toEqual([]);
  expect(kinds({ lastBackup: null, createdAt: now - 2 * day })).toEqual(['backupNever']);
  expect(kinds({ lastBackup: now - 29 * day })).toEqual([]);
  expect(kinds({ lastBackup: now - 31 * day })).toEqual(['backupOld']);
});

test('a revocation that waits for a key is the first thing to do', () => {
  const [authority] = overview().authorities;
  if (!authority?.crl) throw new Error('no list');
  const waiting = { ...authority, crl: { ...authority.crl, pending: 2 } };
  expect(attentionOf(overview({ authorities: [waiting] }), now)[0]).toEqual({
    kind: 'crlWaiting',
    tone: 'bad',
    name: 'Lab Root',
    authorityId: 1,
  });
});
