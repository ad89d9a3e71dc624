import { readFile, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RequestRefusal } from '../../shared/model/request.ts';
import { issueCertificate } from './certificate.ts';
import { generateEcKey, generateKey } from './keys.ts';
import { issueLinted } from './linted.ts';
import { pemToDer, toPem } from './pem.ts';
import { readCertificate } from './read.ts';
import { readRequest, readRequestFile, requestFileSizeLimit, requestSizeLimit, requireSound } from './read-request.ts';
import { buildRequest, requestPem } from './request.ts';
import { softwareSigner } from './signer.ts';
import { brokerNames, makeRoot, project } from './testing/fleet.ts';
import * as judge from './testing/judges.ts';
import { children, tlv } from './testing/patch.ts';
import { inScratchFolder, run } from './testing/run.ts';

const now = new Date();

/** A request that openssl makes, as DER. */
function opensslRequest(key: readonly string[], options: readonly string[] = []): Promise<Buffer> {
  return inScratchFolder(async (file) => {
    const made = await run('openssl', [...key, '-out', file('key.pem')]);
    if (!made.ok) throw new Error(made.output);
    const name = options.includes('-config') ? [] : ['-subj', '/CN=meter-001'];
    const args = ['req', '-new', '-key', file('key.pem'), '-out', file('csr.pem'), ...name, ...options];
    const { ok, output } = await run('openssl', args);
    if (!ok) throw new Error(output);
    return pemToDer(await readFile(file('csr.pem'), 'utf8'))[0]?.der ?? Buffer.alloc(0);
  });
}

const ec = (curve: string, ...more: string[]) => [
  'genpkey',
  '-algorithm',
  'EC',
  '-pkeyopt',
  `ec_paramgen_curve:${curve}`,
  ...more,
];
const rsa = (bits: number, ...more: string[]) => ['genpkey', '-algorithm', 'RSA', '-pkeyopt', `rsa_keygen_bits:${bits}`, ...more];

describe.each(['p256', 'p384', 'rsa2048', 'rsa3072'] as const)('a request with a %s key', (algorithm) => {
  test('is what openssl and GnuTLS verify, and reads back as it was asked', async () => {
    const key = await generateKey(algorithm);
    const signer = softwareSigner(key.pkcs8);
    const subject = { ...project, organisation: 'Müller & Söhne', commonName: 'mqtt.lab.example' };
    const der = await buildRequest({ kind: 'broker', subject, alternativeNames: brokerNames, signer });
    const verified = await run('openssl', ['req', '-verify', '-noout', '-text', '-nameopt', 'utf8'], requestPem(der));
    expect(verified.ok, verified.output).toBe(true);
    expect(verified.output).toMatch(/DNS:mqtt\.lab\.example[\s\S]*IP Address:127\.0\.0\.1/);
    expect(verified.output).toContain('TLS Web Server Authentication');
    expect(verified.output).toContain('Müller & Söhne');
    const shown = await run('certtool', ['--crq-info'], requestPem(der));
    expect(shown.output).toContain('Self signature: verified');

    const request = readRequest(der);
    expect(request).toMatchObject({
      commonName: 'mqtt.lab.example',
      alternativeNames: { ...brokerNames, uri: [], email: [], others: 0 },
      extendedKeyUsage: ['1.3.6.1.5.5.7.3.1'],
      wantsCa: false,
      refusal: undefined,
      spki: key.spki,
    });
    expect(request.keyUsage).toEqual(
      algorithm.startsWith('rsa') ? ['digitalSignature', 'keyEncipherment'] : ['digitalSignature'],
    );
    expect(request.extensions.map(({ name }) => name)).toEqual(['basicConstraints', 'keyUsage', 'extKeyUsage', 'subjectAltName']);
    expect(request.subject).toContainEqual({ type: 'O', value: 'Müller & Söhne' });
    const pin = await run('openssl', ['req', '-noout', '-pubkey'], requestPem(der));
    expect(pin.output).toBe(toPem('PUBLIC KEY', request.spki));
    expect(() => requireSound(request)).not.toThrow();
  });
});

test('a request for a site CA asks for exactly that', async () => {
  const signer = softwareSigner(generateEcKey('p256').pkcs8);
  const request = readRequest(await buildRequest({ kind: 'site', subject: { ...project, commonName: 'Plant 1' }, signer }));
  expect(request).toMatchObject({ wantsCa: true, keyUsage: ['keyCertSign', 'cRLSign'], extendedKeyUsage: undefined });
  await expect(buildRequest({ kind: 'broker', subject: project, signer })).rejects.toThrow('san-missing');
  const strange = { ...signer, spki: readRequest(await opensslRequest(['genpkey', '-algorithm', 'ED25519'])).spki };
  await expect(buildRequest({ kind: 'device', subject: project, signer: strange })).rejects.toThrow('key-algorithm');
});

