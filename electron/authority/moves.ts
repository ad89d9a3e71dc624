import { FieldkeyError } from '../../shared/errors.ts';
import type { JobControl } from '../../shared/model/job.ts';
import type { KeyAlgorithm } from '../../shared/model/key.ts';
import { movesText } from '../vault/compare-tables.ts';
import type { AuthorityRow, SuccessionRow } from '../vault/rows.ts';
import type { Log, VaultSession } from '../vault/session.ts';
import type { HandedKey } from './issuer.ts';
import { openIssuer } from './issuer.ts';
import { authorityById, issuingAuthority, keyTypeOf, lastAuthorityCertificate, projectById, subjectOf } from './lookup.ts';
import {
  freeName,
  type NewAuthority,
  type PreparedAuthority,
  prepareAuthority,
  requireActive,
  storeAuthority,
  subtreeOf,
} from './new-authority.ts';
import { changeSettings } from './project-settings.ts';
import { brokerEnds } from './publish-crl.ts';
import { retireAuthority } from './retire-authority.ts';
import { revokeCertificate } from './revoke.ts';

/** Replacing an authority by another one while the fleet moves from the one to the other: a *move*. */

export interface MoveOptions {
  /** Key type and years of the new authority; as those of the old one unless told. */
  readonly key?: KeyAlgorithm | undefined;
  readonly years?: number | undefined;
  /** Key of the authority above, for a site authority below a root that is kept offline. */
  readonly handed?: HandedKey | undefined;
}

/** The new authority, and below a new root a new site authority when the old root's fleet was issued by one. */
export interface PreparedMove {
  readonly old: AuthorityRow;
  readonly top: PreparedAuthority;
  readonly site: PreparedAuthority | null;
}

/** Makes what follows an authority in memory; nothing is stored. @throws AUTHORITY_NOT_ACTIVE, AUTHORITY_OFFLINE, PROFILE_REFUSED */
export async function prepareMove(session: VaultSession, authorityId: number, options: MoveOptions = {}): Promise<PreparedMove> {
  const old = authorityById(session, authorityId);
  requireActive(old);
  const projectId = old.project_id;
  const issuing = issuingAuthority(session, projectId);
  const common = {
    subject: subjectOf(projectById(session, projectId)),
    now: new Date(session.now()),
    brokerEnds: brokerEnds(session, projectId),
  };
  const like = (authority: AuthorityRow): NewAuthority => ({
    name: freeName(session, projectId, authority.name),
    key: options.key ?? keyTypeOf(session, projectId),
    years: options.years ?? yearsOf(session, authority),
  });
  const parent = old.parent_id === null ? null : openIssuer(session, old.parent_id, options.handed);
  const top = await prepareAuthority({ ...common, wanted: like(old), parent });
  const below = issuing.id !== old.id && subtreeOf(session, old.id).includes(issuing.id);
  // a site authority lives at most ten years (x509.md), also below a root of twenty
  const wanted = { ...like(issuing), years: Math.min(options.years ?? yearsOf(session, issuing), 10) };
  const site = below ? await prepareAuthority({ ...common, wanted, parent: top.issuer }) : null;
  return { old, top, site };
}

/**
 * Starts a move: the new authority is trusted beside the old one and issues for devices from now on; the broker keeps a
 * certificate of the old one until the move is finished, for devices that know only that. Gives the move's id.
 * @throws AUTHORITY_NOT_ACTIVE, also when the authority is being replaced already; AUTHORITY_OFFLINE, PROFILE_REFUSED,
 *   JOB_CANCELLED as long as nothing is stored
 */
export function startMove(
  session: VaultSession,
  authorityId: number,
  options: MoveOptions = {},
  control: JobControl = {},
): Promise<number> {
  return session.inTurn(async () => {
    const old = authorityById(session, authorityId);
    if (openMoveOf(session, authorityId)) {
      throw new FieldkeyError('AUTHORITY_NOT_ACTIVE', { authority: old.name, state: 'replaced' });
    }
    control.onProgress?.({ step: 'keys', done: 0, total: 1 });
    const { top, site } = await prepareMove(session, authorityId, options);
    // until here nothing is stored
    if (control.signal?.aborted) throw new FieldkeyError('JOB_CANCELLED', { done: 0, total: 1 });
    const projectId = old.project_id;
    const brokerIssuer = issuingAuthority(session, projectId, 'broker').id;
    return session.write((log) => {
      const newId = storeAuthority(session, log, projectId, old.parent_id, top);
      const deviceIssuer = site ? storeAuthority(session, log, projectId, newId, site) : newId;
      changeSettings(session, log, projectId, { deviceIssuer, brokerIssuer });
      const moveId = recordMove(session, log, old, newId);
      control.onProgress?.({ step: 'keys', done: 1, total: 1 });
      return moveId;
    });
  });
}

/** Notes that a fleet moves from one authority to another one, which is there. Only inside `session.write`. Gives the move's id. */
export function recordMove(session: VaultSession, log: Log, old: AuthorityRow, newId: number): number {
  const moveId = session.tables.succession.insert({
    project_id: old.project_id,
    old_authority_id: old.id,
    new_authority_id: newId,
    after_export_id: Number(session.database.prepare('SELECT coalesce(max(id), 0) FROM export').pluck().get()),
    started_at: session.now(),
    finished_at: null,
  });
  logMoves(session, log, old);
  return moveId;
}

/**
 * Ends a move in the vault: the old authority and everything below it is out of use, nobody is told to trust it any more.
 * Only inside `session.write`; what the broker and the observer need is done before (see electron/jobs/move-fleet.ts).
 */
export function closeMove(session: VaultSession, log: Log, move: SuccessionRow, state: 'retired' | 'compromised'): void {
  const old = authorityById(session, move.old_authority_id);
  session.tables.succession.update({ ...move, finished_at: session.now() });
  changeSettings(session, log, move.project_id, { deviceIssuer: undefined, brokerIssuer: undefined });
  // a root stands on no list; a site authority's certificate is revoked by the authority above
  if (state === 'compromised') {
    const own = session.tables.certificate.where("authority_id = ? AND kind = 'site' AND status <> 'revoked'", old.id);
    for (const row of own) revokeCertificate(session, log, row, 'cACompromise');
  }
  if (old.state === 'active') retireAuthority(session, log, old, state);
  logMoves(session, log, old);
}

function logMoves(session: VaultSession, log: Log, { name, project_id: projectId }: AuthorityRow): void {
  const moves = movesText(session, projectId);
  log('authority.replace', { projectId, subject: name, detail: { moves } });
  log('project.change', { projectId, subject: projectById(session, projectId).name, detail: { moves } });
}

/** The newest move of a project, or the one of this id. @throws MOVE_NOT_FOUND */
export function moveById(session: VaultSession, moveId: number): SuccessionRow {
  const row = session.tables.succession.get(moveId);
  if (!row) throw new FieldkeyError('MOVE_NOT_FOUND', { move: moveId });
  return row;
}

export function openMoveOf(session: VaultSession, authorityId: number): SuccessionRow | undefined {
  return session.tables.succession.where('old_authority_id = ? AND finished_at IS NULL', authorityId)[0];
}

export function openMoves(session: VaultSession, projectId: number): SuccessionRow[] {
  return session.tables.succession.where('project_id = ? AND finished_at IS NULL ORDER BY id', projectId);
}

function yearsOf(session: VaultSession, authority: AuthorityRow): number {
  const { not_before: from, not_after: to } = lastAuthorityCertificate(session, authority.id);
  return Math.max(1, Math.round((to - from) / (365.2425 * 86_400_000)));
}
