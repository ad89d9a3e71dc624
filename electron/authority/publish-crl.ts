import { FieldkeyError } from '../../shared/errors.ts';
import type { RevocationReason } from '../../shared/model/certificate.ts';
import { problem } from '../../shared/problems.ts';
import { type IssuedCrl, nextCrlNumber, type RevokedCertificate } from '../pki/crl.ts';
import type { Issuer } from '../pki/issuer.ts';
import { buildLintedCrl } from '../pki/linted.ts';
import { type CrlInfo, readCrl } from '../pki/read-crl.ts';
import type { AuthorityRow, CrlRow } from '../vault/rows.ts';
import type { Log, VaultSession } from '../vault/session.ts';
import { isForeign } from './broker-chain.ts';
import { missingCanary, storeCanary } from './canaries.ts';
import { type HandedKey, openIssuer } from './issuer.ts';
import {
  authoritiesOf,
  authorityById,
  authorityCertificate,
  brokerCertificate,
  brokerOf,
  hasEnded,
  hasKey,
  isOutside,
  issuingAuthority,
  lastAuthorityCertificate,
  latestCrl,
  outsideOf,
  projectById,
} from './lookup.ts';

const day = 86_400_000;
/** The revocation list outlives the broker's certificate by this, so that it is never the first to lock everyone out. */
export const crlGrace = 30 * day;
/** No list lives shorter by itself: whoever revokes in a hurry shall not have to come back within days. */
export const crlLeast = 180 * day;

export interface PublishedCrl {
  readonly number: number;
  readonly nextUpdate: number;
  readonly entries: number;
}

export interface PublishOptions {
  /** Number of a list that is deployed and that this vault may not know of, because it was restored: the new one is above it. */
  readonly above?: number | undefined;
  /** ms; see `crlEnd` unless told. At least a day from now, at most the authority's own end. */
  readonly nextUpdate?: number | undefined;
  /** The authority's key, when it is not in the vault. */
  readonly handed?: HandedKey | undefined;
}

/**
 * Signs and stores a new revocation list of one authority, with its audit entry. An authority in use that has no canary gets one with it.
 * @throws AUTHORITY_NOT_FOUND, AUTHORITY_OFFLINE, INPUT_INVALID for a `nextUpdate` out of bounds, PROFILE_REFUSED, LINT_FAILED
 */
export function publishCrl(session: VaultSession, authorityId: number, options: PublishOptions = {}): Promise<PublishedCrl> {
  return session.inTurn(async () => {
    const issuer = openIssuer(session, authorityId, options.handed);
    const authority = authorityById(session, authorityId);
    const projectId = authority.project_id;
    const last = latestCrl(session, authorityId);
    const canary = await missingCanary(session, authority, issuer);
    const entries = revokedEntries(session, authorityId, last);
    if (canary)
      entries.push({ serial: canary.issued.serial, revokedAt: new Date(session.now()), reason: 'cessationOfOperation' });
    const nextUpdate = options.nextUpdate ?? defaultNextUpdate(session, projectId, issuer);
    if (options.nextUpdate !== undefined) requireWithin(options.nextUpdate, session.now(), issuer.certificate.notAfter.getTime());
    const crl = await buildLintedCrl({
      issuer,
      entries,
      number: nextCrlNumber(lastNumber(last, options.above), new Date(session.now())),
      now: new Date(session.now()),
      nextUpdate: new Date(nextUpdate),
    });
    return session.write((log) => {
      if (canary) storeCanary(session, log, projectId, authorityId, canary);
      return storeCrl(session, log, { projectId, authorityId, crl, entries: entries.length });
    });
  });
}

function requireWithin(nextUpdate: number, now: number, latest: number): void {
  if (nextUpdate >= now + day && nextUpdate <= latest) return;
  const text = (time: number) => new Date(time).toISOString().slice(0, 10);
  const params = { earliest: text(now + 2 * day), latest: text(latest) };
  throw new FieldkeyError('INPUT_INVALID', { problems: [problem('date-range', params, 'nextUpdate')] });
}

export interface PublishedCrls {
  readonly published: (PublishedCrl & { authority: string })[];
  /** Names of authorities whose list stays as it is, because their key is kept elsewhere. */
  readonly offline: string[];
  /** Names of authorities that have ended: their lists can neither be made nor be missed. */
  readonly ended: string[];
}

