import type { PayloadForm } from '../model/publish-template.ts';

/** Why a written payload cannot be sent. `at`: place in the text, where one can be named. */
export interface FormProblem {
  readonly kind: 'json' | 'hex' | 'base64';
  readonly at: number | null;
}

export type FormResult = { readonly bytes: Uint8Array<ArrayBuffer> } | { readonly problem: FormProblem };

/** The bytes of a written payload. An empty text is an empty payload in every form. `utf8`: the platform's encoder. */
export function payloadBytes(form: PayloadForm, text: string, utf8: (text: string) => Uint8Array<ArrayBuffer>): FormResult {
  switch (form) {
    case 'text':
      return { bytes: utf8(text) };
    case 'json':
      return text.trim() === '' || isJson(text) ? { bytes: utf8(text) } : { problem: { kind: 'json', at: null } };
    case 'hex':
      return hexBytes(text);
    case 'base64':
      return base64Bytes(text);
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Pairs of hexadecimal digits; blanks, colons, commas, dashes and a `0x` before a byte are passed over. */
export function hexBytes(text: string): FormResult {
  const digits = text.replace(/0x/gi, '').replace(/[\s:,-]/g, '');
  const wrong = text.search(/[^0-9a-fx\s:,-]/i);
  if (wrong >= 0 || !/^(?:[0-9a-f]{2})*$/i.test(digits)) return { problem: { kind: 'hex', at: wrong < 0 ? null : wrong } };
  const bytes = new Uint8Array(digits.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(digits.slice(i * 2, i * 2 + 2), 16);
  return { bytes };
}

const base64Digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const base64Value = new Map([...base64Digits].map((digit, value) => [digit.charCodeAt(0), value]));

/** RFC 4648 §4 and §5 (URL and file name safe); line ends are passed over, padding may be left out. */
export function base64Bytes(text: string): FormResult {
  const wrong = text.search(/[^A-Za-z0-9+/_\-=\s]/);
  const plain = text.replace(/\s/g, '').replaceAll('-', '+').replaceAll('_', '/');
  const digits = plain.replace(/={1,2}$/, '');
  // a padded text has a whole number of groups; one digit alone is no byte
  const padded = plain.length !== digits.length;
  if (wrong >= 0 || digits.includes('=') || (padded && plain.length % 4 !== 0) || digits.length % 4 === 1)
    return { problem: { kind: 'base64', at: wrong < 0 ? null : wrong } };
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4));
  for (let i = 0, at = 0; i < digits.length; i += 4) {
    const value = (place: number) => base64Value.get(digits.charCodeAt(i + place)) ?? 0;
    const group = (value(0) << 18) | (value(1) << 12) | (value(2) << 6) | value(3);
    for (let shift = 16; shift >= 0 && at < bytes.length; shift -= 8) bytes[at++] = (group >> shift) & 0xff;
  }
  return { bytes };
}

/** The way back, for what is kept as text: RFC 4648 §4, with padding. */
export function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b, c] = [bytes[i], bytes[i + 1], bytes[i + 2]];
    const group = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    const digit = (shift: number) => base64Digits[(group >> shift) & 63];
    parts.push(`${digit(18)}${digit(12)}${b === undefined ? '=' : digit(6)}${c === undefined ? '=' : digit(0)}`);
  }
  return parts.join('');
}
