import type { DeviceRequest } from '../../../shared/model/device.ts';
import type { UserAlias } from '../../../shared/rules/access-mosquitto.ts';

/** A user name that the broker takes by password. */
export interface KitUser {
  readonly user: string;
  /** As Mosquitto's password file holds it. */
  readonly hash: string;
  /** Null or left out where only the hash is known: it came from a broker's file. Other brokers than Mosquitto can do nothing with it. */
  readonly password?: string | null | undefined;
  /** The device that it stands for; null = the observer. */
  readonly device: DeviceRequest | null;
}

/** User names that are another one than their device's: while its password is changed both are taken. */
export function aliasesOf(users: readonly Pick<KitUser, 'user' | 'device'>[]): UserAlias[] {
  return users.flatMap(({ user, device }) => (device && device.id !== user ? [{ user, id: device.id, role: device.role }] : []));
}

/** Those whose password is known as Mosquitto's hash only. */
export function withoutPassword(users: readonly KitUser[]): string[] {
  return users.filter(({ password }) => password === null || password === undefined).map(({ user }) => user);
}
