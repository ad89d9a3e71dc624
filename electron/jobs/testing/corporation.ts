import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { DroppedFile } from '../review-requests.ts';

const run = promisify(execFile);

/** What `openssl ca` needs of its own: a database, and which names it lets through. */
const config = `
[ca]
default_ca = here
[here]
dir = .
database = index.txt
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = any
copy_extensions = none
unique_subject = no
[any]
countryName = optional
stateOrProvinceName = optional
localityName = optional
organizationName = optional
organizationalUnitName = optional
commonName = supplied
`;

export const siteExtensions = [
  'basicConstraints=critical,CA:TRUE,pathlen:0',
  'keyUsage=critical,keyCertSign,cRLSign',
  'subjectKeyIdentifier=hash',
  'authorityKeyIdentifier=keyid',
];

/** A company's authorities, root and policy authority, made by openssl in a folder: they answer our requests. */
export class Corporation {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  openssl(...args: string[]): Promise<{ stdout: string; stderr: string }> {
    return run('openssl', args, { cwd: this.folder });
  }

  /** `more`: extensions of the policy authority besides the usual ones. */
  static async create(folder: string, more: readonly string[] = [], pathLength = 1): Promise<Corporation> {
    await mkdir(folder, { recursive: true });
    const corporation = new Corporation(folder);
    const { openssl } = corporation;
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384', '-nodes'];
    const usage = ['-addext', 'keyUsage=critical,keyCertSign,cRLSign'];
    const root = ['-keyout', 'root.key', '-out', 'root.crt', '-days', '6000', '-subj', '/O=Corp/CN=Corp Root'];
    await openssl.call(corporation, 'req', '-x509', ...key, ...root, ...usage);
    await openssl.call(corporation, 'req', ...key, '-keyout', 'mid.key', '-out', 'mid.csr', '-subj', '/O=Corp/CN=Corp Policy');
    await corporation.sign('mid.csr', 'mid.crt', {
      by: 'root',
      extensions: [`basicConstraints=critical,CA:TRUE,pathlen:${pathLength}`, ...siteExtensions.slice(1), ...more],
    });
    await writeFile(join(folder, 'ca.conf'), config);
    await writeFile(join(folder, 'index.txt'), '');
    return corporation;
  }

  /** With `openssl x509 -req`, and exactly these extensions. */
  async sign(
    request: string,
    out: string,
    options: { readonly by?: string; readonly extensions?: readonly string[]; readonly days?: number } = {},
  ): Promise<void> {
    const { by = 'mid', extensions = siteExtensions, days = 1500 } = options;
    await writeFile(join(this.folder, `${out}.ext`), `${extensions.join('\n')}\n`);
    await this.openssl(
      ...`x509 -req -in ${request} -CA ${by}.crt -CAkey ${by}.key -days ${days} -extfile ${out}.ext -out ${out}`.split(' '),
    );
  }

  /** With `openssl ca`, as companies do that have no product for it. */
  async signAsCa(
    request: string,
    out: string,
    { from = '20200101000000Z', until = '20400101000000Z' }: { readonly from?: string; readonly until?: string } = {},
  ): Promise<void> {
    await writeFile(join(this.folder, `${out}.ext`), `${siteExtensions.join('\n')}\n`);
    const authority = '-config ca.conf -cert mid.crt -keyfile mid.key';
    await this.openssl(
      ...`ca -batch -notext ${authority} -startdate ${from} -enddate ${until} -extfile ${out}.ext -in ${request} -out ${out}`.split(
        ' ',
      ),
    );
  }

  async save(name: string, text: string): Promise<string> {
    await writeFile(join(this.folder, name), text);
    return name;
  }

  read(name: string): Promise<string> {
    return readFile(join(this.folder, name), 'utf8');
  }

  files(...names: string[]): Promise<DroppedFile[]> {
    return Promise.all(names.map(async (name) => ({ name, bytes: await readFile(join(this.folder, name)) })));
  }
}
