import type { CallOutput } from '../../shared/contract.ts';
import { credentialsByOwner, passwordState } from '../authority/credentials.ts';
import { brokerOf, projectById } from '../authority/lookup.ts';
import type { CredentialRow } from '../vault/rows.ts';
import type { VaultSession } from '../vault/session.ts';
import { finished } from './export-state.ts';
import { membersOf } from './project-files.ts';

/** How the devices of a project stand with their passwords. @throws PROJECT_NOT_FOUND */
export function passwordsView(session: VaultSession, projectId: number): CallOutput<'password.show'> {
  projectById(session, projectId);
  const identity = brokerOf(session, projectId)?.parsed.kit.identity ?? 'certificate';
  const known = credentialsByOwner(session, projectId);
  const members = membersOf(session, projectId).map(({ id, name }) => ({ id, name, rows: known.get(id) ?? [] }));
  const count = (state: string) => members.filter(({ rows }) => passwordState(rows) === state).length;
  return {
    identity,
    none: count('none'),
    one: count('one'),
    changing: members.flatMap(({ id, name, rows }) => changingOf(session, id, name, rows)),
    observer: known.has(0),
  };
}

function changingOf(
  session: VaultSession,
  deviceId: number,
  id: string,
  rows: readonly CredentialRow[],
): CallOutput<'password.show'>['changing'] {
  const current = rows.find(({ state }) => state === 'current');
  const leaving = rows.find(({ state }) => state === 'leaving');
  if (!current || !leaving) return [];
  const exported = session.database
    .prepare<[number, number], number>(
      `SELECT 1 FROM export_item i JOIN export e ON e.id = i.export_id
       WHERE i.device_id = ? AND i.basis IS NOT NULL AND e.at >= ? AND ${finished('i.export_id')} LIMIT 1`,
    )
    .pluck()
    .get(deviceId, current.created_at);
  return [{ deviceId, id, user: current.user, before: leaving.user, since: current.created_at, exported: exported === 1 }];
}
