import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestAuthority } from '../../../broker/testing/certificates.ts';

const run = promisify(execFile);
export const filePassphrase = 'gefälschter Schlüssel ñ 7';

export interface FileCase {
  readonly name: string;
  readonly files: readonly { readonly name: string; readonly bytes: Uint8Array }[];
  readonly encrypted: boolean;
}

/** One client certificate with its key in every form and encryption that openssl writes and people have lying about. */
export async function clientFileCases(authority: TestAuthority): Promise<FileCase[]> {
  const { folder } = authority;
  const client = await authority.issue('files-client');
  const at = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => run('openssl', args, { cwd: folder });
  await writeFile(at('pass'), `${filePassphrase}\n`);
  await writeFile(at('client.pem'), client.certificate);
  await writeFile(at('client.key.pem'), client.key);
  const out = ['-passout', 'file:pass'];
  const outputs: [file: string, args: string[]][] = [
    ['sec1.pem', ['ec', '-in', 'client.key.pem', '-out', 'sec1.pem']],
    ['key.der', ['pkcs8', '-topk8', '-nocrypt', '-in', 'client.key.pem', '-outform', 'DER', '-out', 'key.der']],
    ['sec1.der', ['ec', '-in', 'client.key.pem', '-outform', 'DER', '-out', 'sec1.der']],
    ['client.der', ['x509', '-in', 'client.pem', '-outform', 'DER', '-out', 'client.der']],
    ...['aes-256-cbc', 'aes-128-cbc', 'des-ede3-cbc'].map((cipher): [string, string[]] => [
      `pbes2-${cipher}.pem`,
      ['pkcs8', '-topk8', '-v2', cipher, '-in', 'client.key.pem', ...out, '-out', `pbes2-${cipher}.pem`],
    ]),
    ['scrypt.pem', ['pkcs8', '-topk8', '-scrypt', '-in', 'client.key.pem', ...out, '-out', 'scrypt.pem']],
    [
      'sha512.pem',
      [
        'pkcs8',
        '-topk8',
        '-v2',
        'aes-256-cbc',
        '-v2prf',
        'hmacWithSHA512',
        '-in',
        'client.key.pem',
        ...out,
        '-out',
        'sha512.pem',
      ],
    ],
    [
      'pbes2.der',
      ['pkcs8', '-topk8', '-v2', 'aes-256-cbc', '-in', 'client.key.pem', ...out, '-outform', 'DER', '-out', 'pbes2.der'],
    ],
    ['traditional-aes.pem', ['ec', '-in', 'client.key.pem', '-aes256', ...out, '-out', 'traditional-aes.pem']],
    ['traditional-3des.pem', ['ec', '-in', 'client.key.pem', '-des3', ...out, '-out', 'traditional-3des.pem']],
    ['modern.p12', pkcs12('modern.p12')],
    ['sha512.p12', pkcs12('sha512.p12', '-macalg', 'sha512')],
    ['3des.p12', pkcs12('3des.p12', '-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1')],
    ['legacy.p12', pkcs12('legacy.p12', '-legacy')],
  ];
  function pkcs12(file: string, ...more: string[]): string[] {
    return [
      'pkcs12',
      '-export',
      ...more,
      '-in',
      'client.pem',
      '-inkey',
      'client.key.pem',
      '-certfile',
      'ca.crt',
      ...out,
      '-out',
      file,
    ];
  }
  for (const [, args] of outputs) await openssl(...args);
  const bytes = async (name: string) => ({ name, bytes: new Uint8Array(await readFile(at(name))) });
  const certificate = await bytes('client.pem');
  const together = {
    name: 'both.pem',
    bytes: new Uint8Array(Buffer.concat([await readFile(at('client.key.pem')), await readFile(at('client.pem'))])),
  };
  const cases: FileCase[] = [
    { name: 'PEM', files: [await bytes('client.key.pem'), certificate], encrypted: false },
    { name: 'one PEM file', files: [together], encrypted: false },
    { name: 'DER', files: [await bytes('client.der'), await bytes('key.der')], encrypted: false },
    { name: 'DER, SEC1', files: [await bytes('client.der'), await bytes('sec1.der')], encrypted: false },
  ];
  for (const [file] of outputs) {
    if (/^(key|sec1|client)\.der$/.test(file)) continue;
    const alone = file.endsWith('.p12');
    cases.push({
      name: file,
      files: alone ? [await bytes(file)] : [certificate, await bytes(file)],
      encrypted: file !== 'sec1.pem',
    });
  }
  return cases;
}
