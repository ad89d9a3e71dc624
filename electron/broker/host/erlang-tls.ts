import type { KitSettings } from '../../../shared/model/kit.ts';
import { suitesOfList } from '../../../shared/rules/cipher-list.ts';

/** What OpenSSL offers of TLS 1.3 by itself (RFC 8446 §B.4). */
const usualTls13 = ['TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256', 'TLS_AES_128_GCM_SHA256'];

/**
 * The suites for brokers in Erlang (erlang.org/doc/man/ssl, `ciphers`): one list for both versions of TLS, names only. Null:
 * what Erlang offers by itself.
 */
export function erlangCiphers(kit: Pick<KitSettings, 'tlsMinimum' | 'ciphers' | 'ciphersTls13'>): readonly string[] | null {
  const both = kit.tlsMinimum === 'tlsv1.2';
  if ((!both || kit.ciphers === '') && kit.ciphersTls13 === '') return null;
  const newer = kit.ciphersTls13 === '' ? usualTls13 : kit.ciphersTls13.split(':');
  // a list with one version's suites only would end the other version
  return [...newer, ...(both ? (suitesOfList(kit.ciphers === '' ? 'DEFAULT' : kit.ciphers) ?? []) : [])];
}
