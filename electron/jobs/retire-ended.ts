import { FieldkeyError } from '../../shared/errors.ts';
import { authorityById, hasEnded, livingAuthorities, outsideOf } from '../authority/lookup.ts';
import { openMoveOf } from '../authority/moves.ts';
import { requireActive, subtreeOf } from '../authority/new-authority.ts';
import { retireAuthority } from '../authority/retire-authority.ts';
import type { VaultSession } from '../vault/session.ts';

/**
 * Takes an authority that has ended out of use, with everything below it, which has ended as well. Nobody is locked out by it: whoever
 * is below it is refused already. Another authority of ours has to be there that issues.
 * @throws AUTHORITY_NOT_FOUND, AUTHORITY_NOT_ACTIVE, also while a fleet moves away from it; AUTHORITY_NEEDED
 */
export function retireEnded(session: VaultSession, authorityId: number): void {
  session.write((log) => {
    const authority = authorityById(session, authorityId);
    requireActive(authority);
    if (openMoveOf(session, authorityId))
      throw new FieldkeyError('AUTHORITY_NOT_ACTIVE', { authority: authority.name, state: 'replaced' });
    const outside = outsideOf(session, authority.project_id);
    const gone = new Set(subtreeOf(session, authorityId));
    const left = livingAuthorities(session, authority.project_id).filter(({ id }) => !gone.has(id) && !outside.has(id));
    if (!hasEnded(session, authority) || left.length === 0)
      throw new FieldkeyError('AUTHORITY_NEEDED', { authority: authority.name });
    retireAuthority(session, log, authority, 'retired');
  });
}
