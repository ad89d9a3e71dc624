import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { type CertificateRequest, issueCertificate } from './certificate.ts';
import { prepareIssuer } from './issuer.ts';
import { generateEcKey } from './keys.ts';
import { issueLinted } from './linted.ts';
import { pemToDer } from './pem.ts';
import { readCertificate } from './read.ts';
import { newSerial } from './serial.ts';
import { softwareSigner } from './signer.ts';
import { type Authority, brokerNames, issueLeaf, makeRoot, makeSite, project } from './testing/fleet.ts';
import { certtool, nss } from './testing/judges.ts';
import { inScratchFolder, run } from './testing/run.ts';

const noon = new Date('2026-11-22T12:00:00.789Z');
let root: Authority;
let device: CertificateRequest;

beforeAll(async () => {
  root = await makeRoot(generateEcKey('p256'), noon);
  const { spki } = generateEcKey('p256');
  device = { kind: 'device', subject: { ...project, commonName: 'meter-001' }, spki, issuer: root.issuer, now: noon };
});

function refusal(reason: string): object {
  return { code: 'PROFILE_REFUSED', params: { reason } };
}

describe('serial numbers', () => {
  test('have 16 octets and are positive, whatever the random source gives', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (random) => {
        const serial = newSerial(() => random);
        expect(serial).toHaveLength(16);
        expect((serial[0] ?? 0) & 0xc0).toBe(0x40);
        expect(serial.subarray(1)).toEqual(Buffer.from(random.subarray(1)));
      }),
    );
    expect(() => newSerial(() => new Uint8Array(8))).toThrow('serial');
  });

  test('come from the given source or reservation, and openssl shows the same', async () => {
    const issued = await issueLinted({ ...device, randomBytes: (count) => new Uint8Array(count).fill(0xff) });
    expect(issued.serial).toBe('7f'.padEnd(32, 'f'));
    expect(new X509Certificate(issued.der).serialNumber.toLowerCase()).toBe(issued.serial);
    expect(new X509Certificate(issued.der).fingerprint256.replaceAll(':', '').toLowerCase()).toBe(issued.fingerprint);
    const reserved = Buffer.from('4123456789abcdef0123456789abcdef', 'hex');
    expect((await issueLinted({ ...device, serial: reserved })).serial).toBe(reserved.toString('hex'));
    await expect(issueLinted({ ...device, serial: Buffer.alloc(16) })).rejects.toMatchObject(refusal('serial'));
  });
});

describe('times', () => {
  test('begin a day early, and count the span from now', async () => {
    const { notBefore, notAfter, capped } = await issueLinted(device);
    expect(notBefore.toISOString()).toBe('2026-11-21T12:00:00.000Z');
    // the longest period of the profile is ten years, so a year of use fits with the day before
    expect(notAfter.toISOString()).toBe('2027-11-22T11:59:59.000Z');
    expect(capped).toBe(false);
  });

  test('stay within the profile, the day before included', async () => {
    const broker = { ...device, kind: 'broker', subject: project, alternativeNames: brokerNames } as const;
    const { notBefore, notAfter } = await issueLinted({ ...broker, validity: { days: 825 } });
    expect((notAfter.getTime() + 1000 - notBefore.getTime()) / 86_400_000).toBe(825);
    const standard = await issueLinted(broker);
    expect((standard.notAfter.getTime() + 1000 - standard.notBefore.getTime()) / 86_400_000).toBe(398);
    await expect(issueLinted({ ...broker, validity: { days: 826 } })).rejects.toMatchObject(refusal('validity-too-long'));
    await expect(issueLinted({ ...device, validity: { days: 89 } })).rejects.toMatchObject(refusal('validity-too-short'));
    await expect(issueLinted({ ...device, validity: { years: 11 } })).rejects.toMatchObject(refusal('validity-too-long'));
    await expect(issueLinted({ ...device, validity: { days: Number.NaN } })).rejects.toMatchObject(refusal('validity-too-long'));
    await expect(issueLinted({ ...device, validity: { days: 99_999 } })).rejects.toMatchObject(refusal('validity-too-long'));
  });

  test('never reach beyond the issuer, at either end', async () => {
    const early = await issueLinted({ ...device, now: new Date('2026-11-24T12:00:00Z'), validity: { years: 10 } });
    expect(early.notBefore).toEqual(new Date('2026-11-23T12:00:00Z'));
    expect(early.capped).toBe(true);
    expect(early.notAfter).toEqual(root.issuer.certificate.notAfter);
    const soon = await issueLinted({ ...device, now: new Date('2026-11-21T18:00:00Z') });
    expect(soon.notBefore).toEqual(root.issuer.certificate.notBefore);
    // the last weeks: less than the profile's minimum is then right
    const late = await issueLinted({ ...device, now: new Date('2036-11-01T00:00:00Z') });
    expect(late.notAfter).toEqual(root.issuer.certificate.notAfter);
    await expect(issueLinted({ ...device, now: new Date('2036-11-23T00:00:00Z') })).rejects.toMatchObject(
      refusal('issuer-expired'),
    );
    await expect(issueLinted({ ...device, now: new Date('2026-11-20T00:00:00Z') })).rejects.toMatchObject(
      refusal('issuer-not-yet-valid'),
    );
  });

  test('change to GeneralizedTime in 2050', async () => {
    const late = await makeRoot(generateEcKey('p256'), new Date('2040-02-29T00:00:00Z'));
    expect(readCertificate(late.der).notAfter.toISOString()).toBe('2050-02-28T23:59:59.000Z');
    expect(late.der.includes(Buffer.from('\x18\x0f20500228235959Z', 'latin1'))).toBe(true);
    expect(late.der.includes(Buffer.from('\x17\x0d400228000000Z', 'latin1'))).toBe(true);
  });

  test('fit whatever the moment, for every kind', async () => {
    const moment = fc.date({ min: new Date('2024-01-01'), max: new Date('2080-01-01'), noInvalidDate: true });
    const { spki } = device;
    await fc.assert(
      fc.asyncProperty(moment, fc.nat(9 * 365), async (now, later) => {
        const authority = await makeRoot(root.key, now);
        const site = await makeSite(authority, root.key, now);
        const atIssue = new Date(now.getTime() + later * 86_400_000);
        await issueLeaf(authority, 'device', spki, atIssue);
        await issueLeaf(authority, 'broker', spki, atIssue);
        if (atIssue < site.issuer.certificate.notAfter) await issueLeaf(site, 'device', spki, atIssue);
      }),
      { numRuns: 60 },
    );
  });
});

