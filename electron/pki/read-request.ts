import { createHash, createPublicKey, verify } from 'node:crypto';
import { FieldkeyError } from '../../shared/errors.ts';
import type { RequestRefusal } from '../../shared/model/request.ts';
import { type NameSummary, summariseNames } from './general-names.ts';
import { describeKey, type KeyDescription, keyRefusal } from './key-description.ts';
import { spkiSha256 } from './keys.ts';
import { contentOf, DerError, elementOf } from './lint/der-reader.ts';
import { wholeOctets } from './lint/der-values.ts';
import * as extensionValues from './lint/extensions.ts';
import { type Extension, type RequestStructure, readRequestStructure } from './lint/structure.ts';
import { extensionNames } from './object-names.ts';
import { oids } from './oids.ts';
import { pemToDer } from './pem.ts';
import { type NamePart, nameParts } from './read.ts';
import { requestedExtensions } from './requested-extensions.ts';
import { signatureScheme } from './signature-scheme.ts';

/** An extension that the request asks for. */
export interface RequestedExtension {
  readonly oid: string;
  /** The name of RFC 5280, or the OID. */
  readonly name: string;
  readonly critical: boolean;
}

/** What a certificate signing request says. All of it is a wish: what is issued is the policy's decision. */
export interface RequestInfo {
  readonly der: Buffer;
  /** The DER of the Name, and its attributes as text. */
  readonly subjectDer: Buffer;
  readonly subject: readonly NamePart[];
  /** The last CN; empty when there is none. */
  readonly commonName: string;
  readonly alternativeNames: NameSummary;
  readonly keyUsage: readonly extensionValues.KeyUsage[] | undefined;
  /** OIDs. */
  readonly extendedKeyUsage: readonly string[] | undefined;
  /** It asks to become an authority. */
  readonly wantsCa: boolean;
  readonly extensions: readonly RequestedExtension[];
  /** It carries a challenge password (RFC 2985 §5.4.1), whose text is never shown. */
  readonly hasChallengePassword: boolean;
  readonly key: KeyDescription;
  /** DER of the SubjectPublicKeyInfo, and its SHA-256 in lower-case hexadecimal. */
  readonly spki: Buffer;
  readonly spkiFingerprint: string;
  /** Name of the signature algorithm, or its OID. */
  readonly signatureAlgorithm: string;
  /** SHA-256 of the DER, lower-case hexadecimal. */
  readonly fingerprint: string;
  /** Why it must not be signed; undefined when key and proof of possession are sound. */
  readonly refusal: RequestRefusal | undefined;
}

/** Requests with a hundred names stay below 8 kB; nothing honest comes near this. */
export const requestSizeLimit = 64 * 1024;
/** A file may hold many requests. */
export const requestFileSizeLimit = 4 * 1024 * 1024;

/**
 * Reads one request in DER and proves possession of its key: the signature must verify under the key inside
 * (RFC 2986 §3). A request that is readable but must not be signed has a `refusal`, so that it can be shown.
 * Throws REQUEST_REFUSED with `not-a-request` or `too-large`; nothing else, whatever the bytes.
 */
export function readRequest(bytes: Uint8Array): RequestInfo {
  if (bytes.length > requestSizeLimit) throw refused('too-large');
  const der = Buffer.from(bytes);
  try {
    return infoOf(der, readRequestStructure(der));
  } catch (error) {
    if (error instanceof DerError) throw refused('not-a-request', error);
    throw error;
  }
}

/** Throws REQUEST_REFUSED unless the request may be signed. */
export function requireSound(request: RequestInfo): void {
  if (request.refusal !== undefined) throw refused(request.refusal);
}

/** One request of a file: what it says, or why it cannot be read. */
export type RequestInFile =
  | { readonly request: RequestInfo; readonly refusal: RequestRefusal | undefined }
  | { readonly request: undefined; readonly refusal: RequestRefusal };

const requestLabels = ['CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST'];

/**
 * All requests of a file: DER, or PEM with any number of blocks, of which those that are no requests are passed over.
 * One that cannot be read does not stop the others. Throws REQUEST_REFUSED when the file is too large (`too-large`) or
 * has no request at all (`not-a-request`).
 */