/** `above`: the number of a list that is deployed and that this vault may not know of, because it was restored. */
function lastNumber(last: CrlRow | undefined, above: number | undefined): bigint | undefined {
  if (last === undefined && above === undefined) return undefined;
  return BigInt(Math.max(last?.number ?? 0, above ?? 0));
}

/**
 * A new list of every authority of a project that is in use and has not ended, each with the authority's name.
 * @throws as `publishCrl`; INPUT_INVALID before anything is published
 */
export async function publishCrls(
  session: VaultSession,
  projectId: number,
  options: PublishOptions = {},
): Promise<PublishedCrls> {
  projectById(session, projectId);
  const published = [];
  const outside = outsideOf(session, projectId);
  const ours = authoritiesOf(session, projectId).filter(({ id, state }) => state === 'active' && !outside.has(id));
  const ended = ours.filter((authority) => hasEnded(session, authority)).map(({ name }) => name);
  const living = ours.filter(({ name }) => !ended.includes(name));
  const signing = living.filter((authority) => canSign(session, authority, options.handed));
  if (options.nextUpdate !== undefined) {
    for (const { id } of signing) requireWithin(options.nextUpdate, session.now(), authorityCertificate(session, id).not_after);
  }
  for (const authority of signing)
    published.push({ authority: authority.name, ...(await publishCrl(session, authority.id, options)) });
  const offline = living.filter((authority) => !signing.includes(authority)).map(({ name }) => name);
  return { published, offline, ended };
}

/** Whether its last certificate has not ended: also of one that is out of use. */
function lives(session: VaultSession, { id }: AuthorityRow): boolean {
  return lastAuthorityCertificate(session, id).not_after > session.now();
}

function canSign(session: VaultSession, authority: AuthorityRow, handed?: HandedKey): boolean {
  return hasKey(session, authority) || handed?.authorityId === authority.id;
}

/**
 * Publishes lists where a revoked certificate is on none yet, or one on hold that was released still is on it: the last
 * step of every act that revokes, and before an export the way to make up for an act that was killed before its last step.
 * An authority whose key is kept elsewhere keeps its list (see `pendingOf`).
 */
export async function completeCrls(session: VaultSession, projectId: number, handed?: HandedKey): Promise<void> {
  for (const authority of authoritiesOf(session, projectId)) {
    const mayPublish = authority.state !== 'compromised' && lives(session, authority) && canSign(session, authority, handed);
    if (mayPublish && pendingOf(session, authority.id) > 0) await publishCrl(session, authority.id, { handed });
  }
}

/** Number and deadline (ms) of the issuing authority's list; zero when it has none. @throws AUTHORITY_NOT_FOUND */
export function listInForce(session: VaultSession, projectId: number): { crlNumber: number; crlNextUpdate: number } {
  const crl = latestCrl(session, issuingAuthority(session, projectId).id);
  return { crlNumber: crl?.number ?? 0, crlNextUpdate: crl?.next_update ?? 0 };
}

/**
 * How many certificates the authority's newest list does not tell the truth about: revoked since, or released since. What
 * another authority issued is on a list that is none of our business.
 */