describe('requests against the profile are refused', () => {
  test.each<[reason: string, change: (base: CertificateRequest) => CertificateRequest]>([
    ['common-name-not-a-device-id', (base) => ({ ...base, subject: { ...project, commonName: 'a/+' } })],
    ['common-name-not-a-device-id', (base) => ({ ...base, subject: { ...project, commonName: 'x'.repeat(64) } })],
    ['common-name-not-a-device-id', (base) => ({ ...base, subject: project })],
    ['san-missing', (base) => ({ ...base, kind: 'broker', subject: project })],
    ['san-not-allowed', (base) => ({ ...base, alternativeNames: { dns: ['a.lab'] } })],
    [
      'san-not-allowed',
      (base) => ({ ...base, kind: 'broker', subject: project, alternativeNames: { dns: ['a.lab'], uri: ['urn:x'] } }),
    ],
    ['common-name-not-in-san', (base) => ({ ...base, kind: 'broker', alternativeNames: { dns: ['a.lab'] } })],
    ['issuer-missing', (base) => ({ ...base, kind: 'root' })],
    ['issuer-missing', (base) => ({ ...base, issuer: { selfSigned: root.issuer.signer } })],
    ['key-mismatch', (base) => ({ ...base, kind: 'root', issuer: { selfSigned: root.issuer.signer } })],
    [
      'key-algorithm',
      (base) => ({ ...base, spki: Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.alloc(32)]) }),
    ],
  ])('%s', async (reason, change) => {
    await expect(issueCertificate(change(device))).rejects.toMatchObject(refusal(reason));
  });

  test('a leaf cannot issue, and a site CA only leaves', async () => {
    const key = generateEcKey('p256');
    const leaf = await issueLinted({ ...device, spki: key.spki });
    expect(() => prepareIssuer(leaf.der, softwareSigner(key.pkcs8))).toThrow('issuer-not-ca');
    expect(() => prepareIssuer(root.der, softwareSigner(key.pkcs8))).toThrow('key-mismatch');
    const site = await makeSite(root, key, noon);
    await expect(makeSite(site, generateEcKey('p256'), noon)).rejects.toMatchObject(refusal('issuer-path-length'));
  });
});

test('a device may have a URI, a broker a wildcard with a warning', async () => {
  const withUri = await issueLinted({ ...device, alternativeNames: { uri: ['urn:uuid:0d1e'] } });
  expect(withUri.warnings).toEqual([]);
  expect(readCertificate(withUri.der).alternativeNames.uri).toEqual(['urn:uuid:0d1e']);
  const names = { dns: ['*.lab.example'], ip: ['192.0.2.1'], ipAsDns: true };
  const broker = await issueLinted({ ...device, kind: 'broker', subject: project, alternativeNames: names });
  expect(broker.warnings.map(({ rule }) => rule)).toEqual(['san-wildcard', 'san-address-as-dns']);
});

/** Imported authorities are made with one line of openssl, and look like it. */
test('an authority that openssl made may issue: no keyUsage, another encoding of its name', async () => {
  await inScratchFolder(async (file) => {
    const subject = ['-subj', '/C=ES/O=Old Lab/CN=Old root', '-days', '3650'];
    const extensions = ['-addext', 'basicConstraints=CA:TRUE', '-addext', 'subjectKeyIdentifier=none'];
    const form = [
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-384',
      '-nodes',
      '-keyout',
      file('key.pem'),
      '-out',
      file('ca.pem'),
    ];
    const made = await run('openssl', ['req', '-x509', ...form, ...subject, ...extensions]);
    expect(made.ok, made.output).toBe(true);
    const { output } = await run('openssl', ['x509', '-in', file('ca.pem')]);
    const key = await run('openssl', ['pkcs8', '-topk8', '-nocrypt', '-in', file('key.pem')]);
    const der = pemToDer(output)[0]?.der ?? Buffer.alloc(0);
    const issuer = prepareIssuer(der, softwareSigner(pemToDer(key.output)[0]?.der ?? Buffer.alloc(0)));
    const leaf = await issueLinted({ ...device, issuer, now: new Date(Date.now() + 1000) });
    expect(readCertificate(leaf.der).issuerDer).toEqual(readCertificate(der).subjectDer);
    // -x509_strict refuses such an authority itself, so only these two are asked
    const gnutls = await certtool({ root: der, leaf: leaf.der }, { purpose: 'client' });
    expect(gnutls.ok, gnutls.output).toBe(true);
    const mozilla = await nss({ root: der, leaf: leaf.der }, { purpose: 'client' });
    expect(mozilla.ok, mozilla.output).toBe(true);
  });
});
