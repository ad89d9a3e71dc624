import { refuse } from './refusal.ts';

/** Gives that many random octets. */
export type RandomBytes = (count: number) => Uint8Array;

const serialOctets = 16;

/**
 * A new serial number of 16 octets: random, positive, of fixed length. The two highest bits are 01, which leaves 126
 * random ones; RFC 5280 §4.1.2.2 asks for positive numbers of at most 20 octets, the CA/Browser Forum for 64 random
 * bits. That it is new for its issuer is for the store to ensure.
 */
export function newSerial(randomBytes: RandomBytes): Buffer {
  const serial = Buffer.from(randomBytes(serialOctets));
  if (serial.length !== serialOctets) refuse('serial');
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  return serial;
}

/** Takes a serial that was reserved before; throws PROFILE_REFUSED unless it has the form of `newSerial`. */
export function checkSerial(serial: Uint8Array): Uint8Array {
  if (serial.length !== serialOctets || ((serial[0] ?? 0) & 0xc0) !== 0x40) refuse('serial');
  return serial;
}

/** Lower-case hexadecimal without separators, the form in which the store and people know it. */
export function serialText(serial: Uint8Array): string {
  return Buffer.from(serial).toString('hex');
}
