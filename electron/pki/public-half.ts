import { createPrivateKey, createPublicKey } from 'node:crypto';
import { FieldkeyError } from '../../shared/errors.ts';

/** Takes a private key (PKCS#8), gives the SPKI of its public half. Throws FILE_MALFORMED. */
export function softwareSpki(pkcs8: Uint8Array): Buffer {
  try {
    const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
    return createPublicKey(key).export({ format: 'der', type: 'spki' });
  } catch (error) {
    throw new FieldkeyError('FILE_MALFORMED', { what: 'private-key', reason: 'not understood as PKCS#8' }, error);
  }
}
