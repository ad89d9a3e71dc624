import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { FieldkeyError, isErrorReport } from '../../shared/errors.ts';
import type { BackupManifest } from '../../shared/model/backup.ts';
import type { JobControl } from '../../shared/model/job.ts';
import { moveAside, writeCopy } from './copies.ts';
import { storageError } from './database.ts';
import { checkPassphrase, defaultKdfCost, deriveKek, type KdfCost, seal, unseal } from './key-wrapping.ts';
import { type Judge, verifyBytes } from './restore.ts';
import type { VaultSession } from './session.ts';
import type { VaultOptions } from './vault-options.ts';

/*
 * The file: magic (8) ‖ scrypt's N, r, p as 32-bit numbers (12) ‖ salt (32) ‖ sealed manifest's length (4) ‖ sealed manifest ‖
 * sealed database. Both are AES-256-GCM under the stretched passphrase and bound to everything before them and to what
 * they are, so any changed byte is found.
 */
const magic = Buffer.from('FKbackp1', 'latin1');
const headLength = magic.length + 12 + 32;
/** A vault of 250,000 devices is about a quarter of this. */
const sizeMaximum = 2 ** 31 - 1;

/**
 * Writes one encrypted file (0600) with the whole vault, from one consistent moment, under a passphrase of its own; the
 * vault inside keeps its passphrase as well. Noted in the audit log: the last such entry tells the age of the backup.
 * @throws PASSPHRASE_WEAK, VAULT_LOCKED, VAULT_FULL, VAULT_NOT_WRITABLE about `target`
 */
export function writeBackup(
  session: VaultSession,
  target: string,
  passphrase: string,
  cost: KdfCost = defaultKdfCost,
  { onProgress, signal }: JobControl = {},
): Promise<BackupManifest> {
  checkPassphrase(passphrase);
  /** Gives control back in between, so that the word gets out before the next step, which takes the thread. */
  const done = (steps: number) => {
    onProgress?.({ step: 'backup', done: steps, total: 4 });
    if (signal?.aborted && steps < 4) throw new FieldkeyError('JOB_CANCELLED', { done: 0, total: 1 });
    return new Promise<void>((resolve) => setImmediate(resolve));
  };
  return session.inTurn(async () => {
    session.assertWritable();
    await done(0);
    const salt = randomBytes(32);
    const key = await deriveKek(passphrase, salt, cost);
    let folder: string | null = null;
    try {
      await done(1);
      session.assertWritable();
      folder = mkdtempSync(join(dirname(target), '.fieldkey-backup-'));
      const snapshot = join(folder, 'snapshot');
      // both from one moment: nothing is awaited between them
      writeCopy(session.database, snapshot);
      const manifest = manifestOf(session);
      await done(2);
      const head = Buffer.alloc(headLength);
      magic.copy(head);
      head.writeUInt32BE(cost.n, 8);
      head.writeUInt32BE(cost.r, 12);
      head.writeUInt32BE(cost.p, 16);
      salt.copy(head, 20);
      const sealedManifest = seal(key, Buffer.from(JSON.stringify(manifest)), [head, 'manifest']);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(sealedManifest.length);
      const sealed = seal(key, readFileSync(snapshot), [head, length, sealedManifest, 'database']);
      await done(3);
      const unfinished = join(folder, 'backup');
      writeFileSync(unfinished, Buffer.concat([head, length, sealedManifest, sealed]), { mode: 0o600, flag: 'wx' });
      flush(unfinished);
      renameSync(unfinished, target);
      session.write((log) => log('backup.write', { subject: target, detail: { head: manifest.auditHead } }));
      await done(4);
      return manifest;
    } catch (error) {
      throw storageError(target, error);
    } finally {
      key.fill(0);
      if (folder !== null) rmSync(folder, { recursive: true, force: true });
    }
  });
}

/** By which a backup says whose it is, hexadecimal. */
export function vaultIdOf(session: VaultSession): string {
  return session.database.prepare<[], string>('SELECT lower(hex(vault_id)) FROM vault').pluck().get() ?? '';
}

/**
 * Notes in a vault that a backup of it was proved to be restorable: evidence for the checklist. False = it is one of another vault,
 * and nothing was noted. @throws what `VaultSession.write` throws
 */
export function noteVerified(session: VaultSession, file: string, { vaultId, at, auditHead }: BackupManifest): boolean {
  if (vaultIdOf(session) !== vaultId) return false;
  session.write((log) => log('backup.verify', { subject: file, detail: { made: at, head: auditHead } }));
  return true;
}

/** When the last backup was written, milliseconds since 1970; null = never. */
export function lastBackup(session: VaultSession): number | null {
  return (
    session.database.prepare<[], number | null>("SELECT max(at) FROM audit WHERE action = 'backup.write'").pluck().get() ?? null
  );
}

interface BackupSecrets {
  /** Of the backup file. */
  readonly passphrase: string;
  /** Of the vault inside. */
  readonly vaultPassphrase: string;
  readonly operator: string;
}

