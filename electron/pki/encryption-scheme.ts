import { createDecipheriv, pbkdf2, scrypt } from 'node:crypto';
import { FieldkeyError } from '../../shared/errors.ts';
import { contentOf, type DerReader, inside, type Tlv, tag } from './lint/der-reader.ts';
import { oidText, smallInteger } from './lint/der-values.ts';
import { oids } from './oids.ts';
import { bmpPassphrase, derivePkcs12, purpose } from './pkcs12-kdf.ts';

/**
 * How something is encrypted under a passphrase: PBES2 (RFC 8018 §6.2) or the schemes of PKCS#12 (RFC 7292 appendix C).
 *
 * The derivation is node:crypto's, in native code off this thread where there is one, and never the library's own reading
 * of the container: Electron's BoringSSL refuses PRFs other than SHA-1 and SHA-256, scrypt and RC2.
 */
export interface EncryptionScheme {
  /** For people: `PBES2, PBKDF2-SHA-256, AES-256-CBC`. */
  readonly name: string;
  /** Triple DES or RC2 under SHA-1: what old Windows and macOS write. */
  readonly legacy: boolean;
  /**
   * Takes the passphrase as text, or as octets for writers that encode it in another way. Throws PASSPHRASE_WRONG when
   * the padding is wrong; a right padding proves nothing yet.
   */
  decrypt(encrypted: Uint8Array, passphrase: string | Uint8Array): Promise<Buffer>;
}

interface Cipher {
  readonly name: string;
  readonly keyOctets: number;
  readonly ivOctets: number;
}

const ciphers: Readonly<Record<string, Cipher>> = {
  [oids.aes128Cbc]: { name: 'aes-128-cbc', keyOctets: 16, ivOctets: 16 },
  [oids.aes192Cbc]: { name: 'aes-192-cbc', keyOctets: 24, ivOctets: 16 },
  [oids.aes256Cbc]: { name: 'aes-256-cbc', keyOctets: 32, ivOctets: 16 },
  [oids.desEde3Cbc]: { name: 'des-ede3-cbc', keyOctets: 24, ivOctets: 8 },
};

const digests: Readonly<Record<string, string>> = {
  [oids.hmacSha1]: 'sha1',
  [oids.hmacSha224]: 'sha224',
  [oids.hmacSha256]: 'sha256',
  [oids.hmacSha384]: 'sha384',
  [oids.hmacSha512]: 'sha512',
  [oids.hmacSha512224]: 'sha512-224',
  [oids.hmacSha512256]: 'sha512-256',
};

/** pbeWithSHAAnd…, RFC 7292 appendix C: cipher, octets of its key, effective bits for RC2. */
const pkcs12Ciphers: Readonly<Record<string, readonly [name: string, keyOctets: number, rc2Bits: number]>> = {
  [oids.pbeSha3Des]: ['des-ede3-cbc', 24, 0],
  [oids.pbeSha2Des]: ['des-ede-cbc', 16, 0],
  [oids.pbeShaRc2Of128]: ['rc2-cbc', 16, 128],
  [oids.pbeShaRc2Of40]: ['rc2-40-cbc', 5, 40],
};

// A file chooses its own cost, so a hostile one could keep a thread busy for hours. These are several times what anyone uses.
const mostIterations = 2_000_000;
const mostPkcs12Iterations = 1_000_000;
const mostScryptMemory = 256 * 1024 ** 2;

/** Reads an AlgorithmIdentifier. Throws DerError, and FILE_MALFORMED with a reason for a scheme that we do not know. */
export function readEncryptionScheme(bytes: Uint8Array, algorithm: Tlv): EncryptionScheme {
  const fields = inside(bytes, algorithm);
  const oid = oidText(bytes, fields.expect(tag.oid));
  if (oid === oids.pbes2) return readPbes2(fields.enter(tag.sequence));
  const pkcs12 = pkcs12Ciphers[oid];
  if (pkcs12 === undefined) throw malformed('encrypted in an outdated or unknown way');
  return readPkcs12Scheme(fields.enter(tag.sequence), ...pkcs12);
}

function readPbes2(parameters: DerReader): EncryptionScheme {
  const { bytes } = parameters;
  const derivation = parameters.enter(tag.sequence);
  const encryption = parameters.enter(tag.sequence);
  const cipher = ciphers[oidText(bytes, encryption.expect(tag.oid))];
  if (cipher === undefined) throw malformed('unknown cipher');
  const iv = contentOf(bytes, encryption.expect(tag.octetString));
  if (iv.length !== cipher.ivOctets) throw malformed('unknown cipher');
  const { name, derive } = readDerivation(derivation, cipher.keyOctets);
  return {
    name: `PBES2, ${name}, ${cipher.name.toUpperCase()}`,
    legacy: cipher.name === 'des-ede3-cbc',
    decrypt: async (encrypted, passphrase) => opened(cipher.name, await derive(passphrase), iv, encrypted),
  };
}

interface Derivation {
  readonly name: string;
  readonly derive: (passphrase: string | Uint8Array) => Promise<Buffer>;
}

