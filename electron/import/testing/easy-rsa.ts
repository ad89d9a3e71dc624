import { existsSync } from 'node:fs';
import { run } from '../../pki/testing/run.ts';

/** Debian keeps it outside of PATH. */
const program = existsSync('/usr/share/easy-rsa/easyrsa') ? '/usr/share/easy-rsa/easyrsa' : 'easyrsa';

/** The real easy-rsa on the PKI in `folder`; what it says goes into the error when it fails. */
export function easyRsa(folder: string): (...args: string[]) => Promise<void> {
  return async (...args) => {
    const { ok, output } = await run(program, ['--batch', `--pki-dir=${folder}`, ...args]);
    if (!ok) throw new Error(`${args.join(' ')}: ${output}`);
  };
}

/**
 * A PKI as people have it: a CA with a passphrase, a broker, `meter-1`, `meter-2`, `gw-1` (its key encrypted), and
 * `meter-2` revoked with a published list.
 */
export async function easyRsaPki(folder: string, passphrase: string): Promise<void> {
  const easyrsa = easyRsa(folder);
  const secret = `pass:${passphrase}`;
  await easyrsa('init-pki');
  await easyrsa('--req-cn=Easy CA', `--passin=${secret}`, `--passout=${secret}`, 'build-ca');
  const names = '--subject-alt-name=DNS:localhost,IP:127.0.0.1';
  await easyrsa(`--passin=${secret}`, names, 'build-server-full', 'mqtt-server', 'nopass');
  for (const name of ['meter-1', 'meter-2']) await easyrsa(`--passin=${secret}`, 'build-client-full', name, 'nopass');
  await easyrsa(`--passin=${secret}`, `--passout=${secret}`, 'build-client-full', 'gw-1');
  await easyrsa(`--passin=${secret}`, 'revoke', 'meter-2', 'keyCompromise');
  await easyrsa(`--passin=${secret}`, 'gen-crl');
}
