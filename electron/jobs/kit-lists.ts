import { authoritiesTold } from '../authority/broker-trust.ts';
import { authoritiesOf, chainOf, latestCrl, outsideOf } from '../authority/lookup.ts';
import type { KitList, LeftOutList } from '../broker/host/kit-lists.ts';
import { nameHash } from '../pki/name-hash.ts';
import { crlPem } from '../pki/pem.ts';
import { type CrlInfo, readCrl } from '../pki/read-crl.ts';
import type { AuthorityRow, CrlRow } from '../vault/rows.ts';
import type { VaultSession } from '../vault/session.ts';

/** The revocation lists of a kit. */
export interface ListsOfKit {
  readonly lists: readonly KitList[];
  /** Those that earlier kits may have had and that are left out on purpose. */
  readonly leftOut: readonly LeftOutList[];
  /** Somebody else's authority stands above one of ours; we have none of its lists. */
  readonly outsideAbove: boolean;
  /** ms; when the first of `lists` ends that the broker needs. */
  readonly firstEnd: number;
}

/**
 * The newest list of each authority in use that has not ended. Of the others the list is left out on purpose, see broker-trust.ts; one
 * that has ended may be renewed, and then its list comes back.
 *
 * `wholeChain`: the broker looks up all of a chain, as RabbitMQ does with `{crl_check, true}`; Mosquitto looks up the leaf only
 * (brokers.md, measured), and so needs no list of an authority that certifies nobody who connects.
 */
export function listsOfKit(session: VaultSession, projectId: number, wholeChain: (outsideAbove: boolean) => boolean): ListsOfKit {
  const authorities = authoritiesOf(session, projectId);
  const outside = outsideOf(session, projectId);
  const inUse = authoritiesTold(session, projectId);
  const chains = new Map(inUse.map(({ id }) => [id, chainOf(session, id).map((each) => each.id)]));
  const outsideAbove = inUse.some(({ id }) => !outside.has(id) && chains.get(id)?.some((above) => outside.has(above)));
  const whole = wholeChain(outsideAbove);
  const certifying = new Set(certifiers(session, projectId).flatMap((id) => (whole ? (chains.get(id) ?? [id]) : [id])));
  const published = (those: readonly AuthorityRow[]) =>
    those.flatMap((authority): [AuthorityRow, CrlRow][] => {
      const crl = latestCrl(session, authority.id);
      return crl ? [[authority, crl]] : [];
    });
  const lists = published(inUse).map(([authority, crl]) => kitList(authority, crl, certifying.has(authority.id)));
  const has = new Set(lists.map(issuerKey));
  const told = new Set(inUse.map(({ id }) => id));
  const leftOut = published(authorities.filter(({ id }) => !told.has(id)))
    .map(([authority, crl]): LeftOutList => {
      const info = readCrl(crl.der);
      return { ...issuerOf(authority, info), number: authority.state === 'active' ? (info.number ?? null) : null };
    })
    .filter((each) => !has.has(issuerKey(each)));
  const ends = lists.filter(({ needed }) => needed).map(({ nextUpdate }) => nextUpdate ?? Number.POSITIVE_INFINITY);
  return { lists, leftOut, outsideAbove, firstEnd: Math.min(...ends) };
}

/** Authorities of which somebody has a certificate with which he could connect now. */
function certifiers(session: VaultSession, projectId: number): number[] {
  return session.database
    .prepare<[number, number], number>(
      `SELECT DISTINCT issuer_id FROM certificate WHERE project_id = ? AND kind IN ('device', 'observer')
         AND status = 'valid' AND not_after > ? AND issuer_id IS NOT NULL`,
    )
    .pluck()
    .all(projectId, session.now());
}

function kitList(authority: AuthorityRow, { der, next_update: nextUpdate }: CrlRow, needed: boolean): KitList {
  const crl = readCrl(der);
  return { pem: crlPem(der), ...issuerOf(authority, crl), number: crl.number ?? null, nextUpdate, needed };
}

function issuerOf({ name }: AuthorityRow, { issuerDer, authorityKeyIdentifier }: CrlInfo) {
  return {
    issuer: name,
    issuerHash: nameHash(issuerDer),
    keyId: authorityKeyIdentifier?.toString('hex') ?? null,
  };
}

const issuerKey = ({ issuerHash, keyId }: { readonly issuerHash: string; readonly keyId: string | null }) =>
  `${issuerHash}-${keyId}`;
