import { FieldkeyError } from '../../shared/errors.ts';

export interface PemBlock {
  /** What stands between BEGIN and the dashes, for example `CERTIFICATE`. */
  readonly label: string;
  readonly der: Buffer;
}

/** Far above any chain or key we meet, far below what would block a thread for long. CRLs may be larger: pass a limit. */
export const pemSizeLimit = 4 * 1024 * 1024;

/** DER to PEM with lines of 64 and LF (RFC 7468 §2). */
export function toPem(label: string, der: Uint8Array): string {
  const base64 = Buffer.from(der.buffer, der.byteOffset, der.byteLength).toString('base64');
  const lines = base64.match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

export function certificatePem(der: Uint8Array): string {
  return toPem('CERTIFICATE', der);
}

export function crlPem(der: Uint8Array): string {
  return toPem('X509 CRL', der);
}

const beginLine = /^-----BEGIN ([A-Z0-9 ]{1,40})-----$/;
/** The two headers that OpenSSL writes (RFC 1421 §4.6.1.1, §4.6.1.3). */
const headerLine = /^(Proc-Type|DEK-Info): *([A-Za-z0-9,-]{1,100})$/;
const base64Line = /^[A-Za-z0-9+/]*={0,2}$/;

/** A block with the headers of RFC 1421 that mark keys under OpenSSL's old encryption; empty for all others. */
export interface PemBlockWithHeaders extends PemBlock {
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * All PEM blocks of a text in order; whatever stands outside of blocks is explanation and skipped (RFC 7468 §2).
 * Strict inside: whole base64, the matching END, no headers (those mark keys under OpenSSL's old encryption).
 * Throws FILE_MALFORMED, also when there is no block at all, and FILE_TOO_LARGE above `limit` characters.
 */
export function pemToDer(text: string, limit = pemSizeLimit): PemBlock[] {
  return pemBlocks(text, limit).map(({ label, der, headers }) => {
    if (Object.keys(headers).length > 0) throw malformed(`the block ${label} has headers`);
    return { label, der };
  });
}

/** The same, headers allowed. */
export function pemBlocks(text: string, limit = pemSizeLimit): PemBlockWithHeaders[] {
  if (text.length > limit) throw new FieldkeyError('FILE_TOO_LARGE', { file: 'pem', limit });
  const blocks: PemBlockWithHeaders[] = [];
  let label: string | undefined;
  let body: string[] = [];
  let headers: Record<string, string> = {};
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    if (label === undefined) {
      label = beginLine.exec(line)?.[1];
      body = [];
      headers = {};
    } else if (line.startsWith('-----')) {
      if (line !== `-----END ${label}-----`) throw malformed(`the block ${label} does not end`);
      blocks.push({ label, der: decode(label, body.join('')), headers });
      label = undefined;
    } else if (line.includes(':')) {
      const [, name, value] = headerLine.exec(line) ?? [];
      if (name === undefined || value === undefined || body.some((part) => part !== ''))
        throw malformed(`the block ${label} has headers`);
      headers[name] = value;
    } else body.push(line);
  }
  if (label !== undefined) throw malformed(`the block ${label} does not end`);
  if (blocks.length === 0) throw malformed('no PEM block');
  return blocks;
}

function decode(label: string, base64: string): Buffer {
  const der = Buffer.from(base64, 'base64');
  // Buffer skips what it does not understand; writing it back shows whether it skipped anything
  if (base64 === '' || !base64Line.test(base64) || der.toString('base64') !== base64)
    throw malformed(`the block ${label} is not base64`);
  return der;
}

function malformed(reason: string): FieldkeyError<'FILE_MALFORMED'> {
  return new FieldkeyError('FILE_MALFORMED', { what: 'pem', reason });
}
