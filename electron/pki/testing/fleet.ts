import type { CertificateKind } from '../../../shared/model/certificate.ts';
import type { KeyAlgorithm } from '../../../shared/model/key.ts';
import type { IssuedCertificate } from '../certificate.ts';
import { type Issuer, prepareIssuer } from '../issuer.ts';
import { generateKey, type KeyPair } from '../keys.ts';
import { issueLinted } from '../linted.ts';
import type { AlternativeNames } from '../san.ts';
import { softwareSigner } from '../signer.ts';

/** What tests issue with: a project's names, its authorities, and keys that are made once (RSA is slow). */

export const project = { country: 'ES', state: 'Badajoz', city: 'Badajoz', organisation: 'Lab' } as const;

export interface Authority {
  readonly der: Buffer;
  readonly key: KeyPair;
  readonly issuer: Issuer;
}

/** A root with its prepared issuer. */
export async function makeRoot(key: KeyPair, now: Date, commonName = 'Lab root'): Promise<Authority> {
  const signer = softwareSigner(key.pkcs8);
  const subject = { ...project, commonName };
  const { der } = await issueLinted({ kind: 'root', subject, spki: key.spki, issuer: { selfSigned: signer }, now });
  return { der, key, issuer: prepareIssuer(der, signer) };
}

/** A site CA below it. */
export async function makeSite(root: Authority, key: KeyPair, now: Date): Promise<Authority> {
  const subject = { ...project, organisationalUnit: 'Plant 1', commonName: 'Lab site 1' };
  const { der } = await issueLinted({ kind: 'site', subject, spki: key.spki, issuer: root.issuer, now });
  return { der, key, issuer: prepareIssuer(der, softwareSigner(key.pkcs8)) };
}

export const brokerNames: AlternativeNames = { dns: ['mqtt.lab.example', 'localhost'], ip: ['127.0.0.1', '::1', '2001:db8::10'] };

/** A leaf of the kind, named as its profile wants. */
export function issueLeaf(
  authority: Authority,
  kind: Exclude<CertificateKind, 'root' | 'site'>,
  spki: Uint8Array,
  now: Date,
  commonName = kind === 'broker' ? 'mqtt.lab.example' : `${kind}-001`,
): Promise<IssuedCertificate> {
  const alternativeNames = kind === 'broker' ? brokerNames : undefined;
  return issueLinted({ kind, subject: { ...project, commonName }, alternativeNames, spki, issuer: authority.issuer, now });
}

/** Several keys of a kind, made at the same time. */
export function makeKeys(algorithm: KeyAlgorithm, count: number): Promise<KeyPair[]> {
  return Promise.all(Array.from({ length: count }, () => generateKey(algorithm)));
}
