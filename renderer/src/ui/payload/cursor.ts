import { Malformed } from './value.ts';

/** Reads bytes one after the other; throws `Malformed` where they end too early. */
export class Cursor {
  at = 0;
  readonly #view: DataView;

  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  byte(): number {
    return this.#view.getUint8(this.#step(1));
  }
  /** Big-endian, of 1, 2, 4 or 8 bytes. */
  unsigned(size: 1 | 2 | 4 | 8): bigint {
    const at = this.#step(size);
    if (size === 8) return this.#view.getBigUint64(at);
    return BigInt(size === 1 ? this.#view.getUint8(at) : size === 2 ? this.#view.getUint16(at) : this.#view.getUint32(at));
  }
  signed(size: 1 | 2 | 4 | 8): bigint {
    return BigInt.asIntN(size * 8, this.unsigned(size));
  }
  float(size: 4 | 8, littleEndian = false): number {
    const at = this.#step(size);
    return size === 4 ? this.#view.getFloat32(at, littleEndian) : this.#view.getFloat64(at, littleEndian);
  }
  take(length: number | bigint): Uint8Array {
    if (length > this.left) throw new Malformed();
    const at = this.#step(Number(length));
    return this.bytes.subarray(at, this.at);
  }

  #step(length: number): number {
    if (length > this.left) throw new Malformed();
    const at = this.at;
    this.at += length;
    return at;
  }
}

/** Text as both binary formats have it; what is no UTF-8 is shown as the bytes that it is. */
export function utf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
