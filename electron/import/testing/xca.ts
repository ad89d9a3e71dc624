import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openssl } from './script-folder.ts';

/** ms after which a terminal that does not listen is given up; the program itself takes one or two seconds. */
const patience = 20_000;

/**
 * Runs the real XCA on `x.xdb` in a folder; a new database asks for its password on a terminal, which `script` gives it. Now
 * and then that terminal hears nothing of what is typed: then it is ended and everything begins anew.
 */
export async function xca(folder: string, args: string, password: string): Promise<void> {
  const database = join(folder, 'x.xdb');
  const isNew = !existsSync(database);
  for (let attempt = 1; ; attempt++) {
    const ended = await runOnce(folder, args, password);
    if (ended.code === 0) return;
    if (!ended.late || attempt === 4) throw new Error(`xca ended with ${ended.code}: ${ended.output}`);
    if (isNew) await rm(database, { force: true });
  }
}

function runOnce(
  folder: string,
  args: string,
  password: string,
): Promise<{ readonly code: number | null; readonly late: boolean; readonly output: string }> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, QT_QPA_PLATFORM: 'offscreen' };
    const child = spawn('script', ['-qec', `xca --no-gui --database=x.xdb ${args} --exit`, '/dev/null'], { cwd: folder, env });
    let output = '';
    let late = false;
    const giveUp = setTimeout(() => {
      late = true;
      // its terminal goes with it, and the program with its terminal
      child.kill('SIGKILL');
    }, patience);
    // it throws away what was typed before it listens, and says nothing when it does; so the answer is given until it ends
    let answering: NodeJS.Timeout | undefined;
    child.stdin.on('error', () => {});
    child.stdout.on('data', (data: Buffer) => {
      output += data.toString('utf8');
      if (output.includes('Password:')) answering ??= setInterval(() => child.stdin.write(`${password}\n`), 200);
    });
    const stop = () => {
      clearTimeout(giveUp);
      clearInterval(answering);
    };
    child.on('close', stop);
    child.on('error', (error) => {
      stop();
      reject(error);
    });
    child.on('exit', (code) => resolve({ code, late, output }));
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
