import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { isErrorReport } from '../../shared/errors.ts';
import { buildCrl } from './crl.ts';
import { generateEcKey } from './keys.ts';
import { lintCertificate } from './lint/certificate.ts';
import { lintCrl } from './lint/crl.ts';
import { prepareLintIssuer } from './lint/issuer.ts';
import { pemToDer } from './pem.ts';
import { readCertificate } from './read.ts';
import { readCrl } from './read-crl.ts';
import { type Authority, issueLeaf, makeRoot } from './testing/fleet.ts';
import { run } from './testing/run.ts';

const now = new Date('2026-11-22T12:00:00Z');
let root: Authority;
let broker: Buffer;
let crl: Buffer;

beforeAll(async () => {
  root = await makeRoot(generateEcKey('p256'), now);
  broker = (await issueLeaf(root, 'broker', generateEcKey('p256').spki, now)).der;
  const entries = [
    { serial: '4f'.padEnd(32, '1'), revokedAt: new Date('2026-11-01T00:00:00Z'), reason: 'keyCompromise' as const },
    { serial: '41'.padEnd(32, '2'), revokedAt: now, reason: 'unspecified' as const },
  ];
  crl = (await buildCrl({ issuer: root.issuer, entries, number: 300n, now, nextUpdate: new Date('2028-01-01T00:00:00Z') })).der;
});

test('a certificate reads as it was issued, and as Node reads it', () => {
  const info = readCertificate(broker);
  const node = new X509Certificate(broker);
  expect(info.serial).toBe(node.serialNumber.toLowerCase());
  expect(info.fingerprint).toBe(node.fingerprint256.replaceAll(':', '').toLowerCase());
  expect(info.notBefore.getTime()).toBe(Date.parse(node.validFrom));
  expect(info.notAfter.getTime()).toBe(Date.parse(node.validTo));
  expect(info.commonName).toBe('mqtt.lab.example');
  expect(info).toMatchObject({
    keyAlgorithm: 'p256',
    basicConstraints: { ca: false, pathLength: undefined },
    keyUsage: ['digitalSignature'],
    extendedKeyUsage: ['1.3.6.1.5.5.7.3.1'],
    alternativeNames: { dns: ['mqtt.lab.example', 'localhost'], ip: ['127.0.0.1', '::1', '2001:db8::10'], uri: [] },
    selfIssued: false,
  });
  expect(info.authorityKeyIdentifier).toEqual(readCertificate(root.der).subjectKeyIdentifier);
  expect(readCertificate(root.der)).toMatchObject({
    selfIssued: true,
    basicConstraints: { ca: true },
    keyUsage: ['keyCertSign', 'cRLSign'],
  });
});

test('a CRL reads as it was issued, sorted, and nothing is dated after thisUpdate', () => {
  expect(readCrl(crl)).toMatchObject({
    number: 300n,
    thisUpdate: new Date('2026-11-21T12:00:00Z'),
    nextUpdate: new Date('2028-01-01T00:00:00Z'),
    entries: [
      { serial: '41'.padEnd(32, '2'), revokedAt: new Date('2026-11-21T12:00:00Z'), reason: 'unspecified' },
      { serial: '4f'.padEnd(32, '1'), revokedAt: new Date('2026-11-01T00:00:00Z'), reason: 'keyCompromise' },
    ],
  });
});

