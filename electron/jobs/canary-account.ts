import { createHash } from 'node:crypto';
import type { DeviceRequest } from '../../shared/model/device.ts';
import { usesCertificates } from '../../shared/rules/password.ts';
import { type BrokerUser, barredSince, brokerUsers, type Login } from '../authority/credentials.ts';
import { brokerOf } from '../authority/lookup.ts';
import { pbkdf2HashSync } from '../broker/mosquitto/password-hash.ts';
import type { VaultSession } from '../vault/session.ts';

/**
 * Where passwords alone say who comes, a revoked device is kept out by a password file without its line, and a broker that still has
 * the file of before lets it in. No device is used to find that out: every such file has one account more, the canary, whose
 * password is another one whenever other devices are revoked. The broker has the file of now when it takes the canary's password of
 * now, and one of before when it takes an earlier one. The account may do nothing, and its password is in no bundle.
 */
export const canaryAccount: DeviceRequest = {
  id: 'canary',
  // no role of a project begins with a capital, so there is no rule for it
  role: 'Canary',
};

/** More would keep a proof waiting, and a broker that is further behind does not have the password of now either. */
const earlierMaximum = 12;

/** The canary besides everybody else, where certificates say nothing. */
export function canaryMembers(session: VaultSession, projectId: number): DeviceRequest[] {
  return hasCanary(session, projectId) ? [canaryAccount] : [];
}

/** Everybody whom the broker takes by password, the canary included. @throws VAULT_TAMPERED, VAULT_LOCKED */
export function kitUsers(session: VaultSession, projectId: number): BrokerUser[] {
  const users = brokerUsers(session, projectId);
  if (!hasCanary(session, projectId)) return users;
  const { password } = canaryLogins(session, projectId).now;
  // text, because that is what a salt has to be for EMQX
  const salt = Buffer.from(session.derivedPassword(`salt of ${password}`).slice(0, 12), 'latin1');
  return [...users, { user: canaryAccount.id, device: null, password, hash: pbkdf2HashSync(password, salt) }];
}

/** The canary's login of now, and those that earlier files have, the newest first; the last one no file ever had. */
export function canaryLogins(
  session: VaultSession,
  projectId: number,
): { readonly now: Login; readonly earlier: readonly [Login, ...Login[]] } {
  const barred = barredSince(session, projectId);
  const login = (which: string): Login => ({
    username: canaryAccount.id,
    password: session.derivedPassword(`canary of project ${projectId}: ${which}`),
  });
  const until = (time: number) => login(digest([...barred].filter(([, since]) => since < time).map(([id]) => id)));
  const times = [...new Set(barred.values())].sort((a, b) => b - a).slice(0, earlierMaximum);
  const [first = login('never'), ...others] = times.map(until);
  return { now: login(digest([...barred.keys()])), earlier: times.length === 0 ? [first] : [first, ...others, login('never')] };
}

function hasCanary(session: VaultSession, projectId: number): boolean {
  const kit = brokerOf(session, projectId)?.parsed.kit;
  return kit !== undefined && !usesCertificates(kit);
}

function digest(ids: readonly number[]): string {
  return createHash('sha256')
    .update([...ids].sort((a, b) => a - b).join())
    .digest('hex');
}
