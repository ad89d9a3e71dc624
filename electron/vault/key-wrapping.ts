import { createCipheriv, createDecipheriv, hkdfSync, randomBytes, scrypt } from 'node:crypto';
import { FieldkeyError } from '../../shared/errors.ts';
import { passphraseMinimum } from '../../shared/model/vault.ts';
import { encodeFields } from './row-mac.ts';

/** scrypt's cost (RFC 7914 §2): memory is 128 · N · r bytes. */
export interface KdfCost {
  readonly n: number;
  readonly r: number;
  readonly p: number;
}

/** 128 MiB and about a second of a laptop for every guess. */
export const defaultKdfCost: KdfCost = { n: 2 ** 17, r: 8, p: 1 };

/**
 * What a stored derivation may ask for at most, as N · r · p: eight times the default, so seconds and a gigabyte. The numbers come
 * out of files, and somebody may have put others there.
 */
const costMaximum = 2 ** 23;

const nonceLength = 12;
const tagLength = 16;

/** NFKC, so that the same word typed on another keyboard layout or system gives the same bytes. */
function passphraseBytes(passphrase: string): Buffer {
  return Buffer.from(passphrase.normalize('NFKC'), 'utf8');
}

/** @throws PASSPHRASE_WEAK */
export function checkPassphrase(passphrase: string): void {
  if ([...passphrase.normalize('NFKC')].length < passphraseMinimum) {
    throw new FieldkeyError('PASSPHRASE_WEAK', { minimum: passphraseMinimum });
  }
}

/** Derives the 32-byte key-encryption key. Runs on the thread pool: the event loop goes on. */
export function deriveKek(passphrase: string, salt: Buffer, cost: KdfCost): Promise<Buffer> {
  const plausible = Number.isInteger(Math.log2(cost.n)) && cost.n > 1 && cost.r > 0 && cost.p > 0;
  if (!plausible || cost.n * cost.r * cost.p > costMaximum) throw new FieldkeyError('VAULT_TAMPERED', { table: 'vault', row: 1 });
  const secret = passphraseBytes(passphrase);
  return new Promise((resolve, reject) => {
    // Node throws at its own default and at exactly 128·N·r: leave headroom
    const maxmem = 128 * cost.n * cost.r + 32 * 1024 * 1024;
    scrypt(secret, salt, 32, { N: cost.n, r: cost.r, p: cost.p, maxmem }, (error, key) => {
      secret.fill(0);
      if (error) reject(error);
      else resolve(key);
    });
  });
}

/**
 * AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce: nonce ‖ ciphertext ‖ tag. `context` is authenticated, not
 * stored, each field length-prefixed, so that a sealed value cannot be moved to another place.
 */
export function seal(key: Buffer, plain: Uint8Array, context: readonly (string | number | Buffer)[]): Buffer {
  const nonce = randomBytes(nonceLength);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength });
  cipher.setAAD(encodeFields(context));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Gives the plain bytes, or null when the key or the context is not the one it was sealed with, or a bit has changed. */
export function unseal(key: Buffer, sealed: Buffer, context: readonly (string | number | Buffer)[]): Buffer | null {
  if (sealed.length < nonceLength + tagLength) return null;
  const cipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceLength), { authTagLength: tagLength });
  cipher.setAAD(encodeFields(context));
  cipher.setAuthTag(sealed.subarray(sealed.length - tagLength));
  try {
    return Buffer.concat([cipher.update(sealed.subarray(nonceLength, sealed.length - tagLength)), cipher.final()]);
  } catch {
    return null;
  }
}

/** What the vault key is good for; each purpose has its own key (HKDF-SHA256, RFC 5869). */
export type KeyPurpose = 'private keys' | 'passwords' | 'connections' | 'recordings' | 'rows' | 'audit' | 'audit head';

export function deriveKey(vaultKey: Buffer, vaultId: Buffer, purpose: KeyPurpose): Buffer {
  return Buffer.from(hkdfSync('sha256', vaultKey, vaultId, `fieldkey v1 ${purpose}`, 32));
}
