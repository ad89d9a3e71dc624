import { X509Certificate } from 'node:crypto';
import { buildCrl, type RevokedCertificate } from '../../electron/pki/crl.ts';
import { prepareIssuer } from '../../electron/pki/issuer.ts';
import { generateEcKey } from '../../electron/pki/keys.ts';
import { lintCrl } from '../../electron/pki/lint/crl.ts';
import { prepareLintIssuer } from '../../electron/pki/lint/issuer.ts';
import { issueLinted } from '../../electron/pki/linted.ts';
import { readCrl } from '../../electron/pki/read-crl.ts';
import { softwareSigner } from '../../electron/pki/signer.ts';
import { type Figure, seconds } from './figure.ts';

const large = 100_000;
const small = 1_000;

/** A revocation list of 100,000 entries: built and signed, verified with every rule, read; against 100 times 1,000. */
export async function* crlBench(): AsyncGenerator<Figure> {
  const now = new Date();
  const key = generateEcKey('p256');
  const signer = softwareSigner(key.pkcs8);
  const root = await issueLinted({
    kind: 'root',
    subject: { commonName: 'Bench root' },
    spki: key.spki,
    issuer: { selfSigned: signer },
    now,
  });
  const issuer = prepareIssuer(root.der, signer);
  const lintIssuer = prepareLintIssuer(new X509Certificate(root.der).raw);
  const nextUpdate = new Date(now.getTime() + 400 * 86_400_000);
  const build = (count: number) => buildCrl({ issuer, entries: entriesOf(count, now), number: 1n, now, nextUpdate });
  const [few, many] = [await build(small), await build(large)];
  const hundredTimes = (work: () => unknown) => async () => {
    for (let i = 0; i < large / small; i++) await work();
  };
  const steps: [name: string, few: () => unknown, many: () => unknown][] = [
    ['build', () => build(small), () => build(large)],
    ['verify', () => lintCrl(few.der, { issuer: lintIssuer, now }), () => lintCrl(many.der, { issuer: lintIssuer, now })],
    ['read', () => readCrl(few.der), () => readCrl(many.der)],
  ];
  for (const [name, one, all] of steps) {
    const reference = await seconds(hundredTimes(one));
    yield { name: `crl-${name}`, value: await seconds(all), unit: 's', reference, against: '100 lists of 1,000 entries' };
  }
}

function entriesOf(count: number, now: Date): RevokedCertificate[] {
  const reasons = ['unspecified', 'keyCompromise', 'superseded', 'certificateHold'] as const;
  return Array.from({ length: count }, (_, index) => ({
    serial: (2n ** 126n + 7919n * BigInt(index)).toString(16).padStart(32, '0'),
    revokedAt: new Date(now.getTime() - index * 60_000),
    reason: reasons[index % 4] ?? 'unspecified',
  }));
}
