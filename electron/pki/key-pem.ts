import { createPrivateKey } from 'node:crypto';
import { FieldkeyError } from '../../shared/errors.ts';
import { encoded, explicit, integer, octetString, oid, sequence, toDer } from './der.ts';
import { decryptPrivateKey } from './key-encryption.ts';
import { DerError, elementOf, inside, readWhole, tag } from './lint/der-reader.ts';
import { oidText, smallInteger } from './lint/der-values.ts';
import { oids } from './oids.ts';
import { type PemBlockWithHeaders, pemBlocks, toPem } from './pem.ts';
import { openTraditional } from './traditional-encryption.ts';

/**
 * How a private key is written: `pkcs8` = `PRIVATE KEY`, what current software writes; `sec1` = `EC PRIVATE KEY`
 * (RFC 5915) and `pkcs1` = `RSA PRIVATE KEY` (RFC 8017 appendix A.1.2) for whatwatt and old stacks.
 */
export type KeyForm = 'pkcs8' | 'sec1' | 'pkcs1';

/**
 * Takes an unencrypted PKCS#8, gives its PEM. `sec1` is for EC keys and `pkcs1` for RSA keys; the other way round is
 * refused with INPUT_INVALID. Throws FILE_MALFORMED for bytes that are no PKCS#8.
 */
export function keyPem(pkcs8: Uint8Array, options: { readonly form: KeyForm } = { form: 'pkcs8' }): string {
  try {
    const { algorithm, curve, privateKey } = splitPkcs8(pkcs8);
    if (options.form === 'pkcs8') return toPem('PRIVATE KEY', pkcs8);
    if (options.form === 'pkcs1' && algorithm === oids.rsaEncryption) return toPem('RSA PRIVATE KEY', privateKey);
    if (options.form === 'sec1' && algorithm === oids.ecPublicKey && curve !== undefined) {
      const der = toSec1(privateKey, curve);
      const pem = toPem('EC PRIVATE KEY', der);
      der.fill(0);
      return pem;
    }
  } catch (error) {
    throw error instanceof DerError ? malformed(error) : error;
  }
  throw new FieldkeyError('INPUT_INVALID', { problems: ['key-form'] });
}

interface Pkcs8Parts {
  readonly algorithm: string;
  /** The named curve of an EC key. */
  readonly curve: string | undefined;
  /** Content of the privateKey OCTET STRING: an ECPrivateKey or RSAPrivateKey. A view. */
  readonly privateKey: Uint8Array;
}

function splitPkcs8(pkcs8: Uint8Array): Pkcs8Parts {
  const fields = inside(pkcs8, readWhole(pkcs8, tag.sequence));
  fields.expect(tag.integer);
  const identifier = fields.enter(tag.sequence);
  const algorithm = oidText(pkcs8, identifier.expect(tag.oid));
  const curve = identifier.optional(tag.oid);
  const key = fields.expect(tag.octetString);
  return {
    algorithm,
    curve: curve === undefined ? undefined : oidText(pkcs8, curve),
    privateKey: pkcs8.subarray(key.content, key.end),
  };
}

/** Inside PKCS#8 an ECPrivateKey leaves its curve out; alone it must name it (RFC 5915 §3, field `parameters`). */
function toSec1(ecPrivateKey: Uint8Array, curve: string): Buffer {
  const fields = inside(ecPrivateKey, readWhole(ecPrivateKey, tag.sequence));
  const version = smallInteger(ecPrivateKey, fields.expect(tag.integer));
  const scalar = fields.expect(tag.octetString);
  fields.optional(0xa0);
  const publicKey = fields.optional(0xa1);
  return toDer(
    sequence(
      integer(version),
      octetString(ecPrivateKey.subarray(scalar.content, scalar.end)),
      explicit(0, oid(curve)),
      ...(publicKey === undefined ? [] : [encoded(elementOf(ecPrivateKey, publicKey))]),
    ),
  );
}

const keyLabels = ['PRIVATE KEY', 'EC PRIVATE KEY', 'RSA PRIVATE KEY', 'ENCRYPTED PRIVATE KEY'];

/**
 * Reads a private key of any form: PKCS#8, SEC1, PKCS#1, encrypted as PKCS#8 or in OpenSSL's old way; gives PKCS#8. Other blocks in the same text
 * (certificates, EC PARAMETERS) are passed over.
 * Throws PASSPHRASE_MISSING when it is encrypted and `passphrase` is undefined, PASSPHRASE_WRONG, FILE_MALFORMED.
 */
export async function privateKeyFromPem(pem: string, passphrase?: string): Promise<Buffer> {
  const block = pemBlocks(pem).find(({ label }) => isKeyLabel(label));
  if (block === undefined) throw new FieldkeyError('FILE_MALFORMED', { what: 'private-key', reason: 'no private key in it' });
  return privateKeyFromBlock(block, passphrase);
}

/** Whether a PEM block with this label holds a private key that we read. */
export function isKeyLabel(label: string): boolean {
  return keyLabels.includes(label);
}

/** Whether the key in a block can only be read with a passphrase. */
export function isEncryptedBlock({ label, headers }: PemBlockWithHeaders): boolean {
  return label === 'ENCRYPTED PRIVATE KEY' || 'DEK-Info' in headers || 'Proc-Type' in headers;
}

/** The same for one block. */
export async function privateKeyFromBlock(block: PemBlockWithHeaders, passphrase?: string): Promise<Buffer> {
  if (isEncryptedBlock(block)) {
    if (passphrase === undefined) throw new FieldkeyError('PASSPHRASE_MISSING', { variable: 'FIELDKEY_KEY_PASSPHRASE' });
    if (block.label === 'ENCRYPTED PRIVATE KEY') return decryptPrivateKey(block.der, passphrase);
    return decryptTraditional(block, passphrase);
  }
  switch (block.label) {
    case 'EC PRIVATE KEY':
      return normalise(block.der, 'sec1');
    case 'RSA PRIVATE KEY':
      return normalise(block.der, 'pkcs1');
    default:
      return normalise(block.der, 'pkcs8');
  }
}

async function decryptTraditional(block: PemBlockWithHeaders, passphrase: string): Promise<Buffer> {
  const plain = openTraditional(block, passphrase);
  try {
    return normalise(plain, block.label === 'EC PRIVATE KEY' ? 'sec1' : block.label === 'RSA PRIVATE KEY' ? 'pkcs1' : 'pkcs8');
  } catch (error) {
    // its encryption has no authentication: garbage instead of a key is a wrong passphrase
    throw new FieldkeyError('PASSPHRASE_WRONG', {}, error);
  } finally {
    plain.fill(0);
  }
}

/** Gives what the crypto library makes of the key, so that a key which passes here can also be used. */
function normalise(der: Buffer, type: 'pkcs8' | 'sec1' | 'pkcs1'): Buffer {
  try {
    return createPrivateKey({ key: der, format: 'der', type }).export({ format: 'der', type: 'pkcs8' });
  } catch (error) {
    throw malformed(error);
  }
}

function malformed(error: unknown): FieldkeyError<'FILE_MALFORMED'> {
  const reason = error instanceof DerError ? error.message : 'not understood as a private key';
  return new FieldkeyError('FILE_MALFORMED', { what: 'private-key', reason }, error);
}
