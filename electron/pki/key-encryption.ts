import { createCipheriv, createPrivateKey, randomBytes } from 'node:crypto';
import { FieldkeyError } from '../../shared/errors.ts';
import { type DerNode, integer, nullValue, octetString, oid, sequence, toDer } from './der.ts';
import { deriveWithPbkdf2, type EncryptionScheme, readEncryptionScheme } from './encryption-scheme.ts';
import { contentOf, DerError, inside, readWhole, tag } from './lint/der-reader.ts';
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
  const { algorithm, encrypted } = await encryptPbes2(pkcs8, passphrase, options);
  return toPem('ENCRYPTED PRIVATE KEY', toDer(sequence(algorithm, octetString(encrypted))));
}

/** Encrypts with PBES2; gives the AlgorithmIdentifier that says how, and the result. */
export async function encryptPbes2(
  plain: Uint8Array,
  passphrase: string,
  options: EncryptOptions = {},
): Promise<{ readonly algorithm: DerNode; readonly encrypted: Buffer }> {
  const iterations = options.iterations ?? 100_000;
  const random = options.randomBytes ?? randomBytes;
  const salt = random(16);
  const iv = random(16);
  const key = await deriveWithPbkdf2(passphrase, salt, iterations, 32, 'sha256');
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  const encrypted = Buffer.concat([cipher.update(plain), cipher.final()]);
  key.fill(0);
  const derivation = sequence(
    oid(oids.pbkdf2),
    sequence(octetString(salt), integer(iterations), sequence(oid(oids.hmacSha256), nullValue())),
  );
  const encryption = sequence(oid(oids.aes256Cbc), octetString(iv));
  return { algorithm: sequence(oid(oids.pbes2), sequence(derivation, encryption)), encrypted };
}

/**
 * Takes PEM `ENCRYPTED PRIVATE KEY`, gives PKCS#8. Throws PASSPHRASE_WRONG, or FILE_MALFORMED for anything that is not
 * PBES2 with PBKDF2 or scrypt and AES-CBC or triple DES, or a scheme of PKCS#12.
 */
export async function decryptKeyPem(pem: string, passphrase: string): Promise<Buffer> {
  const block = pemToDer(pem).find(({ label }) => label === 'ENCRYPTED PRIVATE KEY');
  if (block === undefined) throw malformed('no encrypted private key in it');
  return decryptPrivateKey(block.der, passphrase);
}

/** The same for the DER of an EncryptedPrivateKeyInfo. */
export async function decryptPrivateKey(der: Uint8Array, passphrase: string): Promise<Buffer> {
  const { scheme, encrypted } = readEncryptedKey(der);
  const plain = await scheme.decrypt(encrypted, passphrase);
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

/** Takes an EncryptedPrivateKeyInfo (RFC 5958 §3) apart. Throws FILE_MALFORMED. */
export function readEncryptedKey(der: Uint8Array): { readonly scheme: EncryptionScheme; readonly encrypted: Uint8Array } {
  try {
    const outer = inside(der, readWhole(der, tag.sequence));
    const scheme = readEncryptionScheme(der, outer.expect(tag.sequence));
    const encrypted = contentOf(der, outer.expect(tag.octetString));
    outer.finish();
    return { scheme, encrypted };
  } catch (error) {
    throw error instanceof DerError ? malformed(error.message, error) : error;
  }
}

function malformed(reason: string, cause?: unknown): FieldkeyError<'FILE_MALFORMED'> {
  return new FieldkeyError('FILE_MALFORMED', { what: 'private-key', reason }, cause);
}