describe('requests of others', () => {
  test.each<[name: string, key: string[], description: object, options?: string[]]>([
    ['P-256', ec('P-256'), { type: 'ec', curve: 'P-256' }],
    ['P-384 with SHA-512', ec('P-384'), { type: 'ec', curve: 'P-384' }, ['-sha512']],
    ['RSA-4096', rsa(4096), { type: 'rsa', bits: 4096 }],
    ['RSA with SHA-384', rsa(2048), { type: 'rsa', bits: 2048 }, ['-sha384']],
  ])('%s are certified with the key they bring', async (_, key, description, options = []) => {
    const request = readRequest(await opensslRequest(key, options));
    expect(request.refusal).toBeUndefined();
    expect(request.key).toMatchObject(description);
    const root = await makeRoot(generateEcKey('p256'), now);
    const issued = await issueLinted({
      kind: 'device',
      subject: { ...project, commonName: request.commonName },
      spki: request.spki,
      issuer: root.issuer,
      now,
    });
    expect(readCertificate(issued.der).spki).toEqual(request.spki);
    const evidence = { root: root.der, leaf: issued.der };
    for (const verdict of [judge.openssl, judge.certtool, judge.nss]) {
      const { ok, output } = await verdict(evidence, { purpose: 'client' });
      expect(ok, output).toBe(true);
    }
    const java = await judge.keytool([issued.der]);
    expect(java.ok, java.output).toBe(true);
  });

  test.each<[refusal: RequestRefusal, what: string, key: readonly string[], options?: readonly string[]]>([
    ['rsa-too-short', 'RSA-1024', rsa(1024)],
    ['rsa-too-long', 'RSA-4160', rsa(4160)],
    ['rsa-modulus', 'RSA-2052', rsa(2052)],
    ['rsa-exponent', 'exponent 3', rsa(2048, '-pkeyopt', 'rsa_keygen_pubexp:3')],
    ['curve', 'secp256k1', ec('secp256k1')],
    ['curve', 'P-521', ec('P-521')],
    ['curve', 'brainpool', ec('brainpoolP256r1')],
    ['curve-explicit', 'explicit parameters', ec('P-256', '-pkeyopt', 'ec_param_enc:explicit')],
    ['key-algorithm', 'Ed25519', ['genpkey', '-algorithm', 'ED25519']],
    ['key-algorithm', 'an RSA-PSS key', ['genpkey', '-algorithm', 'RSA-PSS', '-pkeyopt', 'rsa_keygen_bits:2048']],
    ['signature-hash', 'SHA-1', rsa(2048), ['-sha1']],
    ['signature-hash', 'MD5', rsa(2048), ['-md5']],
    ['signature-hash', 'ECDSA with SHA-1', ec('P-256'), ['-sha1']],
    ['signature-pss', 'an RSA-PSS signature', rsa(2048), ['-sigopt', 'rsa_padding_mode:pss']],
    ['signature-algorithm', 'SHA-3', rsa(2048), ['-sha3-256']],
  ])('%s: %s', async (refusal, _, key, options) => {
    const request = readRequest(await opensslRequest(key, options));
    expect(request).toMatchObject({ commonName: 'meter-001', refusal });
    expect(() => requireSound(request)).toThrow(refusal);
  });

  test('a changed name or another key is no proof of possession', async () => {
    const signer = softwareSigner(generateEcKey('p256').pkcs8);
    const der = await buildRequest({ kind: 'device', subject: { ...project, commonName: 'meter-001' }, signer });
    const renamed = Buffer.from(der.toString('latin1').replace('meter-001', 'meter-002'), 'latin1');
    expect(readRequest(renamed)).toMatchObject({ commonName: 'meter-002', refusal: 'signature' });
    expect((await run('openssl', ['req', '-verify', '-noout'], requestPem(renamed))).output).toMatch(/fail/i);
    const stolen = { ...signer, spki: generateEcKey('p256').spki };
    const foreign = await buildRequest({ kind: 'device', subject: { ...project, commonName: 'meter-001' }, signer: stolen });
    expect(readRequest(foreign).refusal).toBe('signature');
    const [info = der, algorithm = der] = children(der);
    const empty = tlv(0x30, info, algorithm, tlv(0x03, Buffer.from([0])));
    expect(readRequest(empty).refusal).toBe('signature');
  });

  test('a point off its curve, and a compressed one', async () => {
    const key = generateEcKey('p256');
    const signer = softwareSigner(key.pkcs8);
    const der = await buildRequest({ kind: 'device', subject: { commonName: 'm' }, signer });
    const at = der.indexOf(key.spki) + key.spki.length - 1;
    der[at] = (der[at] ?? 0) ^ 1;
    expect(readRequest(der).refusal).toBe('curve-point');
    await inScratchFolder(async (file) => {
      await run('openssl', [...ec('P-256'), '-out', file('k.pem')]);
      const ecKey = await run('openssl', ['ec', '-in', file('k.pem'), '-conv_form', 'compressed', '-out', file('c.pem')]);
      expect(ecKey.ok, ecKey.output).toBe(true);
      const made = await run('openssl', ['req', '-new', '-key', file('c.pem'), '-subj', '/CN=m']);
      expect(readRequest(pemToDer(made.output)[0]?.der ?? Buffer.alloc(0)).refusal).toBe('curve-point');
    });
  });

  test('what they ask for is shown, a challenge password is not', async () => {
    const der = await inScratchFolder(async (file) => {
      await writeFile(
        file('c.cnf'),
        '[req]\nprompt=no\ndistinguished_name=dn\nattributes=at\nreq_extensions=ex\n[dn]\nCN=meter-001\nemailAddress=a@b.example\n' +
          '[at]\nchallengePassword=sesame1234\n[ex]\nbasicConstraints=CA:TRUE\nsubjectAltName=DNS:m.example,email:a@b.example,otherName:1.2.3;UTF8:x\nnsComment=hi\n',
      );
      return opensslRequest(ec('P-256'), ['-config', file('c.cnf')]);
    });
    const request = readRequest(der);
    expect(request).toMatchObject({
      wantsCa: true,
      hasChallengePassword: true,
      alternativeNames: { dns: ['m.example'], email: ['a@b.example'], others: 1 },
      refusal: undefined,
    });
    expect(request.extensions.map(({ name }) => name)).toContain('netscape-comment');
    expect(JSON.stringify({ ...request, der: '', spki: '', subjectDer: '' })).not.toContain('sesame');
  });
});

