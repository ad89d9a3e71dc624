/** A small seeded generator (mulberry32): the same seed gives the same mutations on every machine. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Octets that mean something in DER: lengths at their limits, indefinite form, tags. */
const meaningful = [
  0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0c, 0x13, 0x17, 0x18, 0x24, 0x30, 0x31, 0x7f, 0x80, 0x81, 0x82, 0x84, 0x88, 0xa0,
  0xa3, 0xff,
];

/** Gives a copy with 1 to 4 changes: octets flipped or set, parts cut out, doubled, moved, taken from `other`, the end cut. */
export function mutate(bytes: Buffer, other: Buffer, random: () => number): Buffer {
  let result = Buffer.from(bytes);
  const upTo = (limit: number) => Math.floor(random() * Math.max(1, limit));
  for (let changes = 1 + upTo(4); changes > 0; changes -= 1) {
    const at = upTo(result.length);
    const length = 1 + upTo(Math.min(40, result.length - at));
    switch (upTo(8)) {
      case 0:
        result[at] = (result[at] ?? 0) ^ (1 << upTo(8));
        break;
      case 1:
        result[at] = meaningful[upTo(meaningful.length)] ?? 0;
        break;
      case 2:
        result[at] = upTo(256);
        break;
      case 3:
        result = Buffer.concat([result.subarray(0, at), result.subarray(at + length)]);
        break;
      case 4:
        result = Buffer.concat([result.subarray(0, at + length), result.subarray(at)]);
        break;
      case 5: {
        const from = upTo(other.length);
        result = Buffer.concat([result.subarray(0, at), other.subarray(from, from + length), result.subarray(at + length)]);
        break;
      }
      case 6:
        result = result.subarray(0, at);
        break;
      default:
        // the same number in another place: lengths and tags change meaning together
        result[upTo(result.length)] = result[at] ?? 0;
    }
  }
  return result;
}
