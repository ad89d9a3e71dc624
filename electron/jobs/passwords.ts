import { randomBytes } from 'node:crypto';
import { FieldkeyError } from '../../shared/errors.ts';
import { softwareOf } from '../../shared/model/broker.ts';
import type { JobControl } from '../../shared/model/job.ts';
import type { PasswordSource } from '../../shared/model/password.ts';
import { checkPassword, otherUserName, usesPasswords } from '../../shared/rules/password.ts';
import { inChunks } from '../authority/chunks.ts';
import { credentialsByOwner, credentialsOf } from '../authority/credentials.ts';
import { brokerOf, observerName, projectById } from '../authority/lookup.ts';
import { newSalt, pbkdf2Hash } from '../broker/mosquitto/password-hash.ts';
import type { CredentialRow } from '../vault/rows.ts';
import type { Log, PasswordSecret, VaultSession } from '../vault/session.ts';

/** 24 random bytes are 32 characters of base64, without padding (product S3.2). */
const randomLength = 24;

export interface PasswordRequest {
  /** Devices that get a new password. */
  readonly deviceIds: readonly number[];
  /** The observer gets one as well. */
  readonly observer?: boolean | undefined;
  /** What a person thought of; only for a single one. Otherwise random. */
  readonly typed?: string | undefined;
  /**
   * Whether the password before goes on until `finishPasswords`: the broker then takes both, the new one under the device's
   * other user name. Without it the old one is over as soon as the broker has the new file.
   */
  readonly overlap: boolean;
}

/** A password that was just made: the only moment at which it is handed out in words. */
export interface MadePassword {
  readonly id: string;
  readonly user: string;
  readonly password: string;
}

interface Owner {
  /** Null = the observer. */
  readonly deviceId: number | null;
  readonly name: string;
}

/**
 * Gives passwords to devices, each with its audit entry, a chunk of them in one transaction.
 * @throws INPUT_INVALID for a typed one that the rules refuse; PASSWORD_CHANGING for devices that are in the middle of a
 * change; DEVICE_NOT_FOUND, JOB_CANCELLED
 */
export async function makePasswords(
  session: VaultSession,
  projectId: number,
  request: PasswordRequest,
  control: JobControl = {},
): Promise<MadePassword[]> {
  const { typed, overlap } = request;
  const owners = ownersOf(session, projectId, request);
  if (typed !== undefined) {
    if (owners.length !== 1) throw new FieldkeyError('INTERNAL', { detail: 'one typed password for several' });
    const problems = checkPassword(typed).map((each) => ({ ...each, path: 'typed' }));
    if (problems.length > 0) throw new FieldkeyError('INPUT_INVALID', { problems });
  }
  const known = credentialsByOwner(session, projectId);
  const changing = owners.filter(({ deviceId }) => known.get(deviceId ?? 0)?.some(({ state }) => state === 'leaving'));
  // the broker takes two user names of a device, not three
  if (overlap && changing.length > 0)
    throw new FieldkeyError('PASSWORD_CHANGING', { devices: changing.map(({ name }) => name).slice(0, 100) });
  const made: MadePassword[] = [];
  await inChunks(owners, control, (chunk) =>
    session.inTurn(async () => {
      const prepared = await Promise.all(chunk.map(async (owner) => ({ owner, secret: await secretOf(typed) })));
      session.write((log) => {
        for (const { owner, secret } of prepared) {
          const source = typed === undefined ? 'generated' : 'typed';
          // the tester changes with the broker's file, so the observer needs no second name
          const beside = overlap && owner.deviceId !== null;
          const user = store(session, log, projectId, owner, { secret, source, overlap: beside });
          made.push({ id: owner.name, user, password: secret.password });
        }
      });
      return prepared.length;
    }),
  );
  return made;
}

/**
 * Gives a password to everybody who has none, where the broker asks for them; gives how many. Runs wherever devices or the
 * way of telling them apart have changed, so that no kit ever locks somebody out who was forgotten.
 */
export async function completePasswords(session: VaultSession, projectId: number, control: JobControl = {}): Promise<number> {
  const broker = brokerOf(session, projectId)?.parsed;
  if (!broker || !usesPasswords(broker.kit)) return 0;
  const read = softwareOf(broker.target) === 'mosquitto' ? 0 : await beside(session, projectId, control);
  const missing = session.database
    .prepare<[number], number>(
      `SELECT id FROM device d WHERE project_id = ? AND retired_at IS NULL
         AND NOT EXISTS (SELECT 1 FROM credential c WHERE c.device_id = d.id AND c.state <> 'ended') ORDER BY id`,
    )
    .pluck()
    .all(projectId);
  const observer = credentialsOf(session, projectId, null).length === 0;
  if (missing.length === 0 && !observer) return read;
  return read + (await makePasswords(session, projectId, { deviceIds: missing, observer, overlap: false }, control)).length;
}

