import Database from 'better-sqlite3';
import { FieldkeyError } from '../../shared/errors.ts';
import { decryptPrivateKey } from '../pki/key-encryption.ts';
import { readCertificate } from '../pki/read.ts';
import { type Collection, gather } from './collect.ts';
import type { Imported } from './findings.ts';
import { Pace } from './pace.ts';
import type { ImportOptions } from './read-folder.ts';

interface KeyRow {
  readonly name: string;
  /** 0: under the database's password; 1: under one of its own; 2: as 0, for the internal key. */
  readonly ownPass: number;
  readonly private: string;
}

/** `reasonBit` is the code of RFC 5280 §5.3.1. */
const reasons = [
  'unspecified',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
];

/**
 * Reads a database of XCA 2 (SQLite, schema 6 and later). It is opened read-only and never changed. Its keys are PKCS#8
 * under the database's password (`options.passphrase`); keys under a password of their own are findings.
 * Throws JOB_CANCELLED, FILE_MALFORMED for anything that is no such database, PASSPHRASE_MISSING and PASSPHRASE_WRONG.
 */
export async function readXca(file: string, options: ImportOptions): Promise<Imported> {
  const database = open(file);
  try {
    return await gather(options.passphrase, (collection) => readTables(collection, database, options));
  } catch (error) {
    if (error instanceof Database.SqliteError) throw malformed(error.message, error);
    throw error;
  } finally {
    database.close();
  }
}

async function readTables(collection: Collection, database: Database.Database, options: ImportOptions): Promise<Imported> {
  const rows = <T>(sql: string): T[] => database.prepare(sql).all() as T[];
  const live = 'JOIN items ON items.id = t.item WHERE items.del = 0';
  const issuers = new Map<number, Buffer>();
  for (const { item, name, der } of rows<{ item: number; name: string; der: string }>(
    `SELECT t.item, items.name, t.cert AS der FROM certs t ${live}`,
  )) {
    const bytes = Buffer.from(der, 'base64');
    await collection.attempt(name, () => {
      collection.certificate(name, bytes);
      issuers.set(item, readCertificate(bytes).subjectDer);
    });
  }
  for (const { name, der } of rows<{ name: string; der: string }>(`SELECT items.name, t.crl AS der FROM crls t ${live}`))
    await collection.attempt(name, () => collection.crl(name, Buffer.from(der, 'base64')));
  const keys = rows<KeyRow>(`SELECT items.name, t.ownPass, t.private FROM private_keys t ${live}`);
  if (keys.some(({ ownPass }) => ownPass !== 1)) requirePassphrase(options.passphrase);
  const pace = new Pace(options.control ?? {}, 'read');
  for (const [done, key] of keys.entries()) {
    await pace.tick(done, keys.length);
    await readKey(collection, key, options.passphrase ?? '');
  }
  readRevocations(collection, rows('SELECT caId, serial, date, reasonBit FROM revocations'), issuers);
  return collection.result('xca', options.now, options.control);
}

function open(file: string): Database.Database {
  let database: Database.Database | undefined;
  try {
    database = new Database(file, { readonly: true, fileMustExist: true });
    const schema = database.prepare("SELECT value FROM settings WHERE key_ = 'schema'").pluck().get();
    if (Number(schema) >= 6) return database;
    throw malformed(`made by an XCA that is too old (schema ${String(schema)})`);
  } catch (error) {
    database?.close();
    if (error instanceof FieldkeyError) throw error;
    throw malformed('not a database of XCA 2', error);
  }
}

async function readKey(collection: Collection, { name, ownPass, private: text }: KeyRow, passphrase: string): Promise<void> {
  const der = Buffer.from(text, 'base64');
  if (ownPass === 1) await collection.attempt(name, async () => collection.key(name, await decryptPrivateKey(der, passphrase)));
  else collection.key(name, await decryptPrivateKey(der, passphrase));
}

function requirePassphrase(passphrase: string | undefined): void {
  if (passphrase === undefined) throw new FieldkeyError('PASSPHRASE_MISSING', { variable: 'FIELDKEY_KEY_PASSPHRASE' });
}

interface RevocationRow {
  readonly caId: number;
  readonly serial: string;
  /** `20261122051039Z` */
  readonly date: string;
  readonly reasonBit: number | null;
}

function readRevocations(collection: Collection, rows: readonly RevocationRow[], issuers: ReadonlyMap<number, Buffer>): void {
  for (const { caId, serial, date, reasonBit } of rows) {
    const [year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(date)?.slice(1) ?? [];
    const revokedAt = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
    const even = serial.length % 2 === 0 ? serial : `0${serial}`;
    if (Number.isNaN(revokedAt.getTime()) || !/^[0-9A-Fa-f]{2,40}$/.test(even)) continue;
    const reason = reasons[reasonBit ?? 0] ?? 'other';
    collection.revocation({ serial: even.toLowerCase(), revokedAt, reason, issuerDer: issuers.get(caId), place: 'revocations' });
  }
}

function malformed(reason: string, cause?: unknown): FieldkeyError<'FILE_MALFORMED'> {
  return new FieldkeyError('FILE_MALFORMED', { what: 'xca', reason }, cause);
}
