import { FieldkeyError } from '../../shared/errors.ts';
import type { VaultSession } from '../vault/session.ts';
import { authorityById, isOutside } from './lookup.ts';
import { requireActive } from './new-authority.ts';
import { changeSettings } from './project-settings.ts';

/**
 * Chooses who issues for devices and for the broker; null = the active authority farthest from the root.
 * @throws AUTHORITY_NOT_FOUND, also for one of another project; AUTHORITY_NOT_ACTIVE, AUTHORITY_OUTSIDE
 */
export function chooseIssuers(
  session: VaultSession,
  projectId: number,
  issuers: { readonly devices: number | null; readonly broker: number | null },
): void {
  for (const id of [issuers.devices, issuers.broker]) {
    if (id === null) continue;
    const authority = authorityById(session, id);
    if (authority.project_id !== projectId) throw new FieldkeyError('AUTHORITY_NOT_FOUND', { authority: String(id) });
    requireActive(authority);
    if (isOutside(session, authority)) throw new FieldkeyError('AUTHORITY_OUTSIDE', { authority: authority.name });
  }
  session.write((log) =>
    changeSettings(session, log, projectId, {
      deviceIssuer: issuers.devices ?? undefined,
      brokerIssuer: issuers.broker ?? undefined,
    }),
  );
}
