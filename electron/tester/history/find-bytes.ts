/** Bytes of a block that are looked at to see which byte is rare in it. */
const sampleBytes = 4_096;
/** Places that may turn out to be none before the ordinary search takes over. */
const missesAllowed = 256;

/**
 * Finds a run of bytes in a block, again and again. Looking for one byte is several times faster than looking for many, so the one
 * of them that seems to be the rarest is looked for; where it is not rare after all, Node's own search goes on.
 * Gives a function: the first place at or after `from`; -1 = none.
 */
export function finderOf(block: Buffer, wanted: Buffer): (from: number) => number {
  const place = rarestOf(block, wanted);
  const byte = wanted[place] as number;
  let misses = 0;
  return (from) => {
    for (let at = from + place; misses < missesAllowed; at++) {
      at = block.indexOf(byte, at);
      const start = at - place;
      if (at < 0 || start + wanted.byteLength > block.byteLength) return -1;
      if (isAt(block, wanted, start)) return start;
      misses++;
      from = start + 1;
    }
    return block.indexOf(wanted, from);
  };
}

function isAt(block: Buffer, wanted: Buffer, start: number): boolean {
  for (let index = 0; index < wanted.byteLength; index++) if (block[start + index] !== wanted[index]) return false;
  return true;
}

/** The place in `wanted` of the byte that a part of the block has least of. */
function rarestOf(block: Buffer, wanted: Buffer): number {
  const counts = new Uint16Array(256);
  const begin = Math.max(0, (block.byteLength - sampleBytes) >> 1);
  for (const byte of block.subarray(begin, begin + sampleBytes)) counts[byte] = (counts[byte] as number) + 1;
  let place = 0;
  for (let index = 1; index < wanted.byteLength; index++)
    if ((counts[wanted[index] as number] as number) < (counts[wanted[place] as number] as number)) place = index;
  return place;
}
