import { beforeAll, describe, expect, test } from 'vitest';
import { type CertificateKind, certificateKinds } from '../../../shared/model/certificate.ts';
import { rules } from '../../../shared/rules/lint-catalogue.ts';
import { generateEcKey, generateKey } from '../keys.ts';
import { certificatePem } from '../pem.ts';
import { furtherFaults, specifiedFaults } from '../testing/faults.ts';
import { type Authority, issueLeaf, makeRoot, makeSite } from '../testing/fleet.ts';
import * as judge from '../testing/judges.ts';
import { type CertificateParts, children, extension, patchCertificate, replaced, tlv } from '../testing/patch.ts';
import { lintCertificate } from './certificate.ts';
import { prepareLintIssuer } from './issuer.ts';

const noon = new Date('2026-11-22T12:00:00Z');
const dayAfter = new Date('2026-11-23T12:00:00Z');

interface Fleet {
  readonly root: Authority;
  readonly good: Readonly<Record<CertificateKind, Buffer>>;
}

async function makeFleet(now: Date): Promise<Fleet> {
  const root = await makeRoot(generateEcKey('p256'), now);
  const site = await makeSite(root, generateEcKey('p256'), now);
  const { spki } = generateEcKey('p256');
  const leaf = async (kind: 'broker' | 'device' | 'observer' | 'canary' | 'test') => (await issueLeaf(root, kind, spki, now)).der;
  const leaves = { broker: await leaf('broker'), device: await leaf('device'), observer: await leaf('observer') };
  return { root, good: { root: root.der, site: site.der, ...leaves, canary: await leaf('canary'), test: await leaf('test') } };
}

let fleet: Fleet;

beforeAll(async () => {
  fleet = await makeFleet(noon);
});

function judged(der: Uint8Array, kind: CertificateKind): string[] {
  const issuer = prepareLintIssuer(fleet.root.der);
  // a certificate for a test has ended by then
  const now = kind === 'test' ? noon : dayAfter;
  return lintCertificate(der, { kind, issuer, now }).map((finding) => finding.rule);
}

test.each(certificateKinds)('a good %s is clean, also after a patch that changes nothing', (kind) => {
  expect(judged(fleet.good[kind], kind)).toEqual([]);
  expect(
    judged(
      patchCertificate(fleet.good[kind], fleet.root.key.pkcs8, () => {}),
      kind,
    ),
  ).toEqual([]);
});

describe('exactly one rule speaks', () => {
  test.each([...specifiedFaults, ...furtherFaults])('for %s (%s): %s', (_, kind, rule, change) => {
    expect(judged(patchCertificate(fleet.good[kind], fleet.root.key.pkcs8, change), kind)).toEqual([rule]);
  });

  test('for RSA certificates with one fault', async () => {
    const rsaRoot = await makeRoot(await generateKey('rsa2048'), noon);
    const leaf = await issueLeaf(rsaRoot, 'device', rsaRoot.key.spki, noon);
    const issuer = prepareLintIssuer(rsaRoot.der);
    const found = (change: (parts: CertificateParts) => void) => {
      const der = patchCertificate(leaf.der, rsaRoot.key.pkcs8, change);
      return lintCertificate(der, { kind: 'device', issuer, now: dayAfter }).map(({ rule }) => rule);
    };
    const withKey = (modulus: Buffer, exponent: string) =>
      found((parts) => {
        const key = tlv(0x30, tlv(0x02, Buffer.from([0]), modulus), tlv(0x02, Buffer.from(exponent, 'hex')));
        parts.spki = tlv(0x30, children(parts.spki)[0] ?? parts.spki, tlv(0x03, Buffer.from([0]), key));
      });
    const keyUsage = (hex: string) =>
      found((parts) => {
        parts.extensions = replaced(parts.extensions, 15, true, Buffer.from(hex, 'hex'));
      });
    const withoutNull = found((parts) => {
      parts.innerAlgorithm = tlv(0x30, children(parts.innerAlgorithm)[0] ?? parts.serial);
      parts.outerAlgorithm = parts.innerAlgorithm;
    });
    expect(found(() => {})).toEqual([]);
    expect(keyUsage('03020780')).toEqual(['key-usage-bits']);
    expect(withoutNull).toEqual(['signature-algorithm-parameters']);
    expect(withKey(Buffer.alloc(128, 0xff), '010001')).toEqual(['key-rsa-modulus']);
    expect(withKey(Buffer.alloc(256, 0xfe), '010001')).toEqual(['key-rsa-modulus']);
    expect(withKey(Buffer.alloc(512, 0xff), '010001')).toEqual(['key-large']);
    expect(withKey(Buffer.alloc(256, 0xff), '03')).toEqual(['key-rsa-exponent']);
  });

  test('and says where it comes from', () => {
    const [fault] = specifiedFaults;
    if (fault === undefined) throw new Error('no faults');
    const der = patchCertificate(fleet.good.site, fleet.root.key.pkcs8, fault[3]);
    const [finding] = lintCertificate(der, { kind: 'site', issuer: prepareLintIssuer(fleet.root.der) });
    expect(finding).toMatchObject({ rule: 'basic-constraints-critical', severity: 'error', source: 'RFC 5280 §4.2.1.9' });
    for (const [, source] of Object.values(rules)) expect(source).not.toBe('');
  });
});

