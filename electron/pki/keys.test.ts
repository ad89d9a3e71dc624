import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keyAlgorithms } from '../../shared/model/key.ts';
import { decryptKeyPem, encryptKeyPem } from './key-encryption.ts';
import { keyPem, privateKeyFromPem } from './key-pem.ts';
import { generateEcKey, generateKey, keyAlgorithmOf, spkiSha256, subjectKeyIdentifier } from './keys.ts';
import { pemToDer, toPem } from './pem.ts';
import { softwareSigner } from './signer.ts';
import { certtoolKey, opensslKey } from './testing/judges.ts';
import { run } from './testing/run.ts';

const passphrase = 'señal de 2,4 GHz';

describe.each(keyAlgorithms)('a %s key', (algorithm) => {
  const made = generateKey(algorithm);

  test('is what it says, in every form, for openssl and GnuTLS', async () => {
    const { pkcs8, spki } = await made;
    expect(keyAlgorithmOf(spki)).toBe(algorithm);
    const publicPem = toPem('PUBLIC KEY', spki);
    const plain = keyPem(pkcs8);
    const traditional = keyPem(pkcs8, { form: algorithm.startsWith('p') ? 'sec1' : 'pkcs1' });
    for (const pem of [plain, traditional]) {
      const verdict = await opensslKey(pem);
      expect(verdict).toEqual({ ok: true, output: publicPem });
      expect(await privateKeyFromPem(pem)).toEqual(pkcs8);
    }
    expect((await certtoolKey(plain)).ok).toBe(true);
    expect(() => keyPem(pkcs8, { form: algorithm.startsWith('p') ? 'pkcs1' : 'sec1' })).toThrow('INPUT_INVALID');
  });

  test('encrypted, opens with its passphrase only', async () => {
    const { pkcs8, spki } = await made;
    const pem = await encryptKeyPem(pkcs8, passphrase);
    expect(await opensslKey(pem, passphrase)).toEqual({ ok: true, output: toPem('PUBLIC KEY', spki) });
    expect((await opensslKey(pem, 'wrong')).ok).toBe(false);
    expect((await certtoolKey(pem, passphrase)).ok).toBe(true);
    expect((await certtoolKey(pem, 'wrong')).ok).toBe(false);
    expect((await run('openssl', ['asn1parse', '-i'], pem)).output).toMatch(
      /PBKDF2[\s\S]*0186A0[\s\S]*hmacWithSHA256[\s\S]*aes-256-cbc/,
    );
    expect(await decryptKeyPem(pem, passphrase)).toEqual(pkcs8);
    expect(await privateKeyFromPem(pem, passphrase)).toEqual(pkcs8);
    await expect(decryptKeyPem(pem, 'wrong')).rejects.toMatchObject({ code: 'PASSPHRASE_WRONG' });
    await expect(privateKeyFromPem(pem)).rejects.toMatchObject({ code: 'PASSPHRASE_MISSING' });
  });

  test('signs what its public key verifies', async () => {
    const { pkcs8, spki } = await made;
    const signer = softwareSigner(pkcs8);
    expect(Buffer.from(signer.spki)).toEqual(spki);
    const text = Buffer.from('to be signed');
    const publicKey = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    const hash = algorithm === 'p384' ? 'sha384' : 'sha256';
    expect(verify(hash, text, publicKey, await signer.sign(text))).toBe(true);
  });
});

test('the fast way gives the same bytes as the crypto library, also for scalars that begin with zeros', () => {
  // one scalar in 256 is short, so some of 2,000 are (all but once in 2,500 runs)
  for (let round = 0; round < 2000; round += 1) {
    const { pkcs8, spki } = generateEcKey('p256');
    const isShort = pkcs8[36] === 0;
    if (!isShort && round > 20) continue;
    const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
    expect(key.export({ format: 'der', type: 'pkcs8' })).toEqual(pkcs8);
    expect(createPublicKey(key).export({ format: 'der', type: 'spki' })).toEqual(spki);
    expect(verify('sha256', pkcs8, { key: spki, format: 'der', type: 'spki' }, sign('sha256', pkcs8, key))).toBe(true);
  }
  const p384 = generateEcKey('p384');
  expect(createPrivateKey({ key: p384.pkcs8, format: 'der', type: 'pkcs8' }).export({ format: 'der', type: 'pkcs8' })).toEqual(
    p384.pkcs8,
  );
});

