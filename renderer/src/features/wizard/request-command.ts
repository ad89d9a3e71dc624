import type { KeyAlgorithm } from '../../../../shared/model/key.ts';
import { type Draft, namesOf } from './draft.ts';

const keyOptions: Record<KeyAlgorithm, string> = {
  p256: '-newkey ec -pkeyopt ec_paramgen_curve:P-256',
  p384: '-newkey ec -pkeyopt ec_paramgen_curve:P-384',
  rsa2048: '-newkey rsa:2048',
  rsa3072: '-newkey rsa:3072',
};

/**
 * The line with which whoever runs the broker makes its key and a signing request (PKCS#10) for the names and addresses of the
 * project, with OpenSSL 1.1.1 or later. Names and addresses were checked; no shell reads anything into them.
 */
export function requestCommand(draft: Draft): string {
  const names = namesOf(draft);
  const alternative = [...names.map((name) => `DNS:${name}`), ...draft.addresses.map((address) => `IP:${address}`)];
  // RFC 5280: a common name has at most 64 characters; it counts for nobody, the alternative names do
  const [common = 'broker'] = [...names, ...draft.addresses].filter((host) => host.length <= 64 && !host.startsWith('*'));
  return `openssl req -new ${keyOptions[draft.key]} -nodes -keyout server.key -out broker.csr -subj "/CN=${common}" -addext "subjectAltName=${alternative.join(',')}"`;
}