test('a certificate of one kind is not taken for another', () => {
  expect(judged(fleet.good.broker, 'device')).toContain('extended-key-usage');
  expect(judged(fleet.good.site, 'device')).toContain('basic-constraints-ca');
  expect(judged(fleet.good.device, 'root')).toContain('signature-verifies');
});

/** Why the linter exists: each of these is accepted by at least one library that brokers and devices use. */
test('other validators let faults pass that the linter names', async () => {
  const now = new Date();
  const { root, good } = await makeFleet(now);
  const verdicts = async (kind: 'device' | 'site', change: (parts: CertificateParts) => void) => {
    const evidence = { root: root.der, leaf: patchCertificate(good[kind], root.key.pkcs8, change) };
    const purpose = kind === 'device' ? 'client' : 'ca';
    const asked = [judge.openssl(evidence, { purpose }), judge.certtool(evidence, { purpose }), judge.nss(evidence, { purpose })];
    return (await Promise.all(asked)).map(({ ok }) => ok);
  };
  const fault = (what: string) => specifiedFaults.find(([name]) => name === what)?.[3] ?? (() => {});
  expect(await verdicts('site', fault('CA without keyUsage'))).toEqual([false, true, true]);
  expect(await verdicts('device', fault('no AKI'))).toEqual([false, true, true]);
  expect(await verdicts('device', fault('CN of 65 characters'))).toEqual([true, true, true]);
  expect(await verdicts('device', fault('negative serial'))).toContain(true);
  const outlives = (parts: CertificateParts) => {
    parts.notAfter = tlv(
      0x17,
      Buffer.from(`${new Date(now.getTime() + 4000 * 86_400_000).toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`),
    );
  };
  expect(await verdicts('device', outlives)).toEqual([true, true, true]);
});

describe('bytes that are no certificate', () => {
  test('get findings, not exceptions', () => {
    const { device } = fleet.good;
    expect(judged(Buffer.alloc(0), 'device')).toEqual(['der-encoding']);
    expect(judged(Buffer.from(certificatePem(device)), 'device')).toEqual(['der-encoding']);
    expect(judged(Buffer.concat([device, Buffer.from([0])]), 'device')).toEqual(['der-encoding']);
    expect(judged(Buffer.concat([Buffer.from('3080', 'hex'), device.subarray(4), Buffer.alloc(2)]), 'device')).toEqual([
      'der-encoding',
    ]);
    expect(judged(Buffer.alloc(70_000, 0x30), 'device')).toEqual(['size']);
    expect(judged(Buffer.alloc(60_000, 0x30), 'device')).toEqual(['der-encoding']);
  });

  test('deep nesting is refused rather than followed', () => {
    let nested: Buffer = tlv(0x05);
    for (let depth = 0; depth < 2000; depth += 1) nested = tlv(0x30, nested);
    const der = patchCertificate(fleet.good.device, fleet.root.key.pkcs8, (parts) => {
      parts.extensions = [...parts.extensions, extension(17, false, nested)];
    });
    expect(judged(der, 'device')).toContain('der-encoding');
  });
});
