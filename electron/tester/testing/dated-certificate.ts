import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestAuthority } from '../../broker/testing/certificates.ts';

const run = promisify(execFile);

const dated = `[ca]
default_ca = dated
[dated]
database = index.txt
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
`;

/** A certificate with dates of one's choice (YYYYMMDDHHMMSSZ). */
export async function issueDated(authority: TestAuthority, name: string, usage: string, start: string, end: string) {
  const at = (file: string) => join(authority.folder, file);
  await writeFile(at('dated.cnf'), dated);
  await authority.issue(name, usage as 'clientAuth');
  const signing = [
    'ca',
    '-batch',
    '-notext',
    '-config',
    'dated.cnf',
    '-keyfile',
    'ca.key',
    '-cert',
    'ca.crt',
    '-in',
    `${name}.csr`,
  ];
  const dates = ['-startdate', start, '-enddate', end, '-extfile', 'openssl.cnf', '-extensions', usage, '-out', `${name}.crt`];
  await run('openssl', [...signing, ...dates], { cwd: authority.folder });
  return { certificate: await readFile(at(`${name}.crt`), 'utf8'), key: await readFile(at(`${name}.key`), 'utf8') };
}
