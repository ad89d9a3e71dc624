import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface TestIdentity {
  readonly certificate: string;
  /** PKCS#8. */
  readonly key: string;
  readonly certificateFile: string;
  readonly keyFile: string;
}

export interface TestAuthority {
  readonly folder: string;
  readonly ca: string;
  readonly caFile: string;
  /** The revocation list as it is now. */
  crl(): Promise<string>;
  revoke(name: string): Promise<void>;
  issue(name: string, usage?: 'clientAuth' | 'serverAuth'): Promise<TestIdentity>;
}

const config = `[req]
distinguished_name = dn
[dn]
[ca]
default_ca = here
[here]
database = index.txt
crlnumber = crlnumber
default_md = sha256
default_crl_days = 30
crl_extensions = crlExtensions
[crlExtensions]
authorityKeyIdentifier = keyid
[clientAuth]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = clientAuth
[serverAuth]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = DNS:localhost,IP:127.0.0.1,IP:::1
`;

/** An authority made by openssl alone, so that the broker kit is not judged by the certificates of our own code. */
export async function makeTestAuthority(folder: string): Promise<TestAuthority> {
  await mkdir(folder, { recursive: true });
  const openssl = async (...args: string[]) => void (await run('openssl', args, { cwd: folder }));
  await writeFile(join(folder, 'openssl.cnf'), config);
  await writeFile(join(folder, 'index.txt'), '');
  await writeFile(join(folder, 'crlnumber'), '01\n');
  const key = (file: string) => openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', file);
  await key('ca.key');
  const root = [
    '-config',
    'openssl.cnf',
    '-addext',
    'basicConstraints=critical,CA:TRUE',
    '-addext',
    'keyUsage=critical,keyCertSign,cRLSign',
  ];
  await openssl('req', '-x509', '-new', '-key', 'ca.key', '-subj', '/CN=Test CA', '-days', '30', '-out', 'ca.crt', ...root);
  const signer = ['-config', 'openssl.cnf', '-keyfile', 'ca.key', '-cert', 'ca.crt'];
  const read = (file: string) => readFile(join(folder, file), 'utf8');
  return {
    folder,
    ca: await read('ca.crt'),
    caFile: join(folder, 'ca.crt'),
    async crl() {
      await openssl('ca', ...signer, '-gencrl', '-out', 'crl.pem');
      return read('crl.pem');
    },
    revoke: (name) => openssl('ca', ...signer, '-revoke', `${name}.crt`),
    async issue(name, usage = 'clientAuth') {
      await key(`${name}.key`);
      await openssl(
        'req',
        '-new',
        '-config',
        'openssl.cnf',
        '-key',
        `${name}.key`,
        '-subj',
        `/CN=${name}`,
        '-out',
        `${name}.csr`,
      );
      const signing = [
        '-CA',
        'ca.crt',
        '-CAkey',
        'ca.key',
        '-set_serial',
        `0x${Buffer.from(name).toString('hex').slice(0, 30)}`,
        '-days',
        '10',
      ];
      await openssl(
        'x509',
        '-req',
        '-in',
        `${name}.csr`,
        ...signing,
        '-extfile',
        'openssl.cnf',
        '-extensions',
        usage,
        '-out',
        `${name}.crt`,
      );
      return {
        certificate: await read(`${name}.crt`),
        key: await read(`${name}.key`),
        certificateFile: join(folder, `${name}.crt`),
        keyFile: join(folder, `${name}.key`),
      };
    },
  };
}
