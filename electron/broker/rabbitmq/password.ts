import { createHash } from 'node:crypto';
import type { KitUser } from '../host/kit-user.ts';
import { saltOf } from '../mosquitto/password-hash.ts';

/** Bytes of the salt (rabbitmq.com/docs/passwords, "Computing Password Hash"). */
const saltBytes = 4;

/** `rabbit_password_hashing_sha256`: base64 of the salt and of the SHA-256 of salt and password. `salt` has 4 bytes. */
export function rabbitmqHash(password: string, salt: Buffer): string {
  const hash = createHash('sha256').update(salt).update(password, 'utf8').digest();
  return Buffer.concat([salt, hash]).toString('base64');
}

/**
 * The hash for a user; null where nobody knows the password. Its salt begins that of the stored hash, so an export that is made
 * again has the same bytes.
 */
export function userHash({ password, hash }: KitUser): string | null {
  return typeof password === 'string' ? rabbitmqHash(password, saltOf(hash).subarray(0, saltBytes)) : null;
}
