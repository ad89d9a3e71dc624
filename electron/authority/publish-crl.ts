import { type IssuedCrl, nextCrlNumber, type RevokedCertificate } from '../pki/crl.ts';
import type { Issuer } from '../pki/issuer.ts';
import { buildLintedCrl } from '../pki/linted.ts';
import { readCrl } from '../pki/read-crl.ts';
import type { CrlRow } from '../vault/rows.ts';
import type { Log, VaultSession } from '../vault/session.ts';
import { openIssuer } from './issuer.ts';
import { authoritiesOf, brokerCertificate, brokerOf, issuingAuthority, latestCrl, projectById } from './lookup.ts';

const day = 86_400_000;
/** The revocation list outlives the broker's certificate by this, so that it is never the first to lock everyone out. */
export const crlGrace = 30 * day;

export interface PublishedCrl {
  readonly number: number;
  readonly nextUpdate: number;
  readonly entries: number;
}

/**
 * Signs and stores a new revocation list of one authority, with its audit entry.
 * `nextUpdate` (ms) defaults to 30 days after the end of the broker's certificate.
 * @throws AUTHORITY_NOT_FOUND, KEY_UNAVAILABLE, PROFILE_REFUSED, LINT_FAILED
 */
export function publishCrl(
  session: VaultSession,
  authorityId: number,
  options: { nextUpdate?: number } = {},
): Promise<PublishedCrl> {
  return session.inTurn(async () => {
    const issuer = openIssuer(session, authorityId);
    const authority = session.tables.authority.get(authorityId);
    const projectId = authority?.project_id ?? 0;
    const last = latestCrl(session, authorityId);
    const entries = revokedEntries(session, authorityId, last);
    const crl = await buildLintedCrl({
      issuer,
      entries,
      number: nextCrlNumber(last === undefined ? undefined : BigInt(last.number), new Date(session.now())),
      now: new Date(session.now()),
      nextUpdate: new Date(options.nextUpdate ?? defaultNextUpdate(session, projectId, issuer)),
    });
    return session.write((log) => storeCrl(session, log, { projectId, authorityId, crl, entries: entries.length }));
  });
}

/** A new list of every active authority of a project, each with the authority's name. @throws as `publishCrl` */
export async function publishCrls(session: VaultSession, projectId: number): Promise<(PublishedCrl & { authority: string })[]> {
  projectById(session, projectId);
  const published = [];
  for (const { id, name, state } of authoritiesOf(session, projectId)) {
    if (state === 'active') published.push({ authority: name, ...(await publishCrl(session, id)) });
  }
  return published;
}

/**
 * Publishes lists where a revoked certificate is on none yet: the last step of every act that revokes, and before an
 * export the way to make up for an act that was killed before its last step. Gives the number of the issuing
 * authority's list that is in force then.
 */
export async function completeCrls(session: VaultSession, projectId: number): Promise<number> {
  for (const { id } of authoritiesOf(session, projectId)) if (lacksEntries(session, id)) await publishCrl(session, id);
  return latestCrl(session, issuingAuthority(session, projectId).id)?.number ?? 0;
}

function lacksEntries(session: VaultSession, authorityId: number): boolean {
  const crl = latestCrl(session, authorityId);
  const revoked = session.tables.certificate.where(
    "issuer_id = ? AND status <> 'valid' AND not_after >= ?",
    authorityId,
    session.now(),
  );
  if (revoked.length === 0) return false;
  const listed = new Set(crl ? readCrl(crl.der).entries.map((entry) => entry.serial) : []);
  return revoked.some((row) => !listed.has(row.serial.toString('hex')));
}

/** Stores a revocation list with its audit entry. Only inside `session.write`. */
export function storeCrl(
  session: VaultSession,
  log: Log,
  { projectId, authorityId, crl, entries }: { projectId: number; authorityId: number; crl: IssuedCrl; entries: number },
): PublishedCrl {
  const number = Number(crl.number);
  const nextUpdate = crl.nextUpdate.getTime();
  session.tables.crl.insert({
    authority_id: authorityId,
    number,
    this_update: crl.thisUpdate.getTime(),
    next_update: nextUpdate,
    entries,
    der: crl.der,
    created_at: session.now(),
  });
  log('crl.publish', {
    projectId,
    subject: projectById(session, projectId).name,
    detail: { authority: authorityId, number, entries, nextUpdate: crl.nextUpdate.toISOString() },
  });
  return { number, nextUpdate, entries };
}

/**
 * What the next list contains: everything revoked, and what expired since the last list once more, so that whoever
 * reads only every list sees each entry (RFC 5280 §3.3).
 */
function revokedEntries(session: VaultSession, authorityId: number, last: CrlRow | undefined): RevokedCertificate[] {
  return session.tables.certificate
    .where("issuer_id = ? AND status <> 'valid' AND not_after >= ?", authorityId, last?.this_update ?? 0)
    .map((row) => ({
      serial: row.serial.toString('hex'),
      revokedAt: new Date(row.revoked_at ?? row.created_at),
      reason: row.revocation_reason ?? 'unspecified',
    }));
}

function defaultNextUpdate(session: VaultSession, projectId: number, issuer: Issuer): number {
  const broker = brokerOf(session, projectId);
  const ends = (broker && brokerCertificate(session, broker.id)?.not_after) ?? session.now() + 365 * day;
  return crlEnd(ends, issuer.certificate.notAfter.getTime(), session.now());
}

/** 30 days after the broker's certificate, at most the authority's own end, and never in the past. */
export function crlEnd(brokerEnds: number, authorityEnds: number, now: number): number {
  return Math.max(Math.min(brokerEnds + crlGrace, authorityEnds), now + day);
}
