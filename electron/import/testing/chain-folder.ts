import { mkdir, rm, writeFile } from 'node:fs/promises';
import { openssl } from './script-folder.ts';

export interface RevokedByChain {
  /** Of which authority: its list names the certificate. */
  readonly by: 'root' | 'one' | 'two';
  readonly certificate: string;
  readonly reason: string;
}

/**
 * A root, two authorities for sites below it and devices of all three, made by openssl: `root.crt`, `one.crt`, `meter-one.crt`, with a
 * list of each authority (`root.crl`), valid for so many days; keys beside them.
 */
export async function chainFolder(
  file: (name: string) => string,
  { revoked = [], listDays = 90 }: { readonly revoked?: readonly RevokedByChain[]; readonly listDays?: number } = {},
): Promise<void> {
  await mkdir(file('.'), { recursive: true });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const named = (name: string) => ['-subj', `/O=Lab/CN=${name}`, '-keyout', file(`${name}.key`)];
  const usage = ['-addext', 'keyUsage=critical,keyCertSign,cRLSign'];
  await openssl('req', '-x509', ...key, ...named('root'), ...usage, '-days', '3650', '-out', file('root.crt'));
  const signed = async (name: string, issuer: string, extensions: readonly string[]) => {
    await openssl('req', ...key, ...named(name), '-out', file(`${name}.csr`));
    await writeFile(file(`${name}.ext`), `${extensions.join('\n')}\n`);
    const ca = ['-CA', file(`${issuer}.crt`), '-CAkey', file(`${issuer}.key`), '-days', '1800'];
    await openssl(
      'x509',
      '-req',
      '-in',
      file(`${name}.csr`),
      ...ca,
      '-extfile',
      file(`${name}.ext`),
      '-out',
      file(`${name}.crt`),
    );
    for (const end of ['csr', 'ext']) await rm(file(`${name}.${end}`));
  };
  const both = ['subjectKeyIdentifier=hash', 'authorityKeyIdentifier=keyid'];
  const authority = ['basicConstraints=critical,CA:TRUE,pathlen:0', 'keyUsage=critical,keyCertSign,cRLSign', ...both];
  const device = ['basicConstraints=critical,CA:FALSE', 'extendedKeyUsage=clientAuth', ...both];
  const server = [...device.slice(0, 1), 'extendedKeyUsage=serverAuth', 'subjectAltName=DNS:localhost,IP:127.0.0.1', ...both];
  for (const site of ['one', 'two']) await signed(site, 'root', authority);
  for (const issuer of ['root', 'one', 'two']) await signed(`meter-${issuer}`, issuer, device);
  for (const extra of ['meter-root-2', 'meter-one-2', 'meter-one-3', 'meter-two-2'])
    await signed(extra, extra.split('-')[1] ?? '', device);
  await signed('broker', 'two', server);
  for (const issuer of ['root', 'one', 'two']) {
    const own = revoked.filter(({ by }) => by === issuer);
    await listOf(file, issuer, own, listDays);
  }
}

/** A new list of one authority, by `openssl ca`. */
export async function listOf(
  file: (name: string) => string,
  issuer: string,
  revoked: readonly Omit<RevokedByChain, 'by'>[],
  days: number,
): Promise<void> {
  const [index, number, config] = [file('index.txt'), file('crlnumber'), file('ca.cnf')];
  await writeFile(index, '');
  await writeFile(number, `${Date.now().toString(16).padStart(12, '0')}\n`);
  await writeFile(
    config,
    `[ca]\ndefault_ca=c\n[c]\ndatabase=${index}\ncrlnumber=${number}\ndefault_md=sha256\ndefault_crl_days=30\ncrl_extensions=e\n[e]\nauthorityKeyIdentifier=keyid\n`,
  );
  const by = ['-config', config, '-cert', file(`${issuer}.crt`), '-keyfile', file(`${issuer}.key`)];
  for (const { certificate, reason } of revoked)
    await openssl('ca', ...by, '-revoke', file(`${certificate}.crt`), '-crl_reason', reason);
  await openssl('ca', ...by, '-gencrl', '-crldays', String(days), '-out', file(`${issuer}.crl`));
  for (const left of [
    'index.txt',
    'index.txt.attr',
    'index.txt.old',
    'index.txt.attr.old',
    'crlnumber',
    'crlnumber.old',
    'ca.cnf',
  ])
    await rm(file(left), { force: true });
}
