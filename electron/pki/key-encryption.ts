import { createCipheriv, createDecipheriv, createPrivateKey, pbkdf2, randomBytes, scrypt } from 'node:crypto';
import { FieldkeyError } from '../../shared/errors.ts';
import { integer, nullValue, octetString, oid, sequence, toDer } from './der.ts';
import { contentOf, DerError, inside, readWhole, tag } from './lint/der-reader.ts';
import { oidText, smallInteger } from './lint/der-values.ts';
import { oids } from './oids.ts';
import { pemToDer, toPem } from './pem.ts';

/**
 * Encrypted PKCS#8 (RFC 5958 §3) under PBES2 (RFC 8018 §6.2).
 *
 * Node could write it by itself (`KeyObject.export` with a passphrase), but then with 2,048 iterations, and Electron's
 * BoringSSL refuses to read PRFs other than SHA-1 and SHA-256, and scrypt. So the key derivation is node:crypto's,
 * in native code off this thread, and the container is ours.
 */

export interface EncryptOptions {
  /** PBKDF2 iterations; 100,000 unless told. Devices without a fast CPU take seconds for more. */
  readonly iterations?: number | undefined;
  readonly randomBytes?: ((count: number) => Uint8Array) | undefined;
}

/** Takes an unencrypted PKCS#8 and a passphrase, gives PEM `ENCRYPTED PRIVATE KEY`: PBKDF2-HMAC-SHA256 and AES-256-CBC. */
export async function encryptKeyPem(pkcs8: Uint8Array, passphrase: string, options: EncryptOptions = {}): Promise<string> {
  const iterations = options.iterations ?? 100_000;
  const random = options.randomBytes ?? randomBytes;
  const salt = random(16);
  const iv = random(16);
  const key = await deriveWithPbkdf2(passphrase, salt, iterations, 32, 'sha256');
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  const encrypted = Buffer.concat([cipher.update(pkcs8), cipher.final()]);
  key.fill(0);
  const derivation = sequence(
    oid(oids.pbkdf2),
    sequence(octetString(salt), integer(iterations), sequence(oid(oids.hmacSha256), nullValue())),
  );
  const encryption = sequence(oid(oids.aes256Cbc), octetString(iv));
  return toPem(
    'ENCRYPTED PRIVATE KEY',
    toDer(sequence(sequence(oid(oids.pbes2), sequence(derivation, encryption)), octetString(encrypted))),
  );
}

/**
 * Takes PEM `ENCRYPTED PRIVATE KEY`, gives PKCS#8. Throws PASSPHRASE_WRONG, or FILE_MALFORMED for anything that is not
 * PBES2 with PBKDF2 or scrypt and AES-CBC or triple DES.
 */
export async function decryptKeyPem(pem: string, passphrase: string): Promise<Buffer> {
  const block = pemToDer(pem).find(({ label }) => label === 'ENCRYPTED PRIVATE KEY');
  if (block === undefined) throw malformed('no encrypted private key in it');
  return decryptPrivateKey(block.der, passphrase);
}

/** The same for the DER of an EncryptedPrivateKeyInfo. */
export async function decryptPrivateKey(der: Uint8Array, passphrase: string): Promise<Buffer> {
  const container = readContainer(der);
  const key = await container.derive(passphrase);
  let plain: Buffer;
  try {
    const decipher = createDecipheriv(container.cipher.name, key, container.iv);
    plain = Buffer.concat([decipher.update(container.encrypted), decipher.final()]);
  } catch (error) {
    throw new FieldkeyError('PASSPHRASE_WRONG', {}, error);
  } finally {
    key.fill(0);
  }
  try {
    // CBC has no authentication: one wrong passphrase in 256 leaves valid padding, and then garbage instead of a key
    readWhole(plain, tag.sequence);
    return createPrivateKey({ key: plain, format: 'der', type: 'pkcs8' }).export({ format: 'der', type: 'pkcs8' });
  } catch (error) {
    throw new FieldkeyError('PASSPHRASE_WRONG', {}, error);
  } finally {
    plain.fill(0);
  }
}

interface Container {
  readonly derive: (passphrase: string) => Promise<Buffer>;
  readonly cipher: { readonly name: string; readonly keyOctets: number };
  readonly iv: Uint8Array;
  readonly encrypted: Uint8Array;
}

