import type { RevocationReason } from '../../shared/model/certificate.ts';
import { signed } from './certificate.ts';
import { type DerNode, explicit, integer, sequence, time, toDer } from './der.ts';
import { crlNumberExtension, reasonExtension } from './extensions.ts';
import type { Issuer } from './issuer.ts';
import { refuse } from './refusal.ts';
import { backdating, wholeSeconds } from './validity.ts';

/** Codes of RFC 5280 §5.3.1; `unspecified` is written by leaving the reason out. */
export const reasonCodes = {
  unspecified: 0,
  keyCompromise: 1,
  cACompromise: 2,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
  certificateHold: 6,
} as const satisfies Record<RevocationReason, number>;

export interface RevokedCertificate {
  /** Hexadecimal, as in IssuedCertificate. */
  readonly serial: string;
  readonly revokedAt: Date;
  readonly reason: RevocationReason;
}

export interface CrlRequest {
  readonly issuer: Issuer;
  readonly entries: readonly RevokedCertificate[];
  /** From `nextCrlNumber`. */
  readonly number: bigint;
  readonly now: Date;
  /** When the next one is due at the latest: a broker with an expired CRL refuses everyone. */
  readonly nextUpdate: Date;
}

export interface IssuedCrl {
  readonly der: Buffer;
  readonly number: bigint;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
}

/**
 * The number of the next CRL: max(last + 1, seconds since 1970). The clock in it makes sure that an authority restored
 * from an old backup does not go back to a number that was used already (RFC 5280 §5.2.3 asks for a rising sequence).
 * Takes the last number published, or undefined before the first one.
 */
export function nextCrlNumber(last: bigint | undefined, now: Date): bigint {
  const seconds = BigInt(Math.floor(now.getTime() / 1000));
  return last === undefined || last + 1n < seconds ? seconds : last + 1n;
}

/**
 * Builds and signs a v2 CRL (RFC 5280 §5.1). thisUpdate lies 24 h back, because Mosquitto refuses everyone while a CRL
 * lies in its future; for the same reason no entry is dated later than thisUpdate (some validators ignore entries
 * from the future). Entries are sorted by serial.
 *
 * Not linted: see lintCrl. Throws PROFILE_REFUSED: crl-number, crl-next-update, crl-duplicate-serial, serial,
 * issuer-may-not-sign-crls.
 */
export async function buildCrl(request: CrlRequest): Promise<IssuedCrl> {
  const { issuer, number, now } = request;
  const { keyUsage } = issuer.certificate;
  if (keyUsage !== undefined && !keyUsage.includes('cRLSign')) refuse('issuer-may-not-sign-crls');
  // §5.2.3: at most 20 octets
  if (number < 1n || number >= 1n << 159n) refuse('crl-number');
  const thisUpdate = new Date(wholeSeconds(now).getTime() - backdating);
  const nextUpdate = wholeSeconds(request.nextUpdate);
  if (!(nextUpdate > now)) refuse('crl-next-update');

  const entries = sortedEntries(request.entries).map((entry) => encodeEntry(entry, thisUpdate));
  const tbs = toDer(
    sequence(
      integer(1),
      issuer.algorithmIdentifier,
      issuer.name,
      time(thisUpdate),
      time(nextUpdate),
      // §5.1.2.6: absent rather than empty
      ...(entries.length === 0 ? [] : [sequence(...entries)]),
      explicit(0, sequence(issuer.authorityKeyIdentifier, crlNumberExtension(number))),
    ),
  );
  const der = await signed(tbs, issuer.algorithmIdentifier, issuer.signer);
  return { der, number, thisUpdate, nextUpdate };
}

function sortedEntries(entries: readonly RevokedCertificate[]): RevokedCertificate[] {
  for (const { serial } of entries) if (!/^(?:[0-9a-f]{2}){1,20}$/.test(serial)) refuse('serial');
  const width = 40;
  const sorted = entries.toSorted((a, b) => (a.serial.padStart(width, '0') < b.serial.padStart(width, '0') ? -1 : 1));
  for (const [index, entry] of sorted.entries()) {
    if (entry.serial.padStart(width, '0') === sorted[index + 1]?.serial.padStart(width, '0')) refuse('crl-duplicate-serial');
  }
  return sorted;
}

function encodeEntry(entry: RevokedCertificate, thisUpdate: Date): DerNode {
  const date = time(entry.revokedAt < thisUpdate ? entry.revokedAt : thisUpdate);
  const serial = integer(Buffer.from(entry.serial, 'hex'));
  if (entry.reason === 'unspecified') return sequence(serial, date);
  const code = reasonCodes[entry.reason] ?? refuse('crl-reason');
  return sequence(serial, date, sequence(reasonExtension(code)));
}