describe('files', () => {
  const der = () =>
    buildRequest({ kind: 'device', subject: { commonName: 'm-1' }, signer: softwareSigner(generateEcKey('p256').pkcs8) });

  test('PEM with several requests, old labels and other blocks; DER', async () => {
    const [one, two] = [await der(), await der()];
    const text = `hello\n${toPem('NEW CERTIFICATE REQUEST', one)}${toPem('CERTIFICATE', Buffer.from([0x30, 0]))}${requestPem(two)}`;
    expect(readRequestFile(Buffer.from(text)).map(({ request }) => request?.der)).toEqual([one, two]);
    expect(readRequestFile(one)).toMatchObject([{ refusal: undefined, request: { commonName: 'm-1' } }]);
    const damaged = `${requestPem(Buffer.from('3003020100', 'hex'))}${requestPem(two)}`;
    expect(readRequestFile(Buffer.from(damaged)).map(({ refusal }) => refusal)).toEqual(['not-a-request', undefined]);
  });

  test('what is none, or far too large, is refused before it is parsed', async () => {
    const root = await makeRoot(generateEcKey('p256'), now);
    for (const bytes of [Buffer.alloc(0), Buffer.from('hello'), Buffer.from(toPem('CERTIFICATE', root.der))])
      expect(() => readRequestFile(bytes)).toThrow('not-a-request');
    expect(readRequestFile(root.der)).toEqual([{ request: undefined, refusal: 'not-a-request' }]);
    expect(() => readRequestFile(Buffer.alloc(requestFileSizeLimit + 1))).toThrow('too-large');
    expect(() => readRequest(Buffer.alloc(requestSizeLimit + 1, 0x30))).toThrow('too-large');
  });

  test('any change of any octet gives a refusal or REQUEST_REFUSED, nothing else', async () => {
    const good = await der();
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bytes = Buffer.from(good);
        bytes[at] = (bytes[at] ?? 0) ^ change;
        let refusal: unknown;
        try {
          refusal = readRequestFile(bytes)[0]?.refusal;
        } catch (error) {
          expect(error).toMatchObject({ code: 'REQUEST_REFUSED' });
          refusal = error;
        }
        expect(refusal).toBeDefined();
      }),
      { numRuns: 2000 },
    );
  });
});

test('a foreign key needs no private half here: issuing takes only the SPKI', async () => {
  const root = await makeRoot(generateEcKey('p256'), now);
  const { spki } = readRequest(await opensslRequest(rsa(4096)));
  const { der } = await issueCertificate({ kind: 'device', subject: { commonName: 'd' }, spki, issuer: root.issuer, now });
  expect(readCertificate(der).keyUsage).toEqual(['digitalSignature', 'keyEncipherment']);
});
