import { createDecipheriv, createHash } from 'node:crypto';
import { FieldkeyError } from '../../shared/errors.ts';
import type { PemBlockWithHeaders } from './pem.ts';

/**
 * OpenSSL's old encryption of PEM keys: `Proc-Type: 4,ENCRYPTED` and `DEK-Info: cipher,iv` (RFC 1421 §4.6), the key made
 * from the passphrase by one round of MD5. Read only: it protects next to nothing. BoringSSL knows fewer of its ciphers
 * by itself, so the derivation is here.
 */
const ciphers: Readonly<Record<string, readonly [name: string, keyOctets: number, ivOctets: number]>> = {
  'DES-EDE3-CBC': ['des-ede3-cbc', 24, 8],
  'AES-128-CBC': ['aes-128-cbc', 16, 16],
  'AES-192-CBC': ['aes-192-cbc', 24, 16],
  'AES-256-CBC': ['aes-256-cbc', 32, 16],
};

/**
 * Takes such a block, gives what was encrypted (SEC1 or PKCS#1; nothing proves that it is, so check it).
 * Throws PASSPHRASE_WRONG, and FILE_MALFORMED for other headers and ciphers.
 */
export function openTraditional({ der, headers }: PemBlockWithHeaders, passphrase: string): Buffer {
  const [name = '', ivHex = ''] = (headers['DEK-Info'] ?? '').split(',');
  const cipher = ciphers[name.toUpperCase()];
  if (headers['Proc-Type'] !== '4,ENCRYPTED' || cipher === undefined || !/^[0-9A-Fa-f]*$/.test(ivHex))
    throw malformed(`encrypted with ${name === '' ? 'an unknown cipher' : name}, which is not supported`);
  const [algorithm, keyOctets, ivOctets] = cipher;
  const iv = Buffer.from(ivHex, 'hex');
  if (iv.length !== ivOctets) throw malformed('encrypted, but its initialisation vector is cut');
  const key = bytesToKey(Buffer.from(passphrase, 'utf8'), iv.subarray(0, 8), keyOctets);
  try {
    const decipher = createDecipheriv(algorithm, key, iv);
    return Buffer.concat([decipher.update(der), decipher.final()]);
  } catch (error) {
    throw new FieldkeyError('PASSPHRASE_WRONG', {}, error);
  } finally {
    key.fill(0);
  }
}

/** EVP_BytesToKey with MD5 and one iteration. */
function bytesToKey(passphrase: Buffer, salt: Buffer, octets: number): Buffer {
  let made = Buffer.alloc(0);
  let last = Buffer.alloc(0);
  while (made.length < octets) {
    last = createHash('md5').update(last).update(passphrase).update(salt).digest();
    made = Buffer.concat([made, last]);
  }
  return made.subarray(0, octets);
}

function malformed(reason: string): FieldkeyError<'FILE_MALFORMED'> {
  return new FieldkeyError('FILE_MALFORMED', { what: 'private-key', reason });
}
