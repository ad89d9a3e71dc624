import { isErrorReport } from '../../../shared/errors.ts';
import { inspectFile } from '../inspect.ts';
import { encryptKeyPem } from '../key-encryption.ts';
import { keyPem, privateKeyFromPem } from '../key-pem.ts';
import { generateEcKey, generateKey } from '../keys.ts';
import { lintCertificate } from '../lint/certificate.ts';
import { lintCrl } from '../lint/crl.ts';
import { lintRequest } from '../lint/request.ts';
import { buildLintedCrl } from '../linted.ts';
import { certificatePem, crlPem, pemBlocks } from '../pem.ts';
import { writePkcs12 } from '../pkcs12.ts';
import { readCertificate } from '../read.ts';
import { readCrl } from '../read-crl.ts';
import { readPkcs12 } from '../read-pkcs12.ts';
import { readRequest, readRequestFile } from '../read-request.ts';
import { buildRequest, requestPem } from '../request.ts';
import { softwareSigner } from '../signer.ts';
import { brokerNames, issueLeaf, makeRoot, makeSite, project } from './fleet.ts';
import { mutate, seeded } from './mutations.ts';

/** Everything that reads bytes of strangers gets mutations of good files; it may only answer or throw a typed error. */

type Reader = (bytes: Buffer) => unknown;
export interface FuzzTarget {
  readonly name: string;
  readonly seeds: readonly Buffer[];
  readonly read: Reader;
  /** Its part of all mutations, against the parts of the others; derivations are slow, so PKCS#12 gets fewer. */
  readonly share: number;
}

const passphrase = 'p';

/** What reads certificates, lists, requests, keys and their containers. */
export async function pkiTargets(): Promise<FuzzTarget[]> {
  const now = new Date('2026-11-22T12:00:00Z');
  const inspect = { now: now.getTime(), passphrase };
  const rsa = await generateKey('rsa2048');
  const ec = generateEcKey('p256');
  const root = await makeRoot(generateEcKey('p384'), now);
  const site = await makeSite(root, generateEcKey('p256'), now);
  const broker = (await issueLeaf(site, 'broker', rsa.spki, now)).der;
  const device = (await issueLeaf(site, 'device', ec.spki, now)).der;
  const entries = ['41', '42', '43'].map((first) => ({
    serial: first.padEnd(32, '0'),
    revokedAt: now,
    reason: 'keyCompromise' as const,
  }));
  const nextUpdate = new Date('2028-01-01T00:00:00Z');
  const crl = (await buildLintedCrl({ issuer: root.issuer, entries, number: 7n, now, nextUpdate })).der;
  const requests = await Promise.all([
    buildRequest({ kind: 'broker', subject: project, alternativeNames: brokerNames, signer: softwareSigner(rsa.pkcs8) }),
    buildRequest({ kind: 'device', subject: { commonName: 'm' }, signer: softwareSigner(ec.pkcs8) }),
  ]);
  const contents = { pkcs8: ec.pkcs8, certificate: device, chain: [site.der], friendlyName: 'm' };
  const p12 = await Promise.all([false, true].map((legacy) => writePkcs12(contents, passphrase, { iterations: 2, legacy })));
  const keys = [
    keyPem(ec.pkcs8),
    keyPem(rsa.pkcs8, { form: 'pkcs1' }),
    await encryptKeyPem(ec.pkcs8, passphrase, { iterations: 2 }),
  ];
  const pem = [certificatePem(device), crlPem(crl), requestPem(requests[1] ?? crl), ...keys];
  const certificates = [root.der, site.der, broker, device];
  return [
    {
      name: 'certificate',
      seeds: certificates,
      read: (b) => [readCertificate(b), lintCertificate(b, { kind: 'device' })],
      share: 28,
    },
    { name: 'crl', seeds: [crl], read: (b) => [readCrl(b), lintCrl(b, {})], share: 15 },
    { name: 'request', seeds: requests, read: (b) => [readRequest(b), lintRequest(b), readRequestFile(b)], share: 25 },
    { name: 'pkcs12', seeds: p12, read: (b) => readPkcs12(b, passphrase), share: 10 },
    { name: 'pem', seeds: pem.map((text) => Buffer.from(text)), read: (b) => pemBlocks(b.toString('latin1')), share: 12 },
    {
      name: 'key',
      seeds: keys.map((text) => Buffer.from(text)),
      read: (b) => privateKeyFromPem(b.toString('latin1'), passphrase),
      share: 4,
    },
    {
      name: 'any file',
      seeds: [...certificates, crl, ...requests, ...p12, ...pem.map((text) => Buffer.from(text)), Buffer.from(pem.join(''))],
      read: (b) => inspectFile(b, inspect),
      share: 6,
    },
  ];
}

export interface FuzzFailure {
  readonly target: string;
  readonly number: number;
  readonly error: string;
  /** The bytes that did it, base64. */
  readonly input: string;
}

export interface FuzzReport {
  readonly count: number;
  /** How many were still read, and how many refused with which code. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Anything that was not a typed error, or took more than `slowest` allows. */
  readonly failures: readonly FuzzFailure[];
  /** The longest single input, milliseconds. */
  readonly longest: number;
  /** Growth of resident memory, MB. */
  readonly memory: number;
}

/** One input may take this long: a hostile file may choose a derivation of two million rounds, nothing else is slow. */
export const slowest = 10_000;

/** Runs `count` mutations with this seed, spread over the targets. `progress` is told every thousand, `begins` the number of each before it is read. */
export async function fuzz(
  all: readonly FuzzTarget[],
  count: number,
  seed: number,
  progress?: (done: number) => void,
  begins?: (number: number) => void,
): Promise<FuzzReport> {
  const random = seeded(seed);
  const outcomes: Record<string, number> = {};
  const failures: FuzzFailure[] = [];
  const before = process.memoryUsage().rss;
  let longest = 0;
  for (let number = 0; number < count; number += 1) {
    const target = choose(all, random);
    const seedOf = (): Buffer => target.seeds[Math.floor(random() * target.seeds.length)] ?? Buffer.alloc(0);
    const input = mutate(seedOf(), seedOf(), random);
    begins?.(number);
    const start = performance.now();
    const outcome = await outcomeOf(target.read, input);
    const took = performance.now() - start;
    longest = Math.max(longest, took);
    const key = `${target.name}: ${outcome.code}`;
    outcomes[key] = (outcomes[key] ?? 0) + 1;
    const error = outcome.error ?? (took > slowest ? `took ${Math.round(took)} ms` : undefined);
    if (error !== undefined) failures.push({ target: target.name, number, error, input: input.toString('base64') });
    if (number % 1000 === 999) progress?.(number + 1);
  }
  return { count, outcomes, failures, longest, memory: (process.memoryUsage().rss - before) / 1e6 };
}

function choose(all: readonly FuzzTarget[], random: () => number): FuzzTarget {
  let left = random() * all.reduce((sum, { share }) => sum + share, 0);
  for (const target of all) {
    left -= target.share;
    if (left < 0) return target;
  }
  throw new Error('no target');
}

async function outcomeOf(read: Reader, input: Buffer): Promise<{ code: string; error?: string }> {
  try {
    await read(input);
    return { code: 'read' };
  } catch (error) {
    if (isErrorReport(error) && error.code !== 'INTERNAL') return { code: error.code };
    return { code: 'UNTYPED', error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
