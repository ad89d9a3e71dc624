import type { RevocationReason } from '../../shared/model/certificate.ts';
import { signed } from './certificate.ts';
import { type DerNode, encoded, explicit, integer, sequence, time, toDer } from './der.ts';
import { crlNumberExtension, reasonExtension } from './extensions.ts';
import type { Issuer } from './issuer.ts';
import { refuse } from './refusal.ts';
import { backdating, wholeSeconds } from './validity.ts';

/**
 * Codes of RFC 5280 §5.3.1; `unspecified` is written by leaving the reason out. removeFromCRL (8) is for delta CRLs
 * alone: a certificate whose hold has ended is simply no longer on the next complete CRL.
 */
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
 * The highest number of a list that ours can go on from. Numbers are kept as whole numbers of JavaScript, which are exact below
 * 2^53; half of them are left for what comes after it. Numbers made of a date and a time (20261231235959) are far below.
 */
export const crlNumberMaximum = 2 ** 52;

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

  const entries = encodeEntries(sortedEntries(request.entries), thisUpdate);
  const tbs = toDer(
    sequence(
      integer(1),
      issuer.algorithmIdentifier,
      issuer.name,
      time(thisUpdate),
      time(nextUpdate),
      // §5.1.2.6: absent rather than empty
      ...(request.entries.length === 0 ? [] : [entries]),
      explicit(0, sequence(issuer.authorityKeyIdentifier, crlNumberExtension(number))),
    ),
  );
  const der = await signed(tbs, issuer.algorithmIdentifier, issuer.signer);
  return { der, number, thisUpdate, nextUpdate };
}

/** Sorted as numbers. A serial that is no number, or is there twice, is refused. */
function sortedEntries(entries: readonly RevokedCertificate[]): RevokedCertificate[] {
  const width = 40;
  const keyed = entries.map((entry) => {
    if (!/^(?:[0-9a-f]{2}){1,20}$/.test(entry.serial)) refuse('serial');
    return { key: entry.serial.padStart(width, '0'), entry };
  });
  keyed.sort((a, b) => (a.key < b.key ? -1 : 1));
  for (const [index, { key }] of keyed.entries()) if (key === keyed[index + 1]?.key) refuse('crl-duplicate-serial');
  return keyed.map(({ entry }) => entry);
}

/**
 * The SEQUENCE OF entries. An authority of some age has 100,000 of them, and a forge tree of five nodes for each costs
 * ten times the signature; so what repeats (dates, reasons) is encoded once, and the rest is put together as bytes.
 */
function encodeEntries(entries: readonly RevokedCertificate[], thisUpdate: Date): DerNode {
  const dates = new Map<number, Buffer>();
  const reasons = new Map<RevocationReason, Buffer>();
  const parts: Uint8Array[] = [];
  for (const entry of entries) {
    const at = Math.min(wholeSeconds(entry.revokedAt).getTime(), thisUpdate.getTime());
    const date = dates.get(at) ?? toDer(time(new Date(at)));
    dates.set(at, date);
    const reason = reasons.get(entry.reason) ?? encodeReason(entry.reason);
    reasons.set(entry.reason, reason);
    const serial = toDer(integer(Buffer.from(entry.serial, 'hex')));
    // an entry has at most 22 + 17 + 14 octets, so its length always fits into one
    parts.push(Buffer.from([0x30, serial.length + date.length + reason.length]), serial, date, reason);
  }
  return encoded(Buffer.concat([sequenceHeader(parts), ...parts]));
}

function sequenceHeader(parts: readonly Uint8Array[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  if (length < 0x80) return Buffer.from([0x30, length]);
  const hex = length.toString(16);
  const octets = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return Buffer.concat([Buffer.from([0x30, 0x80 | octets.length]), octets]);
}

/** crlEntryExtensions with the reason; nothing for `unspecified` (RFC 5280 §5.3.1). */
function encodeReason(reason: RevocationReason): Buffer {
  if (reason === 'unspecified') return Buffer.alloc(0);
  return toDer(sequence(reasonExtension(reasonCodes[reason] ?? refuse('crl-reason'))));
}
