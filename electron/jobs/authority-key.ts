import { timingSafeEqual } from 'node:crypto';
import { open, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FieldkeyError, isErrorReport } from '../../shared/errors.ts';
import type { HandedKey } from '../authority/issuer.ts';
import { authorityById, lastAuthorityCertificate, projectById } from '../authority/lookup.ts';
import { forgetAuthorityKey } from '../authority/offline.ts';
import { decryptKeyPem, encryptKeyPem } from '../pki/key-encryption.ts';
import { certificatePem } from '../pki/pem.ts';
import { softwareSigner } from '../pki/signer.ts';
import { checkPassphrase } from '../vault/key-wrapping.ts';
import type { AuthorityRow } from '../vault/rows.ts';
import type { VaultSession } from '../vault/session.ts';

/** A key that signs for years may cost whoever guesses a second for each try (OWASP 2023 for PBKDF2-HMAC-SHA256). */
const iterations = 600_000;
/** A key and a certificate; nothing honest comes near this. */
const fileMaximum = 256 * 1024;

/** A key file, by path or as the text that the window has read, and the passphrase that opens it. */
export type KeyFile = ({ readonly file: string } | { readonly pem: string }) & { readonly passphrase: string };

/**
 * Takes an authority offline: writes its key, encrypted under a passphrase of its own (PKCS#8, PBES2), with its certificate
 * into a new file in `directory`, reads the file back and opens it, and only then removes the key from this vault and from the
 * copies beside it. Backups, copies made elsewhere and a damaged file that was put aside still hold the key. Gives the file's path.
 * @throws PASSPHRASE_WEAK, AUTHORITY_NOT_FOUND, AUTHORITY_OFFLINE when it is offline already, EXPORT_NOT_WRITABLE (also when the
 * file exists), EXPORT_VERIFY_FAILED
 */
export async function takeOffline(
  session: VaultSession,
  authorityId: number,
  target: { readonly directory: string; readonly passphrase: string },
): Promise<{ file: string }> {
  checkPassphrase(target.passphrase);
  return session.inTurn(async () => {
    const authority = authorityById(session, authorityId);
    if (session.tables.privateKey.get(authority.key_id)?.sealed === null) {
      throw new FieldkeyError('AUTHORITY_OFFLINE', { authority: authority.name });
    }
    const key = session.openKey(authority.key_id);
    const file = join(target.directory, fileName(session, authority));
    try {
      const pem = await encryptKeyPem(key.pkcs8, target.passphrase, { iterations });
      const certificate = certificatePem(lastAuthorityCertificate(session, authorityId).der);
      await writeNew(file, `${pem}${certificate}`);
      const back = await decryptKeyPem(await readFile(file, 'utf8'), target.passphrase).catch(() => Buffer.alloc(0));
      const same = back.length === key.pkcs8.length && timingSafeEqual(back, key.pkcs8);
      back.fill(0);
      if (!same) {
        await rm(file, { force: true });
        throw new FieldkeyError('EXPORT_VERIFY_FAILED', { directory: target.directory, files: [fileName(session, authority)] });
      }
      forgetAuthorityKey(session, authority, file);
      return { file };
    } finally {
      key.pkcs8.fill(0);
    }
  });
}

/** `lab Root CA` of the project lab → lab-lab-Root-CA.key.pem: plain enough for every file system. */
function fileName(session: VaultSession, authority: AuthorityRow): string {
  const plain = `${projectById(session, authority.project_id).name} ${authority.name}`.replace(/[^A-Za-z0-9._-]+/g, '-');
  return `${plain}.key.pem`;
}

/** Never over an existing file: it may be the only copy of another key. */
async function writeNew(file: string, text: string): Promise<void> {
  try {
    const handle = await open(file, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FieldkeyError('EXPORT_NOT_WRITABLE', { directory: file, reason }, error);
  }
}

/**
 * Opens a key file for one act. Of the authorities given it must be the key of one. Whoever gets the result wipes it.
 * @throws KEY_PASSPHRASE_WRONG, FILE_MALFORMED, FILE_TOO_LARGE, AUTHORITY_KEY_OTHER
 */
export async function readAuthorityKey(
  session: VaultSession,
  authorities: readonly AuthorityRow[],
  key: KeyFile,
): Promise<HandedKey> {
  const text = 'pem' in key ? key.pem : await readText(key.file);
  const pkcs8 = await decryptKeyPem(text, key.passphrase).catch((error: unknown) => {
    if (isErrorReport(error) && error.code === 'PASSPHRASE_WRONG') throw new FieldkeyError('KEY_PASSPHRASE_WRONG', {}, error);
    throw error;
  });
  const { spki } = softwareSigner(pkcs8);
  const owner = authorities.find(({ key_id: id }) => session.tables.privateKey.get(id)?.spki.equals(spki));
  if (owner) return { authorityId: owner.id, pkcs8 };
  pkcs8.fill(0);
  throw new FieldkeyError('AUTHORITY_KEY_OTHER', { authority: authorities.map(({ name }) => name).join(', ') });
}

async function readText(file: string): Promise<string> {
  try {
    if ((await stat(file)).size > fileMaximum) throw new FieldkeyError('FILE_TOO_LARGE', { file, limit: fileMaximum });
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof FieldkeyError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new FieldkeyError('FILE_MALFORMED', { what: 'private-key', reason }, error);
  }
}
