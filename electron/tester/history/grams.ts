/*
 * Which runs of five bytes may be in a block: a bit for the hash of each (a Bloom filter with one hash). A search for a text that is
 * rare opens the few blocks that may have it, not all of them.
 */

const gram = 5;
/** A bit for each eighth byte of a block: less than a fiftieth of its size. */
const bytesPerByte = 64;
const smallest = 32;

/** The filter of what a block holds; its length is a power of two. */
export function gramsOf(bytes: Buffer): Buffer {
  let length = smallest;
  while (length * bytesPerByte < bytes.byteLength) length *= 2;
  const filter = Buffer.alloc(length);
  const shift = 32 - Math.log2(length * 8);
  let last = 0;
  let before = 0;
  for (let at = 0; at < bytes.byteLength; at++) {
    before = last >>> 24;
    last = ((last << 8) | (bytes[at] as number)) >>> 0;
    if (at < gram - 1) continue;
    const bit = hashOf(before, last) >>> shift;
    filter[bit >>> 3] = (filter[bit >>> 3] as number) | (1 << (bit & 7));
  }
  return filter;
}

/** False only when `wanted` is certainly not in what the filter was made of. */
export function mayHave(filter: Buffer, wanted: Buffer): boolean {
  const shift = 32 - Math.log2(filter.byteLength * 8);
  for (let at = 0; at + gram <= wanted.byteLength; at++) {
    const bit = hashOf(wanted[at] as number, wanted.readUInt32BE(at + 1)) >>> shift;
    if (((filter[bit >>> 3] as number) & (1 << (bit & 7))) === 0) return false;
  }
  return true;
}

/** A hash of a byte and the four after it, whose upper bits are well mixed. */
function hashOf(first: number, four: number): number {
  return Math.imul(four ^ Math.imul(first + 1, 0x85ebca6b), 0x9e3779b1) >>> 0;
}
