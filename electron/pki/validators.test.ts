import { describe, expect, test } from 'vitest';
import { keyAlgorithms } from '../../shared/model/key.ts';
import type { RevokedCertificate } from './crl.ts';
import { nextCrlNumber } from './crl.ts';
import { buildLintedCrl } from './linted.ts';
import { type Authority, issueLeaf, makeKeys, makeRoot, makeSite } from './testing/fleet.ts';
import * as judge from './testing/judges.ts';

const now = new Date();
const soon = new Date(now.getTime() + 400 * 86_400_000);

function crlOf(authority: Authority, entries: readonly RevokedCertificate[] = []): Promise<Buffer> {
  const number = nextCrlNumber(undefined, now);
  return buildLintedCrl({ issuer: authority.issuer, entries, number, now, nextUpdate: soon }).then((crl) => crl.der);
}

/** Awaits a verdict and shows what the tool said when it is the wrong one. */
async function accepts(verdict: Promise<judge.Verdict>): Promise<void> {
  const { ok, output } = await verdict;
  expect(ok, output).toBe(true);
}

async function refuses(verdict: Promise<judge.Verdict>, because: RegExp): Promise<void> {
  const { ok, output } = await verdict;
  expect(ok, output).toBe(false);
  expect(output).toMatch(because);
}

describe.each(keyAlgorithms)('what %s authorities issue', (algorithm) => {
  test('is accepted by openssl, GnuTLS, NSS and Java, below a root and below a site CA', async () => {
    const [rootKey, siteKey, leafKey] = await makeKeys(algorithm, 3);
    if (rootKey === undefined || siteKey === undefined || leafKey === undefined) throw new Error('no keys');
    const root = await makeRoot(rootKey, now);
    const site = await makeSite(root, siteKey, now);
    const shown: Buffer[] = [root.der, site.der];

    await accepts(judge.openssl({ root: root.der, leaf: root.der }, { purpose: 'ca' }));
    await accepts(judge.nss({ root: root.der, leaf: root.der }, { purpose: 'ca' }));
    await accepts(judge.openssl({ root: root.der, leaf: site.der, crls: [await crlOf(root)] }, { purpose: 'ca' }));
    await accepts(judge.certtool({ root: root.der, leaf: site.der }, { purpose: 'ca' }));
    await accepts(judge.nss({ root: root.der, leaf: site.der }, { purpose: 'ca' }));

    for (const authority of [root, site]) {
      const chain = { root: root.der, ...(authority === site ? { intermediates: [site.der] } : {}) };
      const broker = await issueLeaf(authority, 'broker', leafKey.spki, now);
      const device = await issueLeaf(authority, 'device', leafKey.spki, now);
      const observer = await issueLeaf(authority, 'observer', leafKey.spki, now);
      const canary = await issueLeaf(authority, 'canary', leafKey.spki, now);
      shown.push(broker.der, device.der, observer.der, canary.der);
      const crl = await crlOf(authority, [{ serial: canary.serial, revokedAt: now, reason: 'cessationOfOperation' }]);
      const crls = authority === site ? [await crlOf(root), crl] : [crl];
      const server = { ...chain, leaf: broker.der, crls };

      await accepts(judge.openssl(server, { purpose: 'server', host: 'mqtt.lab.example' }));
      await accepts(judge.openssl(server, { purpose: 'server', ip: '127.0.0.1' }));
      await accepts(judge.openssl(server, { purpose: 'server', ip: '2001:db8::10' }));
      await refuses(judge.openssl(server, { purpose: 'server', host: 'other.lab.example' }), /hostname mismatch/);
      await refuses(
        judge.openssl(server, { purpose: 'client' }),
        /[Uu]nsuitable certificate purpose|unsupported certificate purpose/,
      );
      await accepts(judge.certtool(server, { purpose: 'server', host: 'mqtt.lab.example' }));
      await refuses(judge.certtool(server, { purpose: 'server', host: 'other.lab.example' }), /does not match/);
      await accepts(judge.nss(server, { purpose: 'server' }));

      for (const leaf of [device.der, observer.der]) {
        await accepts(judge.openssl({ ...chain, leaf, crls }, { purpose: 'client' }));
        await accepts(judge.certtool({ ...chain, leaf }, { purpose: 'client' }));
        await accepts(judge.nss({ ...chain, leaf, crls }, { purpose: 'client' }));
        await refuses(judge.openssl({ ...chain, leaf, crls }, { purpose: 'server' }), /[Uu]nsuitable|unsupported/);
      }
      await refuses(judge.openssl({ ...chain, leaf: canary.der, crls }, { purpose: 'client' }), /certificate revoked/);
      await refuses(judge.nss({ ...chain, leaf: canary.der, crls }, { purpose: 'client' }), /revoked/);
      await accepts(judge.openssl({ ...chain, leaf: canary.der, crls: [await crlOf(authority)] }, { purpose: 'client' }));
      await accepts(judge.certtoolCrl(crl, authority.der));
      await refuses(judge.certtoolCrl(crl, authority === root ? site.der : root.der), /Not verified/);
    }
    await accepts(judge.keytool(shown));
  });

  test('includes CRLs with no, one and many entries', async () => {
    const [key] = await makeKeys(algorithm, 1);
    if (key === undefined) throw new Error('no key');
    const root = await makeRoot(key, now);
    for (const count of [0, 1, 3000]) {
      const reasons = ['unspecified', 'keyCompromise', 'superseded'] as const;
      const entries = Array.from({ length: count }, (_, index) => ({
        serial: (2n ** 126n + 977n * BigInt(index * index)).toString(16).padStart(32, '0'),
        revokedAt: new Date(now.getTime() - index * 3_600_000),
        reason: reasons[index % 3] ?? 'unspecified',
      }));
      const crl = await crlOf(root, entries.toReversed());
      await accepts(judge.certtoolCrl(crl, root.der));
      await accepts(judge.keytoolCrl(crl));
      await accepts(judge.nss({ root: root.der, leaf: root.der, crls: [crl] }, { purpose: 'ca' }));
    }
  });
});
