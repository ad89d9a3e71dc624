import { readFile, stat } from 'node:fs/promises';
import { FieldkeyError } from '../../shared/errors.ts';
import type { DoctorMaterial } from '../../shared/model/doctor-order.ts';

/** Bytes; certificates, keys and chains are far smaller. */
const fileMaximum = 1_048_576;

/** Whom the broker's certificate is checked against. */
export type DoctorTrust =
  | { readonly kind: 'project' }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'public' };

/** An identity that does not come from a vault. */
export type ForeignIdentity =
  | {
      readonly kind: 'files';
      readonly certificate: string;
      readonly key: string | null;
      readonly passphrase: string | null;
      readonly trust: DoctorTrust;
      readonly clientId: string | null;
      readonly login: Login | null;
    }
  | { readonly kind: 'password'; readonly login: Login; readonly trust: DoctorTrust; readonly clientId: string | null }
  | { readonly kind: 'none'; readonly trust: DoctorTrust; readonly clientId: string | null };

interface Login {
  readonly username: string;
  readonly password: string;
}

/**
 * Reads what was named; what is in it is the doctor's first question. `project`: PEM of those whom the project trusts, for
 * `trust: project`.
 * @throws FILE_TOO_LARGE, FILE_MALFORMED
 */
export async function materialOf(identity: ForeignIdentity, project: string | null): Promise<DoctorMaterial> {
  const { trust } = identity;
  const ofProject = project === null ? null : new TextEncoder().encode(project);
  const authorities = trust.kind === 'file' ? await bytesOf(trust.path) : trust.kind === 'project' ? ofProject : null;
  const files = identity.kind === 'files' ? identity : null;
  return {
    kind: identity.kind,
    // nobody's, so that nobody is thrown out
    clientId: identity.clientId ?? `fieldkey-doctor-${Date.now().toString(36)}`,
    deviceId: null,
    certificate: files ? await bytesOf(files.certificate) : null,
    key: files?.key ? await bytesOf(files.key) : null,
    passphrase: files?.passphrase ?? null,
    authorities,
    login: identity.kind === 'none' ? null : identity.login,
  };
}

async function bytesOf(file: string): Promise<Uint8Array> {
  try {
    if ((await stat(file)).size > fileMaximum) throw new FieldkeyError('FILE_TOO_LARGE', { file, limit: fileMaximum });
    return new Uint8Array(await readFile(file));
  } catch (error) {
    if (error instanceof FieldkeyError) throw error;
    throw new FieldkeyError(
      'FILE_MALFORMED',
      { what: file, reason: error instanceof Error ? error.message : String(error) },
      error,
    );
  }
}
