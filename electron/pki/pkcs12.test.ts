import { readFile, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { keyPem, privateKeyFromPem } from './key-pem.ts';
import { generateEcKey, generateKey, type KeyPair } from './keys.ts';
import { certificatePem } from './pem.ts';
import { writePkcs12 } from './pkcs12.ts';
import { looksLikePkcs12, pkcs12SizeLimit, readPkcs12 } from './read-pkcs12.ts';
import { type Authority, issueLeaf, makeRoot, makeSite } from './testing/fleet.ts';
import { inScratchFolder, run } from './testing/run.ts';

const passphrase = 'señal de 2,4 GHz';
const now = new Date();
let root: Authority;
let site: Authority;

interface Device {
  readonly key: KeyPair;
  readonly certificate: Buffer;
  readonly chain: readonly Buffer[];
}

async function deviceOf(algorithm: 'p256' | 'rsa2048'): Promise<Device> {
  const key = await generateKey(algorithm);
  const { der } = await issueLeaf(site, 'device', key.spki, now);
  return { key, certificate: der, chain: [site.der, root.der] };
}

beforeAll(async () => {
  root = await makeRoot(generateEcKey('p256'), now);
  site = await makeSite(root, generateEcKey('p256'), now);
});

describe.each(['p256', 'rsa2048'] as const)('a %s device as PKCS#12', (algorithm) => {
  test.each([
    ['AES-256 and SHA-256', false],
    ['triple DES and SHA-1', true],
  ])('with %s opens in openssl, GnuTLS, NSS and Java, and here', async (_, legacy) => {
    const device = await deviceOf(algorithm);
    const contents = {
      pkcs8: device.key.pkcs8,
      certificate: device.certificate,
      chain: device.chain,
      friendlyName: 'meter-001 ñ',
    };
    const p12 = await writePkcs12(contents, passphrase, { legacy });
    await inScratchFolder(async (file) => {
      await writeFile(file('m.p12'), p12);
      const shown = await run('openssl', ['pkcs12', '-in', file('m.p12'), '-info', '-nodes', '-passin', `pass:${passphrase}`]);
      expect(shown.ok, shown.output).toBe(true);
      expect(shown.output).toMatch(legacy ? /MAC: sha1, Iteration 10000/ : /MAC: sha256, Iteration 100000/);
      expect(shown.output).toMatch(
        legacy ? /pbeWithSHA1And3-KeyTripleDES-CBC/ : /PBES2, PBKDF2, AES-256-CBC, Iteration 100000, PRF hmacWithSHA256/,
      );
      for (const der of [device.certificate, ...device.chain]) expect(shown.output).toContain(certificatePem(der));
      expect(shown.output).toContain(keyPem(device.key.pkcs8));
      const wrong = await run('openssl', ['pkcs12', '-in', file('m.p12'), '-nodes', '-passin', 'pass:wrong']);
      expect(wrong.ok).toBe(false);

      const gnutls = await run('certtool', ['--p12-info', '--inder', '--infile', file('m.p12'), '--password', passphrase]);
      expect(gnutls.ok, gnutls.output).toBe(true);
      expect(gnutls.output.match(/BEGIN CERTIFICATE/g)).toHaveLength(3);
      const mozilla = await run('pk12util', ['-l', file('m.p12'), '-W', passphrase]);
      expect(mozilla.ok, mozilla.output).toBe(true);
      expect(mozilla.output.match(/^Certificate/gm)).toHaveLength(3);
      // what Java takes from its command line depends on the locale, so its passphrase is plain
      await writeFile(file('j.p12'), await writePkcs12(contents, 'changeit', { legacy }));
      const list = ['-list', '-keystore', file('j.p12'), '-storetype', 'PKCS12', '-storepass', 'changeit'];
      const java = await run('keytool', list);
      expect(java.output).toMatch(/PrivateKeyEntry/);
    });
    const read = await readPkcs12(p12, passphrase);
    expect(read.keys).toMatchObject([{ pkcs8: device.key.pkcs8, friendlyName: 'meter-001 ñ' }]);
    expect(read.certificates.map(({ der }) => der)).toEqual([device.certificate, ...device.chain]);
    expect(read.certificates[0]?.localKeyId).toBe(read.keys[0]?.localKeyId);
    expect(read).toMatchObject({ authenticated: true, legacy });
    expect(looksLikePkcs12(p12)).toBe(true);
    await expect(readPkcs12(p12, 'wrong')).rejects.toMatchObject({ code: 'PASSPHRASE_WRONG' });
    await expect(readPkcs12(p12, undefined)).rejects.toMatchObject({ code: 'PASSPHRASE_MISSING' });
  });
});

test('a key of somebody else is not put beside a certificate', async () => {
  const device = await deviceOf('p256');
  const other = generateEcKey('p256').pkcs8;
  await expect(writePkcs12({ pkcs8: other, certificate: device.certificate, friendlyName: 'x' }, 'p')).rejects.toThrow(
    'key-mismatch',
  );
});

describe('files of others', () => {
  const openssl = (device: Device, options: readonly string[], secret = passphrase) =>
    inScratchFolder(async (file) => {
      await writeFile(file('k.pem'), keyPem(device.key.pkcs8));
      await writeFile(file('c.pem'), [device.certificate, ...device.chain].map(certificatePem).join(''));
      const args = ['pkcs12', '-export', '-inkey', file('k.pem'), '-in', file('c.pem'), '-name', 'm', '-out', file('o.p12')];
      const { ok, output } = await run('openssl', [...args, '-passout', `pass:${secret}`, ...options]);
      expect(ok, output).toBe(true);
      return readFile(file('o.p12'));
    });

  test.each<[string, string[], boolean, boolean]>([
    ['openssl 3', [], false, true],
    ['openssl 1: RC2 and triple DES', ['-legacy'], true, true],
    ['scrypt-free SHA-512 MAC', ['-macalg', 'sha512', '-iter', '5000'], false, true],
    ['no MAC', ['-nomac'], false, false],
    ['certificates in the clear', ['-certpbe', 'NONE'], false, true],
    ['nothing encrypted', ['-certpbe', 'NONE', '-keypbe', 'NONE'], false, true],
  ])('%s', async (_, options, legacy, authenticated) => {
    const device = await deviceOf('rsa2048');
    const bytes = await openssl(device, options);
    const read = await readPkcs12(bytes, passphrase);
    expect(read).toMatchObject({ legacy, authenticated, keys: [{ pkcs8: device.key.pkcs8, friendlyName: 'm' }] });
    expect(read.certificates.map(({ der }) => der)).toContainEqual(device.certificate);
    await expect(readPkcs12(bytes, 'wrong')).rejects.toMatchObject({ code: 'PASSPHRASE_WRONG' });
  });

  test('an empty passphrase, from openssl and from GnuTLS', async () => {
    const device = await deviceOf('p256');
    const bytes = await openssl(device, [], '');
    expect((await readPkcs12(bytes, '')).keys).toHaveLength(1);
    await expect(readPkcs12(bytes, 'x')).rejects.toMatchObject({ code: 'PASSPHRASE_WRONG' });
    await inScratchFolder(async (file) => {
      await writeFile(file('k.pem'), keyPem(device.key.pkcs8));
      await writeFile(file('c.pem'), certificatePem(device.certificate));
      const args = [
        '--to-p12',
        '--load-privkey',
        file('k.pem'),
        '--load-certificate',
        file('c.pem'),
        '--p12-name',
        'm',
        '--outder',
      ];
      const made = await run('certtool', [...args, '--password', passphrase, '--outfile', file('g.p12')]);
      expect(made.ok, made.output).toBe(true);
      expect((await readPkcs12(await readFile(file('g.p12')), passphrase)).keys[0]?.pkcs8).toEqual(device.key.pkcs8);
    });
  });

  test('NSS (BER) and Java', async () => {
    const device = await deviceOf('rsa2048');
    const ours = { pkcs8: device.key.pkcs8, certificate: device.certificate, chain: device.chain, friendlyName: 'meter-001' };
    await inScratchFolder(async (file) => {
      await writeFile(file('m.p12'), await writePkcs12(ours, passphrase));
      const database = ['-d', `sql:${file('.')}`];
      await run('certutil', ['-N', ...database, '--empty-password']);
      const imported = await run('pk12util', ['-i', file('m.p12'), ...database, '-W', passphrase]);
      expect(imported.ok, imported.output).toBe(true);
      const exported = await run('pk12util', ['-o', file('n.p12'), '-n', 'meter-001', ...database, '-W', passphrase]);
      expect(exported.ok, exported.output).toBe(true);
      const nss = await readPkcs12(await readFile(file('n.p12')), passphrase);
      expect(nss.certificates.map(({ der }) => der)).toContainEqual(device.certificate);
      expect(nss.keys).toHaveLength(1);
      await writeFile(file('s.p12'), await writePkcs12(ours, 'changeit'));
      const store = ['-srckeystore', file('s.p12'), '-srcstorepass', 'changeit', '-destkeystore', file('j.p12')];
      const java = await run('keytool', ['-importkeystore', ...store, '-deststoretype', 'PKCS12', '-deststorepass', 'changeit']);
      expect(java.ok, java.output).toBe(true);
      const read = await readPkcs12(await readFile(file('j.p12')), 'changeit');
      expect(read.keys[0]?.pkcs8).toEqual(device.key.pkcs8);
    });
  });

  test('nonsense and sizes are typed errors', async () => {
    const device = await deviceOf('p256');
    const p12 = await writePkcs12({ pkcs8: device.key.pkcs8, certificate: device.certificate, friendlyName: 'm' }, 'p', {
      iterations: 10,
    });
    const good = await readPkcs12(p12, 'p');
    await expect(readPkcs12(Buffer.alloc(pkcs12SizeLimit + 1), 'p')).rejects.toMatchObject({ code: 'FILE_TOO_LARGE' });
    await expect(readPkcs12(root.der, 'p')).rejects.toMatchObject({ code: 'FILE_MALFORMED' });
    expect(looksLikePkcs12(root.der)).toBe(false);
    await fc.assert(
      fc.asyncProperty(fc.nat(p12.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const bytes = Buffer.from(p12);
        bytes[at] = (bytes[at] ?? 0) ^ change;
        const read = await readPkcs12(bytes, 'p').catch((error: unknown) => error);
        // a few octets outside of what the MAC covers mean nothing (the NULL of an algorithm)
        if (read instanceof Error) expect(read).toMatchObject({ code: expect.stringMatching(/PASSPHRASE_WRONG|FILE_MALFORMED/) });
        else expect(read).toEqual(good);
      }),
      { numRuns: 300 },
    );
  });
});

describe('keys in old encryption of PEM', () => {
  test.each([
    ['SEC1 with AES-256', 'ec', '-aes256'],
    ['SEC1 with triple DES', 'ec', '-des3'],
    ['PKCS#1 with AES-128', 'rsa', '-aes128'],
    ['PKCS#1 with triple DES', 'rsa', '-des3'],
  ] as const)('%s', async (_, kind, cipher) => {
    const { pkcs8 } = await generateKey(kind === 'ec' ? 'p256' : 'rsa2048');
    const form = kind === 'ec' ? [] : ['-traditional'];
    const { output } = await run('openssl', [kind, cipher, ...form, '-passout', `pass:${passphrase}`], keyPem(pkcs8));
    const pem = output.slice(output.indexOf('-----BEGIN'));
    expect(pem).toContain('Proc-Type: 4,ENCRYPTED');
    expect(await privateKeyFromPem(pem, passphrase)).toEqual(pkcs8);
    await expect(privateKeyFromPem(pem, 'wrong')).rejects.toMatchObject({ code: 'PASSPHRASE_WRONG' });
    await expect(privateKeyFromPem(pem)).rejects.toMatchObject({ code: 'PASSPHRASE_MISSING' });
  });

  test.each([
    ['PKCS#12 scheme with triple DES', ['-v1', 'PBE-SHA1-3DES']],
    ['PBES2 with SHA-384', ['-v2', 'aes-192-cbc', '-v2prf', 'hmacWithSHA384']],
    ['PBES2 with SHA-224', ['-v2', 'aes-128-cbc', '-v2prf', 'hmacWithSHA224']],
    ['scrypt with AES-128', ['-scrypt', '-v2', 'aes-128-cbc']],
  ])('%s', async (_, options) => {
    const { pkcs8 } = generateEcKey('p256');
    const { output } = await run('openssl', ['pkcs8', '-topk8', ...options, '-passout', `pass:${passphrase}`], keyPem(pkcs8));
    expect(await privateKeyFromPem(output, passphrase)).toEqual(pkcs8);
  });

  test('single DES is refused by name', async () => {
    const { pkcs8 } = generateEcKey('p256');
    const { output } = await run('openssl', ['ec', '-des3', '-passout', 'pass:p'], keyPem(pkcs8));
    const pem = output.slice(output.indexOf('-----BEGIN')).replace('DES-EDE3-CBC', 'DES-CBC');
    await expect(privateKeyFromPem(pem, 'p')).rejects.toMatchObject({ params: { reason: expect.stringContaining('DES-CBC') } });
  });
});