/** PBKDF2 (RFC 8018 appendix A.2) or scrypt (RFC 7914 §7). */
function readDerivation(derivation: DerReader, octets: number): Derivation {
  const { bytes } = derivation;
  const method = oidText(bytes, derivation.expect(tag.oid));
  const fields = derivation.enter(tag.sequence);
  const salt = contentOf(bytes, fields.expect(tag.octetString));
  const cost = smallInteger(bytes, fields.expect(tag.integer));
  if (method === oids.scrypt) {
    const r = smallInteger(bytes, fields.expect(tag.integer));
    const p = smallInteger(bytes, fields.expect(tag.integer));
    const memory = 128 * r * (cost + p);
    if (memory > mostScryptMemory || cost * r * p > 2 ** 23) throw malformed('key derivation too expensive');
    const parameters = { N: cost, r, p, maxmem: memory + 32 * 1024 * 1024 };
    return { name: 'scrypt', derive: (passphrase) => deriveWithScrypt(passphrase, salt, octets, parameters) };
  }
  if (method !== oids.pbkdf2) throw malformed('unknown key derivation');
  fields.optional(tag.integer);
  const prf = fields.optional(tag.sequence);
  // RFC 8018 appendix A.2: the default is HMAC-SHA-1
  const digest = digests[prf === undefined ? oids.hmacSha1 : oidText(bytes, inside(bytes, prf).expect(tag.oid))];
  if (digest === undefined) throw malformed('unknown key derivation');
  if (cost < 1 || cost > mostIterations) throw malformed('key derivation too expensive');
  const name = `PBKDF2-${digest.toUpperCase()}`;
  return { name, derive: (passphrase) => deriveWithPbkdf2(passphrase, salt, cost, octets, digest) };
}

function readPkcs12Scheme(parameters: DerReader, cipher: string, keyOctets: number, rc2Bits: number): EncryptionScheme {
  const { bytes } = parameters;
  const salt = contentOf(bytes, parameters.expect(tag.octetString));
  const iterations = smallInteger(bytes, parameters.expect(tag.integer));
  checkPkcs12Iterations(iterations);
  return {
    name: `PKCS#12, SHA-1, ${cipher.toUpperCase()}`,
    legacy: true,
    decrypt: async (encrypted, passphrase) => {
      const secret = typeof passphrase === 'string' ? bmpPassphrase(passphrase) : passphrase;
      const key = await derivePkcs12('sha1', secret, salt, purpose.key, iterations, keyOctets);
      const iv = await derivePkcs12('sha1', secret, salt, purpose.iv, iterations, 8);
      if (rc2Bits > 0) return openedRc2(key, rc2Bits, iv, encrypted);
      // two-key triple DES is K1 K2 K1, which both crypto libraries know by the name of the three-key one
      const full = keyOctets === 16 ? Buffer.concat([key, key.subarray(0, 8)]) : key;
      return opened('des-ede3-cbc', full, iv, encrypted);
    },
  };
}

/** Throws FILE_MALFORMED for a count that would keep the thread busy. */
export function checkPkcs12Iterations(iterations: number): void {
  if (iterations < 1 || iterations > mostPkcs12Iterations) throw malformed('key derivation too expensive');
}

function opened(cipher: string, key: Buffer, iv: Uint8Array, encrypted: Uint8Array): Buffer {
  try {
    const decipher = createDecipheriv(cipher, key, iv);
    return Buffer.concat([decipher.update(encrypted), decipher.final()]);
  } catch (error) {
    throw new FieldkeyError('PASSPHRASE_WRONG', {}, error);
  } finally {
    key.fill(0);
  }
}

/** RC2 is in no crypto library of today; forge has it. Only certificates were ever encrypted with it, so it may be slow. */
async function openedRc2(key: Buffer, bits: number, iv: Buffer, encrypted: Uint8Array): Promise<Buffer> {
  const [{ default: rc2 }, { default: util }] = await Promise.all([
    import('node-forge/lib/rc2.js'),
    import('node-forge/lib/util.js'),
  ]);
  if (encrypted.length === 0 || encrypted.length % 8 !== 0) throw new FieldkeyError('PASSPHRASE_WRONG', {});
  const cipher = rc2.createDecryptionCipher(key.toString('latin1'), bits);
  cipher.start(iv.toString('latin1'));
  cipher.update(util.createBuffer(Buffer.from(encrypted).toString('latin1')));
  const right = cipher.finish();
  if (!right) throw new FieldkeyError('PASSPHRASE_WRONG', {});
  return Buffer.from(cipher.output.getBytes(), 'latin1');
}

/** PBKDF2 on the thread pool. */
export function deriveWithPbkdf2(
  passphrase: string | Uint8Array,
  salt: Uint8Array,
  iterations: number,
  octets: number,
  digest: string,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    try {
      pbkdf2(passphrase, salt, iterations, octets, digest, (error, key) => (error === null ? resolve(key) : reject(error)));
    } catch (error) {
      // thrown at once for a digest that this crypto library has not
      reject(malformed('unusable key derivation', error));
    }
  });
}

interface ScryptCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
  /** Octets; must exceed what the parameters need. */
  readonly maxmem: number;
}

function deriveWithScrypt(passphrase: string | Uint8Array, salt: Uint8Array, octets: number, cost: ScryptCost): Promise<Buffer> {
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
