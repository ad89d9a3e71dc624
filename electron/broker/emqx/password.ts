import { pbkdf2Sync } from 'node:crypto';
import type { KitUser } from '../host/kit-user.ts';
import { iterations, readHash, saltOf } from '../mosquitto/password-hash.ts';

/** In the words of `password_hash_algorithm`: the same function as Mosquitto's `$7$`. */
export const hashAlgorithm = `{ name = pbkdf2, mac_fun = sha512, iterations = ${iterations}, dk_length = 64 }`;

const head = 'user_id,password_hash,salt,is_superuser';

/**
 * users.csv, the bootstrap file of the built-in database with `bootstrap_type = hash` (docs.emqx.com, "Use Built-in Database"):
 * one line a user, the hash in hexadecimal digits, the salt as it is. Who has no password here is left out.
 */
export function usersCsv(users: readonly KitUser[]): string {
  const lines = users.flatMap((user) => {
    const made = hexHash(user);
    return made === null ? [] : [`${user.user},${made.hash},${made.salt},false`];
  });
  return `${[head, ...lines.sort()].join('\n')}\n`;
}

/** A salt is text to EMQX: Mosquitto's hash is taken as it is where its salt is that, too. */
function hexHash({ hash, password }: KitUser): { readonly hash: string; readonly salt: string } | null {
  const read = readHash(hash);
  const salt = read?.salt.toString('latin1') ?? '';
  if (read?.kind === '7' && read.rounds === iterations && /^[A-Za-z0-9+/]+$/.test(salt))
    return { hash: read.hash.toString('hex'), salt };
  if (typeof password !== 'string') return null;
  // from the stored one, so that an export that is made again has the same bytes
  const again = saltOf(hash).subarray(0, 9).toString('base64');
  return { hash: pbkdf2Sync(password, again, iterations, 64, 'sha512').toString('hex'), salt: again };
}

/** Those whom users.csv leaves out. */
export function withoutHash(users: readonly KitUser[]): string[] {
  return users.filter((user) => hexHash(user) === null).map(({ user }) => user);
}
