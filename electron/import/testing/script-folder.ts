import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { run } from '../../pki/testing/run.ts';

/** A line of mosquitto_passwd. */
export const passwordHash = `$7$101$${Buffer.alloc(12).toString('base64')}$${Buffer.alloc(64, 4).toString('base64')}`;

export async function openssl(...args: string[]): Promise<void> {
  const { ok, output } = await run('openssl', args);
  if (!ok) throw new Error(`${args.join(' ')}: ${output}`);
}

/** What the certificate script does, line by line: RSA, 99,999 days, no extensions but the server's SAN. */
export async function scriptFolder(file: (name: string) => string): Promise<void> {
  for (const folder of ['ca', 'server', 'meter-1', 'meter-2']) await mkdir(file(folder), { recursive: true });
  const subject = '/C=ES/ST=Badajoz/L=Badajoz/O=Lab/CN=';
  await openssl('genrsa', '-out', file('ca/ca.key'), '2048');
  await openssl(
    'req',
    '-new',
    '-x509',
    '-days',
    '99999',
    '-key',
    file('ca/ca.key'),
    '-out',
    file('ca/ca.crt'),
    '-subj',
    `${subject}CA`,
  );
  const signed = async (folder: string, name: string, ...more: string[]) => {
    const [key, csr, crt] = ['key', 'csr', 'crt'].map((end) => file(`${folder}/${name}.${end}`)) as [string, string, string];
    await openssl('genrsa', '-out', key, '2048');
    await openssl('req', '-new', '-key', key, '-out', csr, '-subj', `${subject}${folder}`);
    const ca = ['-CA', file('ca/ca.crt'), '-CAkey', file('ca/ca.key'), '-CAcreateserial', '-days', '99999'];
    await openssl('x509', '-req', '-in', csr, '-out', crt, ...ca, ...more);
  };
  await writeFile(file('san.ext'), 'subjectAltName=DNS:mqtt.lab.com,IP:192.0.2.1\n');
  await signed('server', 'server', '-extfile', file('san.ext'));
  for (const meter of ['meter-1', 'meter-2']) {
    await signed(meter, 'client');
    await writeFile(file(`${meter}/ca.crt`), await readFile(file('ca/ca.crt')));
    await writeFile(file(`${meter}/passwd`), `${meter}:${passwordHash}\nbroken line\n`);
  }
}
