import { beforeAll, describe, expect, test } from 'vitest';
import { nextCrlNumber } from './crl.ts';
import { prepareIssuer } from './issuer.ts';
import { generateEcKey, type KeyPair } from './keys.ts';
import { buildLintedCrl, issueLinted } from './linted.ts';
import { readCertificate } from './read.ts';
import { crossOf, keptFrom } from './renewal.ts';
import { softwareSigner } from './signer.ts';
import { type Authority, brokerNames, issueLeaf, makeRoot, makeSite, project } from './testing/fleet.ts';
import * as judge from './testing/judges.ts';

const now = new Date();
const yearAgo = new Date(now.getTime() - 300 * 86_400_000);
const soon = new Date(now.getTime() + 400 * 86_400_000);
let root: Authority;
let key: KeyPair;

beforeAll(async () => {
  root = await makeRoot(generateEcKey('p256'), new Date(now.getTime() - 3000 * 86_400_000));
  key = generateEcKey('p256');
});

async function accepts(verdict: Promise<judge.Verdict>): Promise<void> {
  const { ok, output } = await verdict;
  expect(ok, output).toBe(true);
}

async function refuses(verdict: Promise<judge.Verdict>, because: RegExp): Promise<void> {
  const { ok, output } = await verdict;
  expect(ok, output).toBe(false);
  expect(output).toMatch(because);
}

describe('a successor', () => {
  test('renewed: same name and key, new serial and validity; the predecessor stays valid until it is revoked', async () => {
    const old = readCertificate((await issueLeaf(root, 'device', key.spki, yearAgo)).der);
    const renewed = await issueLinted({ kind: 'device', ...keptFrom(old), spki: old.spki, issuer: root.issuer, now });
    const fresh = readCertificate(renewed.der);
    expect(fresh.subjectDer).toEqual(old.subjectDer);
    expect(fresh.spki).toEqual(old.spki);
    expect(fresh.subjectKeyIdentifier).toEqual(old.subjectKeyIdentifier);
    expect(fresh.serial).not.toBe(old.serial);
    expect(fresh.notAfter.getTime()).toBeGreaterThan(old.notAfter.getTime());

    const number = nextCrlNumber(undefined, now);
    const crl = (entries: Parameters<typeof buildLintedCrl>[0]['entries']) =>
      buildLintedCrl({ issuer: root.issuer, entries, number, now, nextUpdate: soon }).then(({ der }) => [der]);
    const none = await crl([]);
    const superseded = await crl([{ serial: old.serial, revokedAt: now, reason: 'superseded' }]);
    for (const leaf of [old.der, fresh.der]) {
      await accepts(judge.openssl({ root: root.der, leaf, crls: none }, { purpose: 'client' }));
      await accepts(judge.certtool({ root: root.der, leaf }, { purpose: 'client' }));
    }
    // one key, two certificates: revoking is by serial
    await refuses(judge.openssl({ root: root.der, leaf: old.der, crls: superseded }, { purpose: 'client' }), /revoked/);
    await accepts(judge.openssl({ root: root.der, leaf: fresh.der, crls: superseded }, { purpose: 'client' }));
    await accepts(judge.nss({ root: root.der, leaf: fresh.der, crls: superseded }, { purpose: 'client' }));
    await accepts(judge.keytool([old.der, fresh.der]));
  });

  test('re-keyed: same name, another key', async () => {
    const old = readCertificate((await issueLeaf(root, 'device', key.spki, yearAgo)).der);
    const { spki } = generateEcKey('p384');
    const fresh = readCertificate((await issueLinted({ kind: 'device', ...keptFrom(old), spki, issuer: root.issuer, now })).der);
    expect(fresh.subjectDer).toEqual(old.subjectDer);
    expect(fresh.subjectKeyIdentifier).not.toEqual(old.subjectKeyIdentifier);
    await accepts(judge.openssl({ root: root.der, leaf: fresh.der }, { purpose: 'client' }));
  });

  test('of a broker keeps every name, also an address that was written as a host name', async () => {
    const subject = { ...project, commonName: 'mqtt.lab.example' };
    const request = { kind: 'broker', subject, spki: key.spki, issuer: root.issuer, now } as const;
    const alternativeNames = { ...brokerNames, ipAsDns: true };
    const old = readCertificate((await issueLinted({ ...request, alternativeNames })).der);
    const fresh = readCertificate((await issueLinted({ ...request, ...keptFrom(old) })).der);
    expect(fresh.alternativeNames).toEqual(old.alternativeNames);
    expect(fresh.alternativeNames.dns).toContain('127.0.0.1');
  });
});

describe('a new root of the same name', () => {
  test.each([
    ['with the same key (renewed)', true],
    ['with another key', false],
  ])('%s: both are trusted while the fleet moves', async (_, sameKey) => {
    const newRoot = await makeRoot(sameKey ? root.key : generateEcKey('p256'), now);
    expect(newRoot.issuer.certificate.subjectDer).toEqual(root.issuer.certificate.subjectDer);
    const before = await issueLeaf(root, 'device', key.spki, now);
    const after = await issueLeaf(newRoot, 'device', key.spki, now);
    await accepts(judge.openssl({ root: root.der, leaf: before.der }, { purpose: 'client' }));
    await accepts(judge.openssl({ root: newRoot.der, leaf: after.der }, { purpose: 'client' }));
    // the kit holds both: openssl and GnuTLS find the right one by its key identifier
    const both = { root: newRoot.der, roots: [root.der] };
    for (const leaf of [before.der, after.der]) {
      await accepts(judge.openssl({ ...both, leaf }, { purpose: 'client' }));
      await accepts(judge.certtool({ ...both, leaf }, { purpose: 'client' }));
    }
    const crossed = judge.openssl({ root: root.der, leaf: after.der }, { purpose: 'client' });
    await (sameKey ? accepts(crossed) : refuses(crossed, /issuer certificate|authority and subject key identifier/));
  });

  test('and a cross certificate under the old one carries whoever knows only that', async () => {
    const newRoot = await makeRoot(generateEcKey('p384'), now, 'Lab root 2');
    const cross = await issueLinted({ ...crossOf(newRoot.issuer.certificate), issuer: root.issuer, now });
    const read = readCertificate(cross.der);
    expect(read.subjectDer).toEqual(newRoot.issuer.certificate.subjectDer);
    expect(read.subjectKeyIdentifier).toEqual(newRoot.issuer.certificate.subjectKeyIdentifier);
    expect(read.notAfter.getTime()).toBeLessThanOrEqual(root.issuer.certificate.notAfter.getTime());
    const site = await makeSite(newRoot, generateEcKey('p256'), now);
    for (const authority of [newRoot, site]) {
      const leaf = (await issueLeaf(authority, 'device', key.spki, now)).der;
      const below = authority === site ? [site.der] : [];
      for (const verdict of [judge.openssl, judge.certtool, judge.nss]) {
        await accepts(verdict({ root: root.der, intermediates: [...below, cross.der], leaf }, { purpose: 'client' }));
        await accepts(verdict({ root: newRoot.der, intermediates: below, leaf }, { purpose: 'client' }));
      }
      await refuses(judge.openssl({ root: root.der, intermediates: below, leaf }, { purpose: 'client' }), /issuer certificate/);
    }
    await expect(issueLinted({ ...crossOf(newRoot.issuer.certificate), issuer: site.issuer, now })).rejects.toThrow(
      'issuer-path-length',
    );
    // the cross certificate is as good an issuer's certificate as the new root itself
    expect(() => prepareIssuer(cross.der, softwareSigner(newRoot.key.pkcs8))).not.toThrow();
  });
});
