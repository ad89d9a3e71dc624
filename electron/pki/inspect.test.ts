import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { type InspectedObject, inspectFile } from './inspect.ts';
import { encryptKeyPem } from './key-encryption.ts';
import { keyPem } from './key-pem.ts';
import { generateEcKey } from './keys.ts';
import { lintChains } from './lint/chain.ts';
import { lintRequest } from './lint/request.ts';
import { buildLintedCrl } from './linted.ts';
import { certificatePem, crlPem, pemToDer } from './pem.ts';
import { writePkcs12 } from './pkcs12.ts';
import { readCertificate } from './read.ts';
import { buildRequest, requestPem } from './request.ts';
import { softwareSigner } from './signer.ts';
import { type Authority, brokerNames, issueLeaf, makeRoot, makeSite, project } from './testing/fleet.ts';
import { patchCertificate, replaced, without } from './testing/patch.ts';
import { inScratchFolder, run } from './testing/run.ts';

const now = new Date();
// openssl dates what it makes in the test itself
const options = { now: now.getTime() + 3_600_000 };
let root: Authority;
let site: Authority;
let leaf: Buffer;

beforeAll(async () => {
  root = await makeRoot(generateEcKey('p256'), now);
  site = await makeSite(root, generateEcKey('p256'), now);
  leaf = (await issueLeaf(site, 'device', generateEcKey('p256').spki, now)).der;
});

const rulesOf = (objects: readonly InspectedObject[]) => objects.map(({ findings }) => findings.map(({ rule }) => rule));

/** Files that openssl makes in a folder, from shell-like lines. */
async function made(lines: readonly string[], name: string): Promise<Buffer> {
  return inScratchFolder(async (file) => {
    for (const line of lines) {
      const args = line.split(' ').map((word) => (word.startsWith('@') ? file(word.slice(1)) : word));
      const { ok, output } = await run('openssl', args);
      if (!ok) throw new Error(`${line}: ${output}`);
    }
    return readFile(file(name));
  });
}

const ca = 'req -x509 -newkey rsa:2048 -nodes -keyout @ca.key -out @ca.crt -subj /CN=Old -days 3650';

describe('weak things that others made are named', () => {
  test.each<[what: string, lines: string[], rules: string[]]>([
    [
      'a version 1 leaf for 99,999 days, as the old script made it',
      [
        ca,
        'req -newkey rsa:2048 -nodes -keyout @k -out @r -subj /CN=meter',
        'x509 -req -in @r -CA @ca.crt -CAkey @ca.key -set_serial 7 -days 99999 -out @x',
      ],
      ['foreign-version-1', 'foreign-validity-long', 'foreign-authority-key-identifier', 'foreign-serial-weak'],
    ],
    [
      'RSA-1024 with SHA-1',
      [
        ca,
        'req -newkey rsa:1024 -nodes -keyout @k -out @r -subj /CN=meter',
        'x509 -req -sha1 -in @r -CA @ca.crt -CAkey @ca.key -set_serial 0x1122334455667788 -days 99 -out @x',
      ],
      ['foreign-version-1', 'foreign-signature-weak', 'foreign-key-weak', 'foreign-authority-key-identifier'],
    ],
    [
      'MD5',
      [
        ca,
        'req -newkey rsa:2048 -nodes -keyout @k -out @r -subj /CN=meter',
        'x509 -req -md5 -in @r -CA @ca.crt -CAkey @ca.key -set_serial 0x1122334455667788 -days 99 -out @x',
      ],
      ['foreign-version-1', 'foreign-signature-weak', 'foreign-authority-key-identifier'],
    ],
    [
      'a server with a common name alone that signed itself and expires soon',
      [
        'req -x509 -newkey rsa:2048 -nodes -keyout @k -out @x -subj /CN=mqtt.lab.example -days 20 -addext basicConstraints=critical,CA:FALSE',
      ],
      ['foreign-expires-soon', 'foreign-self-signed', 'foreign-san-missing'],
    ],
    [
      'an authority without keyUsage and SKI, for 40 years',
      [
        'req -x509 -newkey rsa:2048 -nodes -keyout @k -out @x -subj /CN=CA -days 14610 -addext subjectKeyIdentifier=none -addext authorityKeyIdentifier=none',
      ],
      ['foreign-validity-long', 'foreign-ca-key-usage', 'foreign-ca-key-identifier'],
    ],
    [
      'Ed25519',
      ['req -x509 -newkey ed25519 -nodes -keyout @k -out @x -subj /CN=d -days 90 -addext basicConstraints=CA:FALSE'],
      ['foreign-signature-unknown', 'foreign-key-unusual', 'foreign-self-signed'],
    ],
    [
      'a curve of others',
      [
        'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-224 -nodes -keyout @k -out @x -subj /CN=d -days 90 -addext basicConstraints=CA:FALSE',
      ],
      ['foreign-key-weak', 'foreign-self-signed'],
    ],
  ])('%s', async (_, lines, rules) => {
    const objects = await inspectFile(await made(lines, 'x'), options);
    expect(objects).toMatchObject([{ kind: 'certificate' }]);
    expect(rulesOf(objects)).toEqual([rules]);
    for (const finding of objects[0]?.findings ?? []) expect(finding.source).not.toBe('');
  });

  test('expiry and a beginning in the future follow the clock that is handed in', async () => {
    const far = { now: now.getTime() + 4000 * 86_400_000 };
    expect(rulesOf(await inspectFile(leaf, far))).toEqual([['foreign-expired']]);
    expect(rulesOf(await inspectFile(leaf, { now: 0 }))).toEqual([['foreign-not-yet-valid']]);
  });

  test('what we issue ourselves is clean', async () => {
    const bundle = [root.der, site.der, leaf].map(certificatePem).join('');
    expect(rulesOf(await inspectFile(Buffer.from(bundle), options))).toEqual([[], [], []]);
  });
});

