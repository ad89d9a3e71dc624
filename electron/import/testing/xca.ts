import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { openssl } from './script-folder.ts';

/** Runs the real XCA on `x.xdb` in a folder; a new database asks for its password on a terminal, which `script` gives it. */
export function xca(folder: string, args: string, password: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, QT_QPA_PLATFORM: 'offscreen' };
    const child = spawn('script', ['-qec', `xca --no-gui --database=x.xdb ${args} --exit`, '/dev/null'], { cwd: folder, env });
    let output = '';
    // it throws away what was typed before it listens, and says nothing when it does; so the answer is given until it ends
    let answering: NodeJS.Timeout | undefined;
    child.stdin.on('error', () => {});
    child.stdout.on('data', (data: Buffer) => {
      output += data.toString('utf8');
      if (output.includes('Password:')) answering ??= setInterval(() => child.stdin.write(`${password}\n`), 200);
    });
    child.on('close', () => clearInterval(answering));
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`xca ended with ${code}: ${output}`))));
  });
}

/**
 * A database of the real XCA in `x.xdb`: a CA, the broker's certificate and that of `dev-1`, each with its key under the
 * password, as its templates write them. What went in lies beside it (`ca.crt`, `dev-1.crt`, `dev-1.key`).
 */
export async function xcaDatabase(file: (name: string) => string, password: string): Promise<void> {
  const p256 = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const authority = ['-addext', 'keyUsage=critical,keyCertSign,cRLSign', '-days', '3650'];
  await openssl('req', '-x509', ...p256, '-subj', '/CN=XCA CA', ...authority, '-keyout', file('ca.key'), '-out', file('ca.crt'));
  const extensions = {
    'mqtt-server': 'basicConstraints=critical,CA:FALSE\nextendedKeyUsage=serverAuth\nsubjectAltName=DNS:localhost,IP:127.0.0.1\n',
    'dev-1': 'basicConstraints=critical,CA:FALSE\nextendedKeyUsage=clientAuth\n',
  };
  for (const [index, [name, text]] of Object.entries(extensions).entries()) {
    await writeFile(file(`${name}.ext`), text);
    await openssl('req', ...p256, '-subj', `/CN=${name}`, '-keyout', file(`${name}.key`), '-out', file(`${name}.csr`));
    const sign = ['-CA', file('ca.crt'), '-CAkey', file('ca.key'), '-set_serial', String(77 + index), '-days', '300'];
    await openssl(
      'x509',
      '-req',
      '-in',
      file(`${name}.csr`),
      ...sign,
      '-extfile',
      file(`${name}.ext`),
      '-out',
      file(`${name}.crt`),
    );
  }
  const files = ['ca', ...Object.keys(extensions)].flatMap((name) => [`${name}.key`, `${name}.crt`]);
  await xca(file('.'), `--import ${files.join(' ')}`, password);
}