/**
 * Devices whose password came from a Mosquitto as a hash get one that another broker can be told, beside it: it goes on where
 * Mosquitto does. Gives how many.
 */
async function beside(session: VaultSession, projectId: number, control: JobControl): Promise<number> {
  const known = credentialsByOwner(session, projectId);
  const deviceIds = [...known].flatMap(([id, rows]) =>
    id !== 0 && rows.every(({ source }) => source === 'imported') ? [id] : [],
  );
  const inUse = deviceIds.filter((id) => session.tables.device.get(id)?.retired_at === null);
  if (inUse.length === 0) return 0;
  return (await makePasswords(session, projectId, { deviceIds: inUse, overlap: true }, control)).length;
}

/** New passwords at once for devices whose old ones may be known to somebody; nothing where the broker asks for none. */
export async function replacePasswords(session: VaultSession, projectId: number, deviceIds: readonly number[]): Promise<void> {
  const kit = brokerOf(session, projectId)?.parsed.kit;
  if (kit && usesPasswords(kit)) await makePasswords(session, projectId, { deviceIds, overlap: false });
}

/**
 * Ends the time in which devices have two passwords: `new`, they have moved, and the old one is over; `old`, the new one never
 * reached them, and everything is as before. Devices that are not in the middle of a change are passed over. Gives the ids of
 * those that were ended.
 */
export function finishPasswords(
  session: VaultSession,
  projectId: number,
  deviceIds: readonly number[],
  keep: 'new' | 'old',
): string[] {
  const owners = ownersOf(session, projectId, { deviceIds });
  const finished: string[] = [];
  session.write((log) => {
    for (const { deviceId, name } of owners) {
      const rows = credentialsOf(session, projectId, deviceId);
      const leaving = rows.find(({ state }) => state === 'leaving');
      const current = rows.find(({ state }) => state === 'current');
      if (!leaving || !current) continue;
      if (keep === 'new') end(session, log, name, leaving);
      else {
        end(session, log, name, current, leaving.id);
        session.tables.credential.update({ ...leaving, state: 'current' });
      }
      finished.push(name);
    }
  });
  return finished;
}

/** Takes a user whose password is known only as a hash: from a broker's file. Only inside `session.write`. */
export function importHash(session: VaultSession, log: Log, projectId: number, owner: Owner, hash: string): void {
  store(session, log, projectId, owner, { secret: { password: null, hash }, source: 'imported', overlap: false });
}

function ownersOf(
  session: VaultSession,
  projectId: number,
  { deviceIds, observer }: Pick<PasswordRequest, 'deviceIds' | 'observer'>,
): Owner[] {
  projectById(session, projectId);
  const devices = deviceIds.map((id) => {
    const device = session.tables.device.get(id);
    if (device?.project_id !== projectId) throw new FieldkeyError('DEVICE_NOT_FOUND', { device: String(id) });
    return { deviceId: id, name: device.name };
  });
  const name = observerName(session, projectId);
  return [...devices, ...(observer ? [{ deviceId: null, name }] : [])];
}

async function secretOf(typed: string | undefined): Promise<PasswordSecret & { readonly password: string }> {
  const password = typed ?? randomBytes(randomLength).toString('base64');
  return { password, hash: await pbkdf2Hash(password, newSalt()) };
}

/** Stores it in place of what was there, or beside it. Gives the user name. Only inside `session.write`. */
function store(
  session: VaultSession,
  log: Log,
  projectId: number,
  owner: Owner,
  made: { readonly secret: PasswordSecret; readonly source: PasswordSource; readonly overlap: boolean },
): string {
  const before = credentialsOf(session, projectId, owner.deviceId);
  const current = before.find(({ state }) => state === 'current');
  const leaving = made.overlap ? current : undefined;
  if (leaving) session.tables.credential.update({ ...leaving, state: 'leaving' });
  else for (const row of before) end(session, log, owner.name, row);
  const user = leaving ? otherUserName(owner.name, leaving.user) : owner.name;
  const id = session.addCredential({ projectId, deviceId: owner.deviceId, user }, made.secret, made.source);
  const detail = { credential: id, user, source: made.source, ...(leaving ? { leaving: leaving.id } : {}) };
  log('password.make', { projectId, subject: owner.name, detail });
  return user;
}

/** Its password is forgotten with it. `currentId`: the row that is the current one again. */
function end(session: VaultSession, log: Log, name: string, row: CredentialRow, currentId?: number): void {
  session.tables.credential.update({ ...row, state: 'ended', sealed: null });
  log('password.end', {
    projectId: row.project_id,
    subject: name,
    detail: { credential: row.id, user: row.user, ...(currentId === undefined ? {} : { current: currentId }) },
  });
}
