import { FieldkeyError } from '../../shared/errors.ts';
import type { PasswordState } from '../../shared/model/password.ts';
import type { CredentialRow } from '../vault/rows.ts';
import type { PasswordSecret, VaultSession } from '../vault/session.ts';

/** User names and passwords as they are stored; who makes and ends them is jobs/passwords.ts. */

/** A user name with its password. */
export interface Login {
  readonly username: string;
  readonly password: string;
}

/** What a device (null = the observer) is known by: what its bundle holds, and what is still taken besides. */
export function credentialsOf(session: VaultSession, projectId: number, deviceId: number | null): CredentialRow[] {
  return session.tables.credential.where(
    "project_id = ? AND device_id IS ? AND state <> 'ended' ORDER BY state = 'leaving', id",
    projectId,
    deviceId,
  );
}

/** The same of everybody: the current one and the leaving one by device, 0 = the observer. */
export function credentialsByOwner(session: VaultSession, projectId: number): Map<number, CredentialRow[]> {
  const found = new Map<number, CredentialRow[]>();
  const rows = session.tables.credential.where("project_id = ? AND state <> 'ended' ORDER BY state = 'leaving', id", projectId);
  for (const row of rows) found.set(row.device_id ?? 0, [...(found.get(row.device_id ?? 0) ?? []), row]);
  return found;
}

/** How it stands with these credentials of one owner. */
export function passwordState(rows: readonly CredentialRow[]): PasswordState {
  if (rows.length === 0) return 'none';
  return rows.some(({ state }) => state === 'leaving') ? 'changing' : 'one';
}

/**
 * The user name and password that a device's bundle holds, or that the tester uses as the observer; undefined where there is
 * none, or only its hash is known.
 */
export function currentLogin(session: VaultSession, projectId: number, deviceId: number | null): Login | undefined {
  const row = credentialsOf(session, projectId, deviceId).find(({ state }) => state === 'current');
  if (!row) return undefined;
  const { password } = session.openCredential(row);
  return password === null ? undefined : { username: row.user, password };
}

/** A user name that the broker takes with a password. */
export interface PasswordUser {
  readonly user: string;
  /** Id and role of the device; null = the observer. */
  readonly device: { readonly id: string; readonly role: string } | null;
}

/** One that the broker's password file names. */
export interface BrokerUser extends PasswordUser, PasswordSecret {}

/** Everybody whom the broker takes by password. @throws VAULT_TAMPERED, VAULT_LOCKED */
export function brokerUsers(session: VaultSession, projectId: number): BrokerUser[] {
  return userRows(session, projectId).map(({ row, ...user }) => ({ ...user, ...session.openCredential(row) }));
}

/** The same, without their passwords. @throws VAULT_TAMPERED, VAULT_LOCKED */
export function passwordUsers(session: VaultSession, projectId: number): PasswordUser[] {
  return userRows(session, projectId).map(({ user, device }) => ({ user, device }));
}

type UserRow = PasswordUser & { readonly row: CredentialRow };

/**
 * A device whose certificate was revoked or put on hold is left out, because with its password alone it would still be somebody.
 */
function userRows(session: VaultSession, projectId: number): UserRow[] {
  const out = barredSince(session, projectId);
  return session.tables.credential
    .where("project_id = ? AND state <> 'ended' ORDER BY user", projectId)
    .flatMap((row): UserRow[] => {
      if (row.device_id === null) return [{ user: row.user, device: null, row }];
      const device = session.tables.device.get(row.device_id);
      if (!device) throw new FieldkeyError('VAULT_TAMPERED', { table: 'credential', row: row.id });
      if (device.retired_at !== null || out.has(device.id)) return [];
      return [{ user: row.user, device: { id: device.name, role: device.role }, row }];
    });
}

/**
 * Devices that have certificates and none of them is valid any more, neither of their own nor the one that they share, with the time
 * (ms) from which their last one is refused. Who shares one is out with its own as well: that is how it is revoked alone.
 */
export function barredSince(session: VaultSession, projectId: number): Map<number, number> {
  const own = session.database
    .prepare<[number], { id: number; at: number }>(
      `SELECT d.id AS id, coalesce(max(c.revoked_at), 0) AS at FROM device d JOIN certificate c
         ON c.device_id IN (d.id, (SELECT holder_id FROM shared_certificate s WHERE s.device_id = d.id))
       WHERE d.project_id = ? GROUP BY d.id, c.device_id HAVING sum(c.status = 'valid') = 0`,
    )
    .all(projectId);
  return new Map(own.map(({ id, at }) => [id, at]));
}
