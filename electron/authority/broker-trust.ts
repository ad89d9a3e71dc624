import type { AuthorityRow, CertificateRow, CrlRow } from '../vault/rows.ts';
import type { VaultSession } from '../vault/session.ts';
import { authoritiesOf, hasEnded, latestCrl, trustOf } from './lookup.ts';

/**
 * What a broker judges clients by: the authorities that it trusts, and the newest list of each. Of an authority that is out of use
 * both are left out on purpose (see retireAuthority), and of one that has ended: whoever is below it has ended as well, and its list,
 * which nobody can renew, would be the one that refuses everybody. Where all have ended everything stays as it was.
 */
export function clientTrust(session: VaultSession, projectId: number): { ca: CertificateRow[]; lists: CrlRow[] } {
  const trusted = trustOf(session, projectId, 'clients');
  const valid = trusted.filter(({ not_after: ends }) => ends > session.now());
  return {
    ca: valid.length > 0 ? valid : trusted,
    lists: authoritiesTold(session, projectId).flatMap(({ id }) => latestCrl(session, id) ?? []),
  };
}

/** The authorities whose lists a broker gets, roots first. */
export function authoritiesTold(session: VaultSession, projectId: number): AuthorityRow[] {
  const inUse = authoritiesOf(session, projectId).filter(({ state }) => state === 'active');
  const living = inUse.filter((authority) => !hasEnded(session, authority));
  return living.length > 0 ? living : inUse;
}
