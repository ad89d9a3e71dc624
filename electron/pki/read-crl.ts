import { createHash } from 'node:crypto';
import { FieldkeyError } from '../../shared/errors.ts';
import type { RevocationReason } from '../../shared/model/certificate.ts';
import { reasonCodes } from './crl.ts';
import { contentOf, DerError, elementOf } from './lint/der-reader.ts';
import { readTime } from './lint/der-time.ts';
import { bigInteger, wholeOctets } from './lint/der-values.ts';
import { readAuthorityKeyIdentifier, readIntegerExtension, readReasonCode } from './lint/extensions.ts';
import { type CrlStructure, type Extension, readCrlStructure } from './lint/structure.ts';
import { oids } from './oids.ts';
import { type NamePart, nameParts, serialHex } from './read.ts';

export interface CrlEntry {
  /** Lower-case hexadecimal. */
  readonly serial: string;
  readonly revokedAt: Date;
  /** `other` for a reason we do not issue (removeFromCRL, privilegeWithdrawn, aACompromise). */
  readonly reason: RevocationReason | 'other';
}

export interface CrlInfo {
  readonly der: Buffer;
  readonly issuerDer: Buffer;
  readonly issuer: readonly NamePart[];
  /** Undefined when the extension is absent. */
  readonly number: bigint | undefined;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | undefined;
  readonly authorityKeyIdentifier: Buffer | undefined;
  readonly entries: readonly CrlEntry[];
  /** SHA-256 of the DER, lower-case hexadecimal. */
  readonly fingerprint: string;
}

/** About 400,000 entries. */
export const crlSizeLimit = 16 * 1024 * 1024;

/**
 * Reads one CRL, ours or foreign; the signature is not checked.
 * Throws FILE_MALFORMED, or FILE_TOO_LARGE above 16 MiB; nothing else, whatever the bytes.
 */
export function readCrl(bytes: Uint8Array): CrlInfo {
  if (bytes.length > crlSizeLimit) throw new FieldkeyError('FILE_TOO_LARGE', { file: 'crl', limit: crlSizeLimit });
  const der = Buffer.from(bytes);
  try {
    return infoOf(der, readCrlStructure(der));
  } catch (error) {
    if (error instanceof DerError) throw new FieldkeyError('FILE_MALFORMED', { what: 'crl', reason: error.message }, error);
    throw error;
  }
}

function infoOf(der: Buffer, crl: CrlStructure): CrlInfo {
  wholeOctets(der, crl.signature);
  const number = find(der, crl.extensions, oids.crlNumber);
  const authority = find(der, crl.extensions, oids.authorityKeyIdentifier);
  const identifier = authority === undefined ? undefined : readAuthorityKeyIdentifier(authority).keyIdentifier;
  return {
    der,
    issuerDer: Buffer.from(elementOf(der, crl.issuer)),
    issuer: nameParts(der, crl.issuer),
    number: number === undefined ? undefined : bigInteger(number, readIntegerExtension(number)),
    thisUpdate: new Date(readTime(der, crl.thisUpdate).ms),
    nextUpdate: crl.nextUpdate === undefined ? undefined : new Date(readTime(der, crl.nextUpdate).ms),
    authorityKeyIdentifier: identifier === undefined ? undefined : Buffer.from(identifier),
    entries: (crl.entries ?? []).map((entry) => ({
      serial: serialHex(der, entry.serial),
      revokedAt: new Date(readTime(der, entry.revocationDate).ms),
      reason: reasonOf(find(der, entry.extensions, oids.reasonCode)),
    })),
    fingerprint: createHash('sha256').update(der).digest('hex'),
  };
}

function find(der: Buffer, extensions: readonly Extension[], oid: string): Uint8Array | undefined {
  const found = extensions.filter((extension) => extension.oid === oid);
  if (found.length > 1) throw new DerError('extension twice');
  return found[0] === undefined ? undefined : contentOf(der, found[0].value);
}

const reasonNames = new Map(Object.entries(reasonCodes).map(([name, code]) => [code as number, name as RevocationReason]));

/** RFC 5280 §5.3.1: no reason means unspecified. */
function reasonOf(value: Uint8Array | undefined): RevocationReason | 'other' {
  return value === undefined ? 'unspecified' : (reasonNames.get(readReasonCode(value)) ?? 'other');
}
