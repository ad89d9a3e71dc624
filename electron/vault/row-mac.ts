import { createHmac, type KeyObject } from 'node:crypto';
import type { SqlValue } from './database.ts';

const tags = { null: 0, number: 1, string: 2, blob: 3 } as const;

/**
 * Encodes values so that no two lists give the same bytes: a type, a length and the value, each.
 * (`a`,`bc` and `ab`,`c` must not collide, nor the number 1 and the text "1".)
 */
export function encodeFields(values: readonly SqlValue[]): Buffer {
  const parts: Buffer[] = [];
  for (const value of values) {
    const body =
      value === null
        ? Buffer.alloc(0)
        : typeof value === 'number'
          ? Buffer.from(String(value), 'latin1')
          : typeof value === 'string'
            ? Buffer.from(value, 'utf8')
            : value;
    const tag =
      value === null ? tags.null : typeof value === 'number' ? tags.number : typeof value === 'string' ? tags.string : tags.blob;
    const head = Buffer.allocUnsafe(5);
    head.writeUInt8(tag, 0);
    head.writeUInt32BE(body.length, 1);
    parts.push(head, body);
  }
  return Buffer.concat(parts);
}

/** HMAC-SHA256 over the encoded fields (RFC 2104). A KeyObject, because Node takes five times as long with a Buffer. */
export function macOf(key: KeyObject, values: readonly SqlValue[]): Buffer {
  return createHmac('sha256', key).update(encodeFields(values)).digest();
}