/** Foreign certificates of other shapes must be readable: they are imported, and shown when a broker has one. */
test.each([
  ['RSA-4096', ['rsa:4096']],
  ['Ed25519', ['ed25519']],
  ['secp521r1', ['ec', '-pkeyopt', 'ec_paramgen_curve:P-521']],
])('a foreign certificate with %s is read', async (_, key) => {
  const names = [
    '-subj',
    '/C=DE/O=Büro/emailAddress=a@b.example/CN=Fremd',
    '-utf8',
    '-addext',
    'subjectAltName=DNS:a.example,IP:192.0.2.7,email:x@y.example',
  ];
  const { output } = await run('openssl', ['req', '-x509', '-newkey', ...key, '-nodes', '-keyout', '/dev/null', ...names]);
  const block = pemToDer(output).find(({ label }) => label === 'CERTIFICATE');
  const info = readCertificate(block?.der ?? Buffer.alloc(0));
  expect(info).toMatchObject({
    keyAlgorithm: 'other',
    commonName: 'Fremd',
    alternativeNames: { dns: ['a.example'], ip: ['192.0.2.7'] },
  });
  expect(info.subject).toContainEqual({ type: '1.2.840.113549.1.9.1', value: 'a@b.example' });
  expect(info.subject).toContainEqual({ type: 'O', value: 'Büro' });
});

describe('hostile bytes', () => {
  /** Calls a reader; only the two typed errors for files may come out. */
  function onlyTyped(read: () => unknown): void {
    try {
      read();
    } catch (error) {
      if (!isErrorReport(error) || !['FILE_MALFORMED', 'FILE_TOO_LARGE'].includes(error.code)) throw error;
    }
  }

  /** Some octets of a good file replaced, removed or added: most of it stays well-formed, so the depths are reached. */
  function damaged(file: () => Buffer): fc.Arbitrary<Buffer> {
    const edit = fc.record({ at: fc.nat(100_000), octets: fc.uint8Array({ maxLength: 3 }), remove: fc.nat(3) });
    return fc.array(edit, { minLength: 1, maxLength: 4 }).map((edits) => {
      let bytes = file();
      for (const { at, octets, remove } of edits) {
        const start = at % (bytes.length + 1);
        bytes = Buffer.concat([bytes.subarray(0, start), octets, bytes.subarray(start + remove)]);
      }
      return bytes;
    });
  }

  test('in place of a certificate: findings or typed errors, and the linter finds every change', () => {
    const issuer = prepareLintIssuer(root.der);
    fc.assert(
      fc.property(
        fc.oneof(
          damaged(() => broker),
          damaged(() => root.der),
          fc.uint8Array({ maxLength: 300 }),
        ),
        (bytes) => {
          onlyTyped(() => readCertificate(bytes));
          onlyTyped(() => prepareLintIssuer(bytes));
          const findings = lintCertificate(bytes, { kind: 'broker', issuer });
          if (Buffer.compare(bytes, broker) !== 0) expect(findings.length).toBeGreaterThan(0);
          lintCertificate(bytes, { kind: 'root' });
        },
      ),
      { numRuns: 4000 },
    );
  });

  test('every single bit of a certificate matters to the linter, and none breaks it', () => {
    const issuer = prepareLintIssuer(root.der);
    for (let bit = 0; bit < broker.length * 8; bit += 1) {
      const bytes = Buffer.from(broker);
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (0x80 >> (bit & 7));
      expect(lintCertificate(bytes, { kind: 'broker', issuer }).length, `bit ${bit}`).toBeGreaterThan(0);
      onlyTyped(() => readCertificate(bytes));
    }
  });

  test('in place of a CRL', () => {
    const issuer = prepareLintIssuer(root.der);
    fc.assert(
      fc.property(
        fc.oneof(
          damaged(() => crl),
          fc.uint8Array({ maxLength: 300 }),
        ),
        (bytes) => {
          onlyTyped(() => readCrl(bytes));
          const findings = lintCrl(bytes, { issuer });
          if (Buffer.compare(bytes, crl) !== 0) expect(findings.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 3000 },
    );
  });

  test('of any size are refused before they are read', () => {
    expect(() => readCertificate(Buffer.alloc(65 * 1024))).toThrow('FILE_TOO_LARGE');
    expect(() => readCrl(Buffer.alloc(17 * 1024 * 1024))).toThrow('FILE_TOO_LARGE');
    expect(() => pemToDer('x'.repeat(5_000_000))).toThrow('FILE_TOO_LARGE');
  });
});