const ciphers: Readonly<Record<string, { readonly name: string; readonly keyOctets: number; readonly ivOctets: number }>> = {
  [oids.aes128Cbc]: { name: 'aes-128-cbc', keyOctets: 16, ivOctets: 16 },
  [oids.aes192Cbc]: { name: 'aes-192-cbc', keyOctets: 24, ivOctets: 16 },
  [oids.aes256Cbc]: { name: 'aes-256-cbc', keyOctets: 32, ivOctets: 16 },
  [oids.desEde3Cbc]: { name: 'des-ede3-cbc', keyOctets: 24, ivOctets: 8 },
};

const digests: Readonly<Record<string, string>> = {
  [oids.hmacSha1]: 'sha1',
  [oids.hmacSha256]: 'sha256',
  [oids.hmacSha384]: 'sha384',
  [oids.hmacSha512]: 'sha512',
};

// A file chooses its own cost, so a hostile one could keep a thread busy for hours. These are ten times what anyone uses.
const mostIterations = 10_000_000;
const mostScryptMemory = 1024 ** 3;

function readContainer(der: Uint8Array): Container {
  try {
    const outer = inside(der, readWhole(der, tag.sequence));
    const scheme = outer.enter(tag.sequence);
    const encrypted = contentOf(der, outer.expect(tag.octetString));
    outer.finish();
    if (oidText(der, scheme.expect(tag.oid)) !== oids.pbes2) throw malformed('encrypted in an outdated way (not PBES2)');
    const parameters = scheme.enter(tag.sequence);
    const derivation = parameters.enter(tag.sequence);
    const encryption = parameters.enter(tag.sequence);

    const cipher = ciphers[oidText(der, encryption.expect(tag.oid))];
    const iv = contentOf(der, encryption.expect(tag.octetString));
    if (cipher === undefined || iv.length !== cipher.ivOctets) throw malformed('unknown cipher');

    const method = oidText(der, derivation.expect(tag.oid));
    const fields = derivation.enter(tag.sequence);
    const salt = contentOf(der, fields.expect(tag.octetString));
    const cost = smallInteger(der, fields.expect(tag.integer));
    if (method === oids.scrypt) {
      const blockSize = smallInteger(der, fields.expect(tag.integer));
      const parallelization = smallInteger(der, fields.expect(tag.integer));
      const memory = 128 * blockSize * (cost + parallelization);
      if (memory > mostScryptMemory || cost * blockSize * parallelization > 2 ** 26)
        throw malformed('key derivation too expensive');
      const derive = (passphrase: string) =>
        deriveWithScrypt(passphrase, salt, cipher.keyOctets, {
          N: cost,
          r: blockSize,
          p: parallelization,
          maxmem: memory + 32 * 1024 * 1024,
        });
      return { derive, cipher, iv, encrypted };
    }
    if (method !== oids.pbkdf2) throw malformed('unknown key derivation');
    fields.optional(tag.integer);
    const prf = fields.optional(tag.sequence);
    // RFC 8018 appendix A.2: the default is HMAC-SHA-1
    const digest = digests[prf === undefined ? oids.hmacSha1 : oidText(der, inside(der, prf).expect(tag.oid))];
    if (digest === undefined) throw malformed('unknown key derivation');
    if (cost < 1 || cost > mostIterations) throw malformed('key derivation too expensive');
    const derive = (passphrase: string) => deriveWithPbkdf2(passphrase, salt, cost, cipher.keyOctets, digest);
    return { derive, cipher, iv, encrypted };
  } catch (error) {
    throw error instanceof DerError ? malformed(error.message, error) : error;
  }
}

function deriveWithPbkdf2(
  passphrase: string,
  salt: Uint8Array,
  iterations: number,
  octets: number,
  digest: string,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    pbkdf2(passphrase, salt, iterations, octets, digest, (error, key) => (error === null ? resolve(key) : reject(error)));
  });
}

interface ScryptCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
  /** Octets; must exceed what the parameters need. */
  readonly maxmem: number;
}

function deriveWithScrypt(passphrase: string, salt: Uint8Array, octets: number, cost: ScryptCost): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    try {
      scrypt(passphrase, salt, octets, cost, (error, key) => (error === null ? resolve(key) : reject(error)));
    } catch (error) {
      // thrown at once for a cost that is not a power of two, and the like
      reject(malformed('unusable key derivation', error));
    }
  });
}

function malformed(reason: string, cause?: unknown): FieldkeyError<'FILE_MALFORMED'> {
  return new FieldkeyError('FILE_MALFORMED', { what: 'private-key', reason }, cause);
}
