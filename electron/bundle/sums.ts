import { createHash } from 'node:crypto';

/** Name of the list of hashes in every export; written last. */
export const sumsName = 'SHA256SUMS';

/** Lower-case hexadecimal, as `sha256sum` prints it. */
export function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The list that `sha256sum -c` reads: hash, two spaces, path; sorted, so that equal exports have equal lists. */
export function formatSums(hashes: ReadonlyMap<string, string>): Uint8Array {
  const lines = [...hashes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, hash]) => `${hash}  ${path}\n`);
  return new TextEncoder().encode(lines.join(''));
}

/** Reads such a list; null when it is anything else, because then it proves nothing. */
export function parseSums(content: Uint8Array): Map<string, string> | null {
  const text = new TextDecoder().decode(content);
  const hashes = new Map<string, string>();
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const match = /^([0-9a-f]{64}) [ *](\S.*)$/.exec(line);
    if (!match?.[1] || !match[2]) return null;
    hashes.set(match[2], match[1]);
  }
  return hashes.size > 0 ? hashes : null;
}
