import type { TypedBytes } from '../model/own-connection.ts';
import { base64Bytes, hexBytes } from './payload-form.ts';

const hexOf = (byte: number) => byte.toString(16).padStart(2, '0');

/** The text that these bytes are in UTF-8; null when they are none. */
export function utf8Text(bytes: Uint8Array): string | null {
  try {
    return decodeURIComponent(Array.from(bytes, (byte) => `%${hexOf(byte)}`).join(''));
  } catch {
    return null;
  }
}

/** Bytes as a person wrote them: as text where they are one, otherwise as they are. */
export function writtenBytes({ form, text }: TypedBytes): string | Uint8Array {
  if (form === 'text') return text;
  const made = form === 'hex' ? hexBytes(text) : base64Bytes(text);
  const bytes = 'bytes' in made ? made.bytes : new Uint8Array(0);
  return utf8Text(bytes) ?? bytes;
}

/** What no argument of a program can hold is null: it ends at its first NUL, and other bytes are no text everywhere. */
export function asArgument(bytes: string | Uint8Array): string | null {
  return typeof bytes === 'string' && !bytes.includes('\0') ? bytes : null;
}

/** For printf(1): every byte that could mean something to it or to the shell in three octal digits. */
export function printfText(bytes: Uint8Array): string {
  const written = Array.from(bytes, (byte) =>
    /[A-Za-z0-9 ]/.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`,
  );
  return `printf '${written.join('')}'`;
}

/** An expression of JavaScript; `buffer`: a text has to be bytes as well. */
export function nodeBytes(bytes: string | Uint8Array, buffer = false): string {
  if (typeof bytes === 'string') return buffer ? `Buffer.from(${JSON.stringify(bytes)})` : JSON.stringify(bytes);
  return `Buffer.from('${Array.from(bytes, hexOf).join('')}', 'hex')`;
}

/** An expression of Python, whose strings are JSON's as well; `buffer` as above. */
export function pythonBytes(bytes: string | Uint8Array, buffer = false): string {
  if (typeof bytes === 'string') return buffer ? `${JSON.stringify(bytes)}.encode()` : JSON.stringify(bytes);
  return `bytes.fromhex("${Array.from(bytes, hexOf).join('')}")`;
}
