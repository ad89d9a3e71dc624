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

/** The files of others that the two crypto libraries know in different measure. Each command writes @x. */
const foreign: Readonly<Record<string, string>> = {
  'p256.csr': 'req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout @k -out @x -subj /CN=m',
  'p384-sha512.csr': 'req -newkey ec -pkeyopt ec_paramgen_curve:P-384 -sha512 -nodes -keyout @k -out @x -subj /CN=m',
  'rsa4096.csr': 'req -newkey rsa:4096 -nodes -keyout @k -out @x -subj /CN=m',
  'secp256k1.csr': 'req -newkey ec -pkeyopt ec_paramgen_curve:secp256k1 -nodes -keyout @k -out @x -subj /CN=m',
  'brainpool.csr': 'req -newkey ec -pkeyopt ec_paramgen_curve:brainpoolP256r1 -nodes -keyout @k -out @x -subj /CN=m',
  'explicit.csr':
    'req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit -nodes -keyout @k -out @x -subj /CN=m',
  'ed25519.csr': 'req -newkey ed25519 -nodes -keyout @k -out @x -subj /CN=m',
  'pss.csr': 'req -newkey rsa:2048 -sigopt rsa_padding_mode:pss -nodes -keyout @k -out @x -subj /CN=m',
  'sha1.csr': 'req -newkey rsa:2048 -sha1 -nodes -keyout @k -out @x -subj /CN=m',
  'rsa1024.csr': 'req -newkey rsa:1024 -nodes -keyout @k -out @x -subj /CN=m',
  'brainpool.crt': 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:brainpoolP256r1 -nodes -keyout @k -out @x -subj /CN=m',
};
const encryptedKeys: Readonly<Record<string, string[]>> = {
  'sha512.key': ['pkcs8', '-topk8', '-v2', 'aes-256-cbc', '-v2prf', 'hmacWithSHA512'],
  'sha1.key': ['pkcs8', '-topk8', '-v2', 'des3', '-v2prf', 'hmacWithSHA1'],
  'scrypt.key': ['pkcs8', '-topk8', '-scrypt'],
  'pkcs12-scheme.key': ['pkcs8', '-topk8', '-v1', 'PBE-SHA1-3DES'],
  'traditional-3des.key': ['ec', '-des3'],
  'traditional-aes.key': ['ec', '-aes256'],
};

test('BoringSSL reads requests, keys and PKCS#12 of others as Node does, and refuses the same by name', async ({ scratch }) => {
  const at = (name: string) => path.join(scratch, name);
  for (const [name, line] of Object.entries(foreign)) {
    const words = line.split(' ').map((word) => (word === '@x' ? at(name) : word === '@k' ? at(`open.${name}.pem`) : word));
    await run('openssl', words);
  }
  const key = at('open.p256.csr.pem');
  for (const [name, options] of Object.entries(encryptedKeys))
    await run('openssl', [...options, '-in', key, '-out', at(name), '-passout', `pass:${keyPassphrase}`]);
  await run('openssl', ['req', '-x509', '-key', key, '-subj', '/CN=m', '-out', at('m.crt')]);
  for (const [name, options] of [
    ['new.p12', []],
    ['old.p12', ['-legacy']],
  ] as const) {
    const form = ['pkcs12', '-export', '-inkey', key, '-in', at('m.crt'), '-name', 'm', '-out', at(name)];
    await run('openssl', [...form, ...options, '-passout', `pass:${keyPassphrase}`]);
  }
  const files = [...Object.keys(foreign), ...Object.keys(encryptedKeys), 'new.p12', 'old.p12'].map(at);
  const lint = (work: Promise<unknown>): Promise<string> =>
    work.then(String, (error: { stdout?: string; code?: number }) => {
      expect(error.code).toBe(7);
      return error.stdout ?? '';
    });
  process.env['FIELDKEY_KEY_PASSPHRASE'] = keyPassphrase;
  const inNode = JSON.parse(await lint(cli('lint', '--json', ...files)));
  delete process.env['FIELDKEY_KEY_PASSPHRASE'];
  const inElectron = JSON.parse(await lint(insideElectron(scratch, 'lint', '--json', ...files)));
  expect(inElectron).toEqual(inNode);
  const found = Object.fromEntries(
    inElectron.files.map(({ file, objects }: { file: string; objects: { kind: string; refusal?: string }[] }) => [
      path.basename(file),
      objects.map(({ kind, refusal }) => refusal ?? kind).join(' '),
    ]),
  );
  const key256 = Object.fromEntries(Object.keys(encryptedKeys).map((name) => [name, 'private-key']));
  expect(found).toEqual({
    'p256.csr': 'request',
    'p384-sha512.csr': 'request',
    'rsa4096.csr': 'request',
    'secp256k1.csr': 'curve',
    'brainpool.csr': 'curve',
    'explicit.csr': 'curve-explicit',
    'ed25519.csr': 'key-algorithm',
    'pss.csr': 'signature-pss',
    'sha1.csr': 'signature-hash',
    'rsa1024.csr': 'rsa-too-short',
    'brainpool.crt': 'certificate',
    ...key256,
    'new.p12': 'pkcs12 certificate private-key',
    'old.p12': 'pkcs12 certificate private-key',
  });
});
