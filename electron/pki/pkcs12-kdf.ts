import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';

/** What the derived octets are for (RFC 7292 appendix B.3). */
export const purpose = { key: 1, iv: 2, mac: 3 } as const;

/** Octets of the block that each hash works on (u and v of RFC 7292 appendix B.2). */
const blocks: Readonly<Record<string, number>> = { sha1: 64, sha256: 64, sha384: 128, sha512: 128 };

/** The passphrase as BMPString with its two zero octets at the end (RFC 7292 appendix B.1). */
export function bmpPassphrase(passphrase: string): Buffer {
  return Buffer.from(`${passphrase}\0`, 'utf16le').swap16();
}

/**
 * The key derivation of PKCS#12 (RFC 7292 appendix B.2). Takes the octets of the passphrase (`bmpPassphrase`). Nothing
 * native offers it, so it hashes here, and lets other work in every 20,000 rounds (about 20 ms).
 */
export async function derivePkcs12(
  hash: string,
  passphrase: Uint8Array,
  salt: Uint8Array,
  id: number,
  iterations: number,
  octets: number,
): Promise<Buffer> {
  const v = blocks[hash] ?? 64;
  const input = Buffer.concat([fill(salt, v), fill(passphrase, v)]);
  const parts: Buffer[] = [];
  for (let made = 0; made < octets; ) {
    let a = createHash(hash).update(Buffer.alloc(v, id)).update(input).digest();
    for (let round = 1; round < iterations; round += 1) {
      a = createHash(hash).update(a).digest();
      if (round % 20_000 === 0) await turn();
    }
    parts.push(a);
    made += a.length;
    if (made < octets) addToBlocks(input, fill(a, v).subarray(0, v), v);
  }
  input.fill(0);
  return Buffer.concat(parts).subarray(0, octets);
}

/** Repeats `bytes` to a whole number of blocks; nothing stays nothing. */
function fill(bytes: Uint8Array, v: number): Buffer {
  const length = v * Math.ceil(bytes.length / v);
  return length === 0 ? Buffer.alloc(0) : Buffer.alloc(length, bytes);
}

/** I_j = (I_j + B + 1) mod 2^(8v) for every block. */
function addToBlocks(input: Buffer, b: Buffer, v: number): void {
  for (let start = 0; start < input.length; start += v) {
    let carry = 1;
    for (let i = v - 1; i >= 0; i -= 1) {
      const sum = (input[start + i] ?? 0) + (b[i] ?? 0) + carry;
      input[start + i] = sum & 0xff;
      carry = sum >> 8;
    }
  }
}
