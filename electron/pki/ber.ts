import { DerError } from './lint/der-reader.ts';

/**
 * PKCS#12 files of NSS, Java and old Windows are BER: indefinite lengths, and octet strings in pieces (X.690 §8.1.3.6,
 * §8.7). Certificates inside are DER all the same. This writes the outer structure as DER, so that only one strict reader
 * is needed behind it. Takes one element; throws DerError; never deeper than 24 levels.
 */
export function berToDer(bytes: Uint8Array): Buffer {
  const { der, end } = normalise(bytes, 0, bytes.length, 0);
  if (end !== bytes.length) throw new DerError('trailing data');
  return der;
}

const deepest = 24;
const octetString = 0x04;

function normalise(bytes: Uint8Array, start: number, limit: number, depth: number): { der: Buffer; end: number } {
  if (depth > deepest) throw new DerError('nested too deeply');
  const identifier = at(bytes, start, limit);
  if ((identifier & 0x1f) === 0x1f) throw new DerError('high tag number');
  const { content, end, indefinite } = readLength(bytes, start + 1, limit);
  const constructed = (identifier & 0x20) !== 0;
  if (!constructed) {
    if (indefinite) throw new DerError('indefinite length');
    return { der: element(identifier, [bytes.subarray(content, end)]), end };
  }
  const children: Buffer[] = [];
  let offset = content;
  while (indefinite ? !isEnd(bytes, offset, limit) : offset < end) {
    const child = normalise(bytes, offset, indefinite ? limit : end, depth + 1);
    children.push(child.der);
    offset = child.end;
  }
  const next = indefinite ? offset + 2 : end;
  // an octet string in pieces becomes one
  if (identifier === (octetString | 0x20)) return { der: element(octetString, children.map(pieceOf)), end: next };
  return { der: element(identifier, children), end: next };
}

/** Content of a DER octet string; the pieces of one may be nothing else. */
function pieceOf(der: Buffer): Uint8Array {
  if (der[0] !== octetString) throw new DerError('an octet string with something else in it');
  const { content, end } = readLength(der, 1, der.length);
  return der.subarray(content, end);
}

function at(bytes: Uint8Array, index: number, limit: number): number {
  const value = index < limit ? bytes[index] : undefined;
  if (value === undefined) throw new DerError('ends too early');
  return value;
}

function isEnd(bytes: Uint8Array, offset: number, limit: number): boolean {
  return at(bytes, offset, limit) === 0 && at(bytes, offset + 1, limit) === 0;
}

function readLength(bytes: Uint8Array, start: number, limit: number): { content: number; end: number; indefinite: boolean } {
  const first = at(bytes, start, limit);
  if (first === 0x80) return { content: start + 1, end: limit, indefinite: true };
  let length = first;
  let content = start + 1;
  if (first > 0x80) {
    const count = first & 0x7f;
    if (count > 4) throw new DerError('length of more than four octets');
    length = 0;
    for (let i = 0; i < count; i += 1) length = length * 256 + at(bytes, content + i, limit);
    content += count;
  }
  if (content + length > limit) throw new DerError('ends too early');
  return { content, end: content + length, indefinite: false };
}

function element(identifier: number, parts: readonly Uint8Array[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const header = [identifier];
  if (length < 0x80) header.push(length);
  else {
    const octets: number[] = [];
    for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
    header.push(0x80 | octets.length, ...octets);
  }
  return Buffer.concat([Buffer.from(header), ...parts]);
}