export function readRequestFile(bytes: Uint8Array): RequestInFile[] {
  if (bytes.length > requestFileSizeLimit) throw refused('too-large');
  if (bytes[0] === 0x30) return [attempt(bytes)];
  const found = blocksOf(bytes).filter(({ label }) => requestLabels.includes(label));
  if (found.length === 0) throw refused('not-a-request');
  return found.map(({ der }) => attempt(der));
}

function blocksOf(bytes: Uint8Array): ReturnType<typeof pemToDer> {
  try {
    return pemToDer(Buffer.from(bytes).toString('latin1'));
  } catch (error) {
    throw refused('not-a-request', error);
  }
}

function attempt(der: Uint8Array): RequestInFile {
  try {
    const request = readRequest(der);
    return { request, refusal: request.refusal };
  } catch (error) {
    if (!(error instanceof FieldkeyError) || error.code !== 'REQUEST_REFUSED') throw error;
    return { request: undefined, refusal: error.params.reason as RequestRefusal };
  }
}

function infoOf(der: Buffer, structure: RequestStructure): RequestInfo {
  const asked = requestedExtensions(structure);
  const value = <T>(oid: string, read: (bytes: Uint8Array) => T): T | undefined => valueIn(der, asked, oid, read);
  const subject = nameParts(der, structure.subject);
  const spki = Buffer.from(elementOf(der, structure.spki));
  const key = describeKey(spki);
  const signature = wholeOctets(der, structure.signature);
  return {
    der,
    subjectDer: Buffer.from(elementOf(der, structure.subject)),
    subject,
    commonName: subject.findLast((part) => part.type === 'CN')?.value ?? '',
    alternativeNames: summariseNames(value(oids.subjectAltName, extensionValues.readGeneralNames) ?? []),
    keyUsage: value(oids.keyUsage, extensionValues.readKeyUsage),
    extendedKeyUsage: value(oids.extendedKeyUsage, extensionValues.readExtendedKeyUsage),
    wantsCa: value(oids.basicConstraints, extensionValues.readBasicConstraints)?.ca === true,
    extensions: asked.map(({ oid, critical }) => ({ oid, name: extensionNames[oid] ?? oid, critical })),
    hasChallengePassword: structure.attributes.some(({ oid }) => oid === oids.challengePassword),
    key,
    spki,
    spkiFingerprint: spkiSha256(spki),
    signatureAlgorithm: signatureScheme(structure.outerAlgorithm).name,
    fingerprint: createHash('sha256').update(der).digest('hex'),
    refusal: keyRefusal(key) ?? proofRefusal(der, structure, spki, key, signature),
  };
}

/** What cannot be read in its own syntax is not granted either: it is left out here, and named by the linter. */
function valueIn<T>(
  der: Buffer,
  extensions: readonly Extension[],
  wanted: string,
  read: (bytes: Uint8Array) => T,
): T | undefined {
  const found = extensions.filter(({ oid }) => oid === wanted);
  if (found.length !== 1 || found[0] === undefined) return undefined;
  try {
    return read(contentOf(der, found[0].value));
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}

/** The signature under the key inside. Only for keys that `keyRefusal` lets pass: both crypto libraries know those. */
function proofRefusal(
  der: Buffer,
  structure: RequestStructure,
  spki: Buffer,
  key: KeyDescription,
  signature: Uint8Array,
): RequestRefusal | undefined {
  const scheme = signatureScheme(structure.outerAlgorithm);
  if (scheme.weak) return 'signature-hash';
  if (scheme.padding === 'pss') return 'signature-pss';
  if (scheme.hash === undefined || scheme.keyType !== key.type) return 'signature-algorithm';
  try {
    const publicKey = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    return verify(scheme.hash, elementOf(der, structure.tbs), publicKey, signature) ? undefined : 'signature';
  } catch {
    // BoringSSL throws for some malformed signatures where OpenSSL answers false
    return 'signature';
  }
}

function refused(reason: RequestRefusal, cause?: unknown): FieldkeyError<'REQUEST_REFUSED'> {
  return new FieldkeyError('REQUEST_REFUSED', { reason }, cause);
}