/**
 * Proves a backup: opens it, reads the vault in it into memory, checks pages, every row and the audit log, and that the
 * log stands where the manifest says. Changes nothing.
 * @throws BACKUP_PASSPHRASE_WRONG, also for a changed byte (the tag cannot tell them apart); PASSPHRASE_WRONG for the one of the
 * vault inside; FILE_MALFORMED, COPY_UNSOUND
 */
export async function verifyBackup(file: string, secrets: BackupSecrets, options: VaultOptions = {}): Promise<BackupManifest> {
  return (await opened(file, secrets, options)).manifest;
}

/**
 * Puts the vault of a verified backup at `target`; a file that is there is kept under another name, which is given. The
 * vault must not be open. Publish new revocation lists afterwards, above the last ones deployed (`publishAfterRestore`).
 * @throws as `verifyBackup`; what `judge` throws; VAULT_FULL, VAULT_NOT_WRITABLE
 */
export async function restoreBackup(
  file: string,
  target: string,
  secrets: BackupSecrets,
  options: VaultOptions = {},
  judge?: Judge,
): Promise<{ readonly manifest: BackupManifest; readonly kept: string | null }> {
  const { manifest, database } = await opened(file, secrets, options, judge);
  let folder: string | null = null;
  try {
    folder = mkdtempSync(join(dirname(target), '.fieldkey-restore-'));
    const unfinished = join(folder, 'vault');
    writeFileSync(unfinished, database, { mode: 0o600, flag: 'wx' });
    flush(unfinished);
    const there = existsSync(target) || existsSync(`${target}-wal`);
    const kept = there ? moveAside(target, (options.now ?? Date.now)()) : null;
    renameSync(unfinished, target);
    return { manifest, kept };
  } catch (error) {
    throw storageError(target, error);
  } finally {
    if (folder !== null) rmSync(folder, { recursive: true, force: true });
  }
}

/** Opens a backup and checks the vault in it in memory: nothing of it touches a disk. */
async function opened(
  file: string,
  secrets: BackupSecrets,
  options: VaultOptions,
  judge?: Judge,
): Promise<{ manifest: BackupManifest; database: Buffer }> {
  const malformed = (reason: string) => new FieldkeyError('FILE_MALFORMED', { what: 'backup', reason });
  let key: Buffer | null = null;
  try {
    if (!existsSync(file)) throw new FieldkeyError('VAULT_NOT_FOUND', { file });
    if (statSync(file).size > sizeMaximum) throw new FieldkeyError('FILE_TOO_LARGE', { file, limit: sizeMaximum });
    const bytes = readFileSync(file);
    if (bytes.length < headLength + 4 || !bytes.subarray(0, 8).equals(magic)) throw malformed('it does not begin like one');
    const head = bytes.subarray(0, headLength);
    const length = bytes.subarray(headLength, headLength + 4);
    const end = headLength + 4 + length.readUInt32BE();
    if (end > bytes.length) throw malformed('it is cut short');
    const cost = { n: head.readUInt32BE(8), r: head.readUInt32BE(12), p: head.readUInt32BE(16) };
    key = await deriveKek(secrets.passphrase, Buffer.from(head.subarray(20)), cost);
    const sealedManifest = bytes.subarray(headLength + 4, end);
    const manifestBytes = unseal(key, sealedManifest, [head, 'manifest']);
    if (!manifestBytes) throw new FieldkeyError('BACKUP_PASSPHRASE_WRONG', {});
    const manifest = JSON.parse(manifestBytes.toString('utf8')) as BackupManifest;
    const database = unseal(key, bytes.subarray(end), [head, length, sealedManifest, 'database']);
    if (!database) throw new FieldkeyError('COPY_UNSOUND', { file, detail: 'the sealed vault in it was changed or cut' });
    const secret = { passphrase: secrets.vaultPassphrase, operator: secrets.operator };
    // SQLite marks an image in memory as such: the file keeps the bytes that were sealed
    const { head: stands } = await verifyBytes(file, Buffer.from(database), secret, options, judge);
    if (stands !== manifest.auditHead)
      throw new FieldkeyError('COPY_UNSOUND', { file, detail: 'the audit log does not end where the manifest says' });
    return { manifest, database };
  } catch (error) {
    if (isErrorReport(error) && error.code === 'VAULT_TAMPERED') throw malformed('its derivation is implausible');
    throw storageError(file, error);
  } finally {
    key?.fill(0);
  }
}

function manifestOf(session: VaultSession): BackupManifest {
  const count = (table: string) => Number(session.database.prepare(`SELECT count(*) FROM ${table}`).pluck().get());
  const { count: auditEntries, mac: auditHead } = session.audit.head;
  return {
    at: session.now(),
    operator: session.operator,
    vaultId: vaultIdOf(session),
    auditHead,
    auditEntries,
    projects: count('project'),
    devices: count('device'),
    certificates: count('certificate'),
    authorities: session.tables.certificate
      .where('authority_id IS NOT NULL ORDER BY id')
      .map((row) => ({ name: row.common_name, fingerprint: row.fingerprint.toString('hex') })),
  };
}

function flush(file: string): void {
  const descriptor = openSync(file, 'r+');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