describe('any file', () => {
  test('every kind of thing is known for what it is, in PEM and DER', async () => {
    const key = generateEcKey('p256');
    const certificate = (await issueLeaf(root, 'device', key.spki, now)).der;
    const nextUpdate = new Date(now.getTime() + 86_400_000);
    const crl = (await buildLintedCrl({ issuer: root.issuer, entries: [], number: 1n, now, nextUpdate })).der;
    const request = await buildRequest({ kind: 'device', subject: { commonName: 'm-1' }, signer: softwareSigner(key.pkcs8) });
    const encrypted = await encryptKeyPem(key.pkcs8, 'secret', { iterations: 10 });
    const sec1 = keyPem(key.pkcs8, { form: 'sec1' });
    const all = [certificatePem(certificate), crlPem(crl), requestPem(request), keyPem(key.pkcs8), sec1, encrypted].join(
      'junk\n',
    );
    const kinds = (await inspectFile(Buffer.from(all), options)).map(({ kind }) => kind);
    expect(kinds).toEqual(['certificate', 'crl', 'request', 'private-key', 'private-key', 'private-key']);
    for (const { label, der } of pemToDer(all)) {
      const [object, ...more] = await inspectFile(der, options);
      expect(more).toEqual([]);
      const wanted = { CERTIFICATE: 'certificate', 'X509 CRL': 'crl', 'CERTIFICATE REQUEST': 'request' }[label] ?? 'private-key';
      expect(object?.kind).toBe(wanted);
    }
    const open = await inspectFile(Buffer.from(keyPem(key.pkcs8)), options);
    expect(open).toMatchObject([{ kind: 'private-key', encrypted: false, findings: [{ rule: 'foreign-key-open' }] }]);
    expect(JSON.stringify(open)).not.toContain(key.pkcs8.subarray(36, 68).toString('base64').slice(0, 20));
    const opened = await inspectFile(Buffer.from(encrypted), { ...options, passphrase: 'secret' });
    const [inRequest] = await inspectFile(request, options);
    expect(opened).toMatchObject([
      { encrypted: true, spkiFingerprint: inRequest?.kind === 'request' ? inRequest.request.spkiFingerprint : '' },
    ]);
    expect(await inspectFile(Buffer.from(encrypted), { ...options, passphrase: 'x' })).toMatchObject([
      { kind: 'unknown', error: { code: 'PASSPHRASE_WRONG' } },
    ]);

    const contents = { pkcs8: key.pkcs8, certificate, chain: [root.der], friendlyName: 'm-1' };
    const p12 = await writePkcs12(contents, 'secret', { iterations: 10, legacy: true });
    expect(await inspectFile(p12, options)).toEqual([{ kind: 'pkcs12', name: '', opened: false, findings: [] }]);
    const inside = await inspectFile(p12, { ...options, passphrase: 'secret' });
    expect(inside.map(({ kind }) => kind)).toEqual(['pkcs12', 'certificate', 'certificate', 'private-key']);
    expect(inside[0]).toMatchObject({ name: 'm-1', findings: [{ rule: 'foreign-encryption-weak' }] });
  });

  test('what is nothing of the kind, damaged or enormous is said so', async () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('hello'), Buffer.from('3000', 'hex'), leaf.subarray(0, 100)])
      expect(await inspectFile(bytes, options)).toMatchObject([{ kind: 'unknown' }]);
    const cut = certificatePem(leaf).slice(0, 200);
    expect(await inspectFile(Buffer.from(cut), options)).toMatchObject([{ kind: 'unknown', error: { code: 'FILE_MALFORMED' } }]);
    expect(await inspectFile(Buffer.alloc(25 * 1024 * 1024), options)).toMatchObject([{ error: { code: 'FILE_TOO_LARGE' } }]);
  });
});