export function pendingOf(session: VaultSession, authorityId: number): number {
  const authority = authorityById(session, authorityId);
  // whoever is below an authority that has ended is let in by nobody, with or without a list
  if (isOutside(session, authority) || !lives(session, authority)) return 0;
  const crl = latestCrl(session, authorityId);
  const listed = new Set(crl ? readCrl(crl.der).entries.map((entry) => entry.serial) : []);
  const revoked = session.database
    .prepare<[number, number], string>(
      "SELECT lower(hex(serial)) FROM certificate WHERE issuer_id = ? AND status <> 'valid' AND not_after >= ?",
    )
    .pluck()
    .all(authorityId, session.now());
  const missing = revoked.filter((serial) => !listed.delete(serial)).length;
  const status = session.database
    .prepare<[number, Buffer], string>('SELECT status FROM certificate WHERE issuer_id = ? AND serial = ?')
    .pluck();
  const onlyListed = new Set(
    session.tables.listedRevocation.where('authority_id = ?', authorityId).map((row) => row.serial.toString('hex')),
  );
  // what is left on the list was revoked elsewhere, has ended meanwhile, or was released
  const released = (serial: string) => !onlyListed.has(serial) && status.get(authorityId, Buffer.from(serial, 'hex')) === 'valid';
  return missing + [...listed].filter(released).length;
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
 * Stores a list that an authority has signed elsewhere, for one whose key is not here. Its signature is verified by then, and it
 * has a nextUpdate. Gives nothing when that number is stored already. Only inside `session.write`.
 */
export function storeForeignCrl(
  session: VaultSession,
  log: Log,
  { projectId, authorityId, crl }: { projectId: number; authorityId: number; crl: CrlInfo },
): PublishedCrl | undefined {
  const { der, thisUpdate, nextUpdate, entries } = crl;
  if (nextUpdate === undefined) return undefined;
  // not everybody numbers lists, and nobody's number is above what is counted exactly here
  const usable = crl.number !== undefined && crl.number > 0n && crl.number <= BigInt(Number.MAX_SAFE_INTEGER);
  const number = usable ? (crl.number as bigint) : BigInt(Math.floor(thisUpdate.getTime() / 1000));
  if (session.tables.crl.where('authority_id = ? AND number = ?', authorityId, Number(number)).length > 0) return undefined;
  return storeCrl(session, log, {
    projectId,
    authorityId,
    crl: { der, number, thisUpdate, nextUpdate },
    entries: entries.length,
  });
}

/**
 * What the next list contains: everything revoked, and what expired since the last list once more, so that whoever
 * reads only every list sees each entry (RFC 5280 §3.3).
 */
function revokedEntries(session: VaultSession, authorityId: number, last: CrlRow | undefined): RevokedCertificate[] {
  const listed = session.tables.listedRevocation.where('authority_id = ?', authorityId).map((row) => ({
    serial: row.serial.toString('hex'),
    revokedAt: new Date(row.revoked_at),
    reason: row.reason,
  }));
  const own = session.tables.certificate
    .where("issuer_id = ? AND status <> 'valid' AND not_after >= ?", authorityId, last?.this_update ?? 0)
    .map((row) => ({
      serial: row.serial.toString('hex'),
      revokedAt: new Date(row.revoked_at ?? row.created_at),
      reason: row.revocation_reason ?? 'unspecified',
    }));
  return eachSerialOnce([...own, ...listed]);
}

/** From the weakest; whoever may have the key is worth more than any other reason. A hold can be taken back. */
const strength: readonly RevocationReason[] = [
  'certificateHold',
  'unspecified',
  'cessationOfOperation',
  'superseded',
  'affiliationChanged',
  'keyCompromise',
  'cACompromise',
];

/**
 * A certificate that is revoked here may have been on an imported list as well. A list names each serial once, so the
 * earlier date and the stronger reason stay.
 */
export function eachSerialOnce(entries: readonly RevokedCertificate[]): RevokedCertificate[] {
  const bySerial = new Map<string, RevokedCertificate>();
  for (const entry of entries) {
    // a serial is a number, whatever zeros it begins with
    const number = entry.serial.replace(/^(?:00)+(?=..)/, '');
    const known = bySerial.get(number);
    bySerial.set(
      number,
      known
        ? {
            serial: known.serial,
            revokedAt: known.revokedAt <= entry.revokedAt ? known.revokedAt : entry.revokedAt,
            reason: strength.indexOf(known.reason) >= strength.indexOf(entry.reason) ? known.reason : entry.reason,
          }
        : entry,
    );
  }
  return [...bySerial.values()];
}

function defaultNextUpdate(session: VaultSession, projectId: number, issuer: Issuer): number {
  return crlEnd(brokerEnds(session, projectId), issuer.certificate.notAfter.getTime(), session.now());
}

/**
 * The end of the broker's certificate (ms), which lists shall outlive. A year from now where that says nothing: there is none, it has
 * ended, or somebody else renews it without telling us; of theirs only a longer life counts.
 */
export function brokerEnds(session: VaultSession, projectId: number): number {
  const broker = brokerOf(session, projectId);
  const certificate = broker && brokerCertificate(session, broker.id);
  const year = session.now() + 365 * day;
  if (!certificate || certificate.not_after <= session.now()) return year;
  return isForeign(certificate) ? Math.max(certificate.not_after, year) : certificate.not_after;
}

/**
 * When a new list ends: 30 days after the broker's certificate, half a year from now at the least, and never after the authority
 * itself, whose list nobody could renew then. All in ms.
 */
export function crlEnd(brokerEnds: number, authorityEnds: number, now: number): number {
  return Math.min(Math.max(brokerEnds + crlGrace, now + crlLeast), authorityEnds);
}
