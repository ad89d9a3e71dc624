import { usesCertificates } from '../../shared/rules/password.ts';
import { authorityById, brokerOf, chainOf } from '../authority/lookup.ts';
import { moveById } from '../authority/moves.ts';
import { subtreeOf } from '../authority/new-authority.ts';
import { holderSql } from '../authority/shared-certificate.ts';
import type { VaultSession } from '../vault/session.ts';
import { finished } from './export-state.ts';

export interface MoveProgress {
  readonly moveId: number;
  readonly oldAuthority: string;
  readonly newAuthority: string;
  readonly startedAt: number;
  readonly finishedAt: number | null;
  /** Devices that can connect today, or could once a hold is taken back, and that the move concerns. */
  readonly devices: number;
  /** Of these: a bundle that trusts the new authority was exported since; nothing of the old one is left to replace; both. */
  readonly trusting: number;
  readonly reissued: number;
  readonly moved: number;
}

/**
 * How far the fleet is. What was exported is known, what was carried to the device is not. Whoever is revoked, retired or
 * ended has nothing to move; who shares a certificate is as far as its holder, and has a bundle of its own. A device of another
 * authority needs the new trust only, and nothing where the root stays.
 * @throws MOVE_NOT_FOUND
 */
export function moveProgress(session: VaultSession, moveId: number): MoveProgress {
  const move = moveById(session, moveId);
  const kit = brokerOf(session, move.project_id)?.parsed.kit;
  const rootOf = (authorityId: number) => chainOf(session, authorityId).at(-1)?.id;
  const counted = session.database
    .prepare<object, { devices: number; trusting: number; reissued: number; moved: number }>(
      `WITH fresh (id) AS (SELECT value FROM json_each(:fresh)), old (id) AS (SELECT value FROM json_each(:old)),
         present AS (
           SELECT d.id, c.id AS certificate_id, c.issuer_id, c.issuer_id IN fresh AS fresh,
             c.issuer_id IS NULL OR (c.issuer_id NOT IN fresh AND c.issuer_id NOT IN old) AS elsewhere
           FROM device d JOIN certificate c ON c.id =
             (SELECT id FROM certificate
              WHERE device_id = ${holderSql('d.id')} AND status <> 'revoked' AND (not_after > :now OR NOT :certificates)
              ORDER BY status = 'valid' DESC, id DESC LIMIT 1)
           WHERE d.project_id = :project AND d.retired_at IS NULL
             AND coalesce((SELECT min(status = 'revoked') FROM certificate WHERE device_id = d.id), 0) = 0),
         member AS (
           SELECT id, certificate_id, fresh, elsewhere FROM present p
           WHERE NOT elsewhere OR (NOT :sameRoot AND (NOT :certificates
             OR NOT EXISTS (SELECT 1 FROM authority a WHERE a.id = p.issuer_id AND a.state <> 'active')))),
         given AS (
           SELECT i.device_id, max(i.certificate_id) AS certificate_id FROM export_item i
           WHERE i.basis IS NOT NULL AND i.export_id > :after AND ${finished('i.export_id')} GROUP BY i.device_id)
       SELECT count(*) AS devices, count(g.device_id) AS trusting, coalesce(sum(m.fresh OR m.elsewhere), 0) AS reissued,
         coalesce(sum(g.device_id IS NOT NULL AND (m.elsewhere OR (m.fresh AND g.certificate_id = m.certificate_id))), 0) AS moved
       FROM member m LEFT JOIN given g ON g.device_id = m.id`,
    )
    .get({
      fresh: JSON.stringify(subtreeOf(session, move.new_authority_id)),
      old: JSON.stringify(subtreeOf(session, move.old_authority_id)),
      now: session.now(),
      // where nobody is asked for a certificate an ended one keeps nobody out
      certificates: kit === undefined || usesCertificates(kit) ? 1 : 0,
      sameRoot: rootOf(move.old_authority_id) === rootOf(move.new_authority_id) ? 1 : 0,
      project: move.project_id,
      after: move.after_export_id,
    });
  return {
    moveId,
    oldAuthority: authorityById(session, move.old_authority_id).name,
    newAuthority: authorityById(session, move.new_authority_id).name,
    startedAt: move.started_at,
    finishedAt: move.finished_at,
    ...(counted ?? { devices: 0, trusting: 0, reissued: 0, moved: 0 }),
  };
}

/** All moves of a project, newest first. */
export function moveReports(session: VaultSession, projectId: number): MoveProgress[] {
  return session.tables.succession.where('project_id = ? ORDER BY id DESC', projectId).map(({ id }) => moveProgress(session, id));
}
