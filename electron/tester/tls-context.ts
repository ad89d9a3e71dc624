import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { LinkOptions } from '../../shared/model/connect-options.ts';
import type { TestCertificate } from './channel.ts';
import { systemAuthorities } from './system-authorities.ts';

/** What the TLS library says when key and certificate are no pair; ours says it always, see below. */
export const keyMismatch = 'ERR_OSSL_X509_KEY_VALUES_MISMATCH';

/**
 * Makes everything that TLS needs of an identity and wipes the key's text: a reconnect needs the context only.
 * @throws errors of Node with `code`; `keyMismatch` when key and certificate do not belong together
 */
export function tlsContext(
  identity: TestCertificate,
  link: Pick<LinkOptions, 'minVersion' | 'systemAuthorities'> = { minVersion: 'TLSv1.2', systemAuthorities: false },
): SecureContext {
  const common = {
    ca: link.systemAuthorities ? [...systemAuthorities(), ...(identity.ca === '' ? [] : [identity.ca])] : identity.ca,
    minVersion: link.minVersion,
  };
  if (identity.certificateChain === '') return createSecureContext(common);
  const key = Buffer.from(identity.key.buffer, identity.key.byteOffset, identity.key.byteLength);
  try {
    // of a key of another type Node silently sends no certificate, and Electron throws: one check for both
    if (!new X509Certificate(identity.certificateChain).checkPrivateKey(createPrivateKey(key))) {
      throw Object.assign(new Error('key and certificate do not belong together'), { code: keyMismatch });
    }
    return createSecureContext({ ...common, cert: identity.certificateChain, key });
  } finally {
    key.fill(0);
  }
}