describe('chains', () => {
  const read = (...ders: Buffer[]) => ders.map(readCertificate);
  const judged = (...ders: Buffer[]) => lintChains(read(...ders)).map((findings) => findings.map(({ rule }) => rule));

  test('a whole chain is clean in any order; a missing issuer is said', () => {
    expect(judged(root.der, site.der, leaf)).toEqual([[], [], []]);
    expect(judged(leaf, root.der, site.der)).toEqual([[], [], []]);
    expect(judged(leaf, root.der)).toEqual([['chain-incomplete'], []]);
  });

  test.each<[rule: string, kind: 'site' | 'leaf', change: Parameters<typeof patchCertificate>[2]]>([
    [
      'authority-key-identifier-match',
      'leaf',
      (c) => (c.extensions = replaced(c.extensions, 35, false, Buffer.from('300480020102', 'hex'))),
    ],
    ['validity-within-issuer', 'leaf', (c) => (c.notAfter = Buffer.from('\x18\x0f20990101000000Z', 'latin1'))],
    [
      'chain-issuer-not-ca',
      'site',
      (c) => (c.extensions = replaced(without(c.extensions, 19), 19, true, Buffer.from('3000', 'hex'))),
    ],
    ['chain-key-usage', 'site', (c) => (c.extensions = replaced(c.extensions, 15, true, Buffer.from('03020102', 'hex')))],
    ['signature-verifies', 'leaf', (c) => (c.hash = 'sha384')],
  ])('%s', (rule, kind, change) => {
    const patched = patchCertificate(kind === 'leaf' ? leaf : site.der, (kind === 'leaf' ? site : root).key.pkcs8, change);
    const chain = kind === 'leaf' ? judged(root.der, site.der, patched) : judged(root.der, patched, leaf);
    expect(chain[2]).toEqual([rule]);
  });

  test('an authority below one that allows none', async () => {
    const below = patchCertificate(site.der, site.key.pkcs8, (c) => {
      c.issuer = site.issuer.certificate.subjectDer;
      c.extensions = replaced(
        c.extensions,
        35,
        false,
        Buffer.from(`30168014${site.issuer.certificate.subjectKeyIdentifier?.toString('hex')}`, 'hex'),
      );
      c.subject = Buffer.from('300f310d300b06035504030c0444656570', 'hex');
    });
    expect(judged(root.der, site.der, below)[2]).toEqual(['chain-path-length']);
  });
});

describe('requests', () => {
  const signer = softwareSigner(generateEcKey('p256').pkcs8);
  const of = (der: Buffer) => lintRequest(der).map(({ rule }) => rule);

  test('ours are clean', async () => {
    const subject = { ...project, commonName: 'mqtt.lab.example' };
    expect(of(await buildRequest({ kind: 'broker', subject, alternativeNames: brokerNames, signer }))).toEqual([]);
    expect(of(await buildRequest({ kind: 'device', subject, signer }))).toEqual([]);
    expect(of(await buildRequest({ kind: 'site', subject, signer }))).toEqual(['request-ca']);
  });

  test.each<[what: string, line: string, rules: string[]]>([
    ['RSA-1024', 'req -newkey rsa:1024 -nodes -keyout @k -out @x -subj /CN=m', ['key-rsa-modulus']],
    ['SHA-1', 'req -newkey rsa:2048 -sha1 -nodes -keyout @k -out @x -subj /CN=m', ['foreign-signature-weak']],
    ['secp256k1', 'req -newkey ec -pkeyopt ec_paramgen_curve:secp256k1 -nodes -keyout @k -out @x -subj /CN=m', ['key-algorithm']],
    [
      'a server without names',
      'req -newkey rsa:2048 -nodes -keyout @k -out @x -subj /CN=m.example -addext extendedKeyUsage=serverAuth',
      ['request-san-missing'],
    ],
  ])('%s', async (_, line, rules) => {
    const der = pemToDer((await made([line], 'x')).toString())[0]?.der ?? Buffer.alloc(0);
    expect(of(der)).toEqual(rules);
  });

  test('a changed one has no proof of possession', async () => {
    const der = await buildRequest({ kind: 'device', subject: { commonName: 'meter-001' }, signer });
    const renamed = Buffer.from(der.toString('latin1').replace('meter-001', 'meter-002'), 'latin1');
    expect(of(renamed)).toEqual(['request-possession']);
    expect(of(Buffer.alloc(3))).toEqual(['der-encoding']);
  });
});
