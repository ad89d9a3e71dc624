import { createHash } from 'node:crypto';

/** By which the audit log knows what a connection said last, its sealed secrets included; hexadecimal. */
export function connectionDigest({ settings, sealed }: { readonly settings: string; readonly sealed: Buffer | null }): string {
  return createHash('sha256')
    .update(settings)
    .update('\0')
    .update(sealed ?? '')
    .digest('hex')
    .slice(0, 32);
}