test.each([
  ['PBKDF2 with SHA-1', ['-v2', 'aes-128-cbc', '-v2prf', 'hmacWithSHA1']],
  ['PBKDF2 with SHA-512', ['-v2', 'aes-256-cbc', '-v2prf', 'hmacWithSHA512', '-iter', '5000']],
  ['triple DES', ['-v2', 'des3']],
  ['scrypt', ['-scrypt']],
])('keys that openssl encrypted with %s are read', async (_, options) => {
  const { pkcs8 } = generateEcKey('p256');
  const { output } = await run('openssl', ['pkcs8', '-topk8', ...options, '-passout', `pass:${passphrase}`], keyPem(pkcs8));
  expect(await decryptKeyPem(output, passphrase)).toEqual(pkcs8);
  await expect(decryptKeyPem(output, `${passphrase} `)).rejects.toMatchObject({ code: 'PASSPHRASE_WRONG' });
});

test('a hostile file cannot choose a key derivation that takes hours', async () => {
  const pem = await encryptKeyPem(generateEcKey('p256').pkcs8, passphrase, { iterations: 70_000 });
  const der = pemToDer(pem)[0]?.der ?? Buffer.alloc(0);
  const hostile = toPem('ENCRYPTED PRIVATE KEY', widen(der, der.indexOf(Buffer.from('0203011170', 'hex'))));
  expect((await run('openssl', ['asn1parse'], hostile)).output).toContain('INTEGER           :40000000');
  await expect(decryptKeyPem(hostile, passphrase)).rejects.toMatchObject({ params: { reason: 'key derivation too expensive' } });
});

/** The same container with 2^30 iterations: one octet more, so the four lengths around it grow by one. */
function widen(der: Buffer, at: number): Buffer {
  const wide = Buffer.concat([der.subarray(0, at), Buffer.from('020440000000', 'hex'), der.subarray(at + 5)]);
  for (let offset = 0; offset < at; ) {
    const length = wide[offset + 1] ?? 0;
    const long = length > 0x80 ? length & 0x7f : 0;
    const end = long === 0 ? offset + 2 + length : offset + 2 + long + wide.readUIntBE(offset + 2, long);
    const isConstructed = ((wide[offset] ?? 0) & 0x20) !== 0;
    if (isConstructed && end > at) {
      const lengthAt = offset + 1 + long;
      wide[lengthAt] = (wide[lengthAt] ?? 0) + 1;
      offset += 2 + long;
    } else offset = end;
  }
  return wide;
}

test('key identifiers: 160 bits of SHA-256 over the key (RFC 7093 §2 method 1), and SHA-256 over the SPKI', () => {
  const { spki } = generateEcKey('p256');
  expect(subjectKeyIdentifier(spki)).toHaveLength(20);
  expect(spkiSha256(spki)).toMatch(/^[0-9a-f]{64}$/);
  expect(() => subjectKeyIdentifier(Buffer.from('3000', 'hex'))).toThrow('FILE_MALFORMED');
});

test('keys that are not of ours', () => {
  const der = { format: 'der', type: 'spki' } as const;
  const ed25519 = generateKeyPairSync('ed25519').publicKey.export(der);
  const k256 = generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey.export(der);
  expect(keyAlgorithmOf(ed25519)).toBeUndefined();
  expect(keyAlgorithmOf(k256)).toBeUndefined();
  const off = Buffer.from(generateEcKey('p256').spki);
  off[off.length - 1] = (off.at(-1) ?? 0) ^ 1;
  expect(() => keyAlgorithmOf(off)).toThrow('FILE_MALFORMED');
  expect(() => softwareSigner(generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' }))).toThrow(
    'key-algorithm',
  );
  expect(() => softwareSigner(Buffer.from('nonsense'))).toThrow('FILE_MALFORMED');
});

describe('PEM', () => {
  test('gives all blocks back, whatever stands between them and however lines end', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 200 }), { minLength: 1 }),
        fc.constantFrom('\n', '\r\n'),
        (list, eol) => {
          const text = list.map((der) => `Subject: x\n${toPem('CERTIFICATE', der)}`).join('\n');
          const blocks = pemToDer(`\uFEFF${text.replaceAll('\n', eol)}`);
          expect(blocks.map((block) => new Uint8Array(block.der))).toEqual(list);
        },
      ),
    );
  });

  test.each([
    ['nothing', 'hello'],
    ['no end', '-----BEGIN CERTIFICATE-----\nAAAA\n'],
    ['another end', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END X-----\n'],
    ['characters that are not base64', '-----BEGIN CERTIFICATE-----\nAA*A\n-----END CERTIFICATE-----\n'],
    ['broken base64', '-----BEGIN CERTIFICATE-----\nAAA\n-----END CERTIFICATE-----\n'],
    ['an empty block', '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n'],
    ['OpenSSL headers', '-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END RSA PRIVATE KEY-----\n'],
  ])('with %s is refused', (_, text) => {
    expect(() => pemToDer(text)).toThrow('FILE_MALFORMED');
  });
});
