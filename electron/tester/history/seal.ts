import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const nonceLength = 12;
const tagLength = 16;

/** The key of one recording (HKDF-SHA256, RFC 5869) from that of all recordings of a vault. */
export function recordingKey(key: Uint8Array, recordingId: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, Buffer.from(recordingId), 'fieldkey v1 recording', 32));
}

/**
 * AES-256-GCM (NIST SP 800-38D) with a random nonce: nonce ‖ ciphertext ‖ tag. `context` is authenticated, not stored,
 * so that a sealed part cannot be put in another place. It has no variable parts that could be taken for each other.
 */
export function sealPart(key: Buffer, plain: Uint8Array, context: string): Buffer {
  const nonce = randomBytes(nonceLength);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength });
  cipher.setAAD(Buffer.from(context));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Gives the plain bytes. @throws SealBroken when key, place or a bit is not the one it was sealed with */
export function openPart(key: Buffer, sealed: Buffer, context: string): Buffer {
  if (!(sealed instanceof Uint8Array) || sealed.length < nonceLength + tagLength) throw new SealBroken();
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceLength), { authTagLength: tagLength });
  decipher.setAAD(Buffer.from(context));
  decipher.setAuthTag(sealed.subarray(sealed.length - tagLength));
  const plain = decipher.update(sealed.subarray(nonceLength, sealed.length - tagLength));
  try {
    decipher.final();
  } catch {
    throw new SealBroken();
  }
  return plain;
}

/** Not what was written. */
export class SealBroken extends Error {
  constructor() {
    super('this part of the recording is not what was written');
  }
}
