import type { AuthorityState } from '../../shared/model/authority.ts';
import { crlDeadline } from '../../shared/rules/crl-deadline.ts';
import type { VaultSession } from '../vault/session.ts';
import { authoritiesOf, hasKey, issuingAuthority, judgingOf, latestCrl, outsideOf, projectById, settingsOf } from './lookup.ts';
import { pendingOf } from './publish-crl.ts';
import { certificateSummary } from './summaries.ts';

/** All authorities of a project, roots first, with what they issue and how their list stands. @throws PROJECT_NOT_FOUND */
export function authorityViews(session: VaultSession, projectId: number, now: number) {
  projectById(session, projectId);
  const [devices, broker] = (['devices', 'broker'] as const).map((purpose) => issuingAuthority(session, projectId, purpose).id);
  const imported = new Set(settingsOf(session, projectId).imported?.authorities);
  const issued = session.database
    .prepare<[number], number>('SELECT 1 FROM certificate WHERE issuer_id = ? AND device_id IS NOT NULL LIMIT 1')
    .pluck();
  const at = judgingOf(session, projectId, now);
  const outside = outsideOf(session, projectId);
  return authoritiesOf(session, projectId).map((authority) => {
    const crl = latestCrl(session, authority.id);
    const own = session.tables.certificate.where('authority_id = ? ORDER BY id DESC', authority.id);
    return {
      authorityId: authority.id,
      name: authority.name,
      parentId: authority.parent_id,
      state: authority.state as AuthorityState,
      keyHere: hasKey(session, authority),
      imported: imported.has(authority.id),
      outside: outside.has(authority.id),
      issuesDevices: authority.id === devices,
      issuesBroker: authority.id === broker,
      issuedDevices: issued.get(authority.id) === 1,
      certificates: own.map((row) => certificateSummary(row, at)),
      crl: crl
        ? {
            number: crl.number,
            thisUpdate: crl.this_update,
            nextUpdate: crl.next_update,
            entries: crl.entries,
            deadline: crlDeadline(crl.next_update, now),
            pending: pendingOf(session, authority.id),
          }
        : null,
    };
  });
}

/** The request of ours for an authority that waits for its answer. */
export function authorityRequestOf(session: VaultSession, projectId: number) {
  const pending = settingsOf(session, projectId).authorityRequest;
  return pending ? { at: pending.at, name: pending.name, authorityId: pending.authorityId ?? null } : null;
}
