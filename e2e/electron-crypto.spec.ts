import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { electronCommand, expect, passphrase, root, test } from './fixtures/app.ts';
import { cli } from './fixtures/cli.ts';

const run = promisify(execFile);
const keyPassphrase = 'a key for the field';

/**
 * Electron's crypto is BoringSSL: the same work is done once more inside the real Electron (`fieldkey cli …`, as in a
 * packaged program) and judged by openssl.
 */
async function insideElectron(scratch: string, ...command: string[]): Promise<string> {
  const { executable, args } = electronCommand();
  const env = { ...process.env, FIELDKEY_PASSPHRASE: passphrase, FIELDKEY_KEY_PASSPHRASE: keyPassphrase };
  const { stdout } = await run(executable, [...args, `--user-data-dir=${path.join(scratch, 'user')}`, 'cli', ...command], {
    env,
    maxBuffer: 64e6,
  });
  return stdout;
}

for (const key of ['p256', 'p384', 'rsa2048', 'rsa3072']) {
  test(`BoringSSL issues what openssl accepts: ${key}`, async ({ scratch }) => {
    const plan = JSON.parse(readFileSync(path.join(root, 'resources/samples/plan.json'), 'utf8'));
    const file = path.join(scratch, 'plan.json');
    const vault = path.join(scratch, 'v.fieldkey');
    const out = path.join(scratch, 'out');
    writeFileSync(
      file,
      JSON.stringify({ ...plan, authority: { key }, devices: [{ id: 'meter-001' }, { id: 'dash-1', role: 'dashboard' }] }),
    );
    await insideElectron(scratch, 'provision', file, '--vault', vault, '--out', out, '--encrypt-keys');
    const at = (...parts: string[]) => path.join(out, 'lab', ...parts);
    const crl = ['-crl_check', '-CRLfile', at('broker/certs/crl.pem')];
    const verify = (...args: string[]) =>
      run('openssl', ['verify', '-x509_strict', '-no-CApath', '-CAfile', at('broker/certs/ca.crt'), ...crl, ...args]);
    await verify('-purpose', 'sslclient', at('devices/meter-001/client.crt'));
    await verify('-purpose', 'sslserver', '-verify_hostname', 'mqtt.lab.example', at('broker/certs/server.crt'));
    await verify('-purpose', 'sslserver', '-verify_ip', '::1', at('broker/certs/server.crt'));
    // the encrypted key belongs to the certificate
    const fromKey = await run('openssl', [
      'pkey',
      '-in',
      at('devices/meter-001/client.key'),
      '-passin',
      `pass:${keyPassphrase}`,
      '-pubout',
    ]);
    const fromCertificate = await run('openssl', ['x509', '-in', at('devices/meter-001/client.crt'), '-noout', '-pubkey']);
    expect(fromKey.stdout).toBe(fromCertificate.stdout);
    // what Electron stored, Node opens, and the other way round
    expect(await cli('verify', '--vault', vault)).toContain('Sound');
    expect(await insideElectron(scratch, 'list', '--vault', vault)).toContain('meter-001');
    expect(existsSync(`${vault}-wal`)).toBe(false);
  });
}
