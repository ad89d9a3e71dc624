import { createHash, pbkdf2, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(pbkdf2);

/** 2.0 refuses every other length (src/mosquitto_passwd: SALT_LEN). */
export const saltBytes = 12;
/** What Mosquitto 2.1 writes. The broker hashes while everybody else waits, and 24 random bytes need no more. */
export const iterations = 1_000;
const hashBytes = 64;

/** A new salt, of 72 random bits. It is text, because that is what a salt has to be for EMQX, which then takes the same hash. */
export function newSalt(): Buffer {
  return Buffer.from(randomBytes((saltBytes / 4) * 3).toString('base64'), 'latin1');
}

/** How a line of Mosquitto's password file hashes: `7` = PBKDF2 with HMAC-SHA-512, `6` = one SHA-512 (1.6 and before). */
export type HashKind = '7' | '6';

/** `$7$<iterations>$<salt>$<PBKDF2-HMAC-SHA512>`, as mosquitto_passwd writes it. `salt` has 12 bytes. */
export async function pbkdf2Hash(password: string, salt: Buffer, rounds = iterations): Promise<string> {
  const hash = await derive(password, salt, rounds, hashBytes, 'sha512');
  return `$7$${rounds}$${salt.toString('base64')}$${hash.toString('base64')}`;
}

/** The same at once, for a single one. */
export function pbkdf2HashSync(password: string, salt: Buffer, rounds = iterations): string {
  const hash = pbkdf2Sync(password, salt, rounds, hashBytes, 'sha512');
  return `$7$${rounds}$${salt.toString('base64')}$${hash.toString('base64')}`;
}

/** `$6$<salt>$<SHA-512 of password and salt>`: fast to guess, so only for random passwords and brokers that know no other. */
export function sha512Hash(password: string, salt: Buffer): string {
  const hash = createHash('sha512').update(password).update(salt).digest();
  return `$6$${salt.toString('base64')}$${hash.toString('base64')}`;
}

/** The salt of a hash in either form. */
export function saltOf(hash: string): Buffer {
  return Buffer.from(hash.split('$').at(-2) ?? '', 'base64');
}

/** Whether this is the password; false for a hash that Mosquitto could not read either. */
export async function verifyHash(password: string, hash: string): Promise<boolean> {
  const read = readHash(hash);
  if (!read) return false;
  const again = read.kind === '7' ? await pbkdf2Hash(password, read.salt, read.rounds) : sha512Hash(password, read.salt);
  return timingSafeEqual(Buffer.from(again.split('$').at(-1) ?? '', 'base64'), read.hash);
}

interface ReadHash {
  readonly kind: HashKind;
  readonly rounds: number;
  readonly salt: Buffer;
  readonly hash: Buffer;
}

/** More would only keep the broker busy; a file from somewhere else may ask for anything. */
const roundsMaximum = 1_000_000;

/** Reads a hash of either form; undefined for what Mosquitto would refuse. */
export function readHash(text: string): ReadHash | undefined {
  const found = /^\$(?:7\$(\d{1,7})|6)\$([A-Za-z0-9+/]+=*)\$([A-Za-z0-9+/]+=*)$/.exec(text);
  if (!found) return undefined;
  const [, rounds, salt = '', hash = ''] = found;
  const read: ReadHash = {
    kind: rounds === undefined ? '6' : '7',
    rounds: Number(rounds ?? 1),
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  };
  const right = read.salt.length === saltBytes && read.hash.length === hashBytes;
  return right && read.rounds >= 1 && read.rounds <= roundsMaximum ? read : undefined;
}

/** A line of a password file. */
export interface PasswordLine {
  readonly user: string;
  readonly hash: string;
}

/** The password file: one line a user, by code units, so that the same users give the same bytes. */
export function passwordFile(lines: readonly PasswordLine[]): string {
  return [...lines]
    .sort((a, b) => (a.user < b.user ? -1 : a.user > b.user ? 1 : 0))
    .map(({ user, hash }) => `${user}:${hash}\n`)
    .join('');
}

/** Reads a password file as the broker does: of a user that stands twice the last line counts. `refused`: line numbers. */
export function readPasswordFile(text: string): { readonly lines: PasswordLine[]; readonly refused: number[] } {
  const known = new Map<string, string>();
  const refused: number[] = [];
  text.split(/\r?\n/).forEach((line, index) => {
    if (line === '' || line.startsWith('#')) return;
    const at = line.indexOf(':');
    const hash = line.slice(at + 1);
    if (at < 1 || !readHash(hash)) refused.push(index + 1);
    else known.set(line.slice(0, at), hash);
  });
  return { lines: [...known].map(([user, hash]) => ({ user, hash })), refused };
}
