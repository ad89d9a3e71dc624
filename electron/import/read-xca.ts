import Database from 'better-sqlite3';
import { z } from 'zod';
import { FieldkeyError } from '../../shared/errors.ts';
import { decryptPrivateKey } from '../pki/key-encryption.ts';
import { readCertificate } from '../pki/read.ts';
import { type Collection, gather } from './collect.ts';
import type { Imported } from './findings.ts';
import { Pace } from './pace.ts';
import type { ImportOptions } from './read-folder.ts';

/** What SQLite gives back need not be of the type that the column was declared with. */
const itemRow = z.object({ item: z.number(), name: z.string(), content: z.string() });
/** `ownPass` 0: under the database's password; 1: under one of its own; 2: as 0, for the internal key. */
const keyRow = itemRow.extend({ ownPass: z.number() });
/** `date` as `20261122051039Z`. */
const revocationRow = z.object({
  caId: z.number(),
  serial: z.string().regex(/^[0-9A-Fa-f]{1,40}$/),
  date: z.string().regex(/^\d{14}Z$/),
  reasonBit: z.number().nullable(),
});

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
  const rows = (sql: string): unknown[] => database.prepare(sql).all();
  const items = (table: string, columns: string): unknown[] =>
    rows(`SELECT t.item, items.name, ${columns} FROM ${table} t JOIN items ON items.id = t.item WHERE items.del = 0`);
  const issuers = new Map<number, Buffer>();
  for (const row of items('certs', 't.cert AS content'))
    await collection.attempt(placeOf(row), () => {
      const { item, name, content } = parsed(itemRow, row);
      const der = Buffer.from(content, 'base64');
      collection.certificate(name, der);
      issuers.set(item, readCertificate(der).subjectDer);
    });
  for (const row of items('crls', 't.crl AS content'))
    await collection.attempt(placeOf(row), () => {
      const { name, content } = parsed(itemRow, row);
      collection.crl(name, Buffer.from(content, 'base64'));
    });
  await readKeys(collection, items('private_keys', 't.private AS content, t.ownPass'), options);
  for (const [index, row] of rows('SELECT caId, serial, date, reasonBit FROM revocations').entries())
    readRevocation(collection, row, index + 1, issuers);
  return collection.result('xca', options.now, options.control);
}

const placeOf = (row: unknown): string => String((row as { readonly name?: unknown }).name);

function parsed<Row>(schema: z.ZodType<Row>, row: unknown): Row {
  const result = schema.safeParse(row);
  if (result.success) return result.data;
  throw malformed(`an entry is not as XCA writes it (${result.error.issues.map(({ path }) => path.join('.')).join(', ')})`);
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

async function readKeys(collection: Collection, rows: readonly unknown[], options: ImportOptions): Promise<void> {
  const keys: z.infer<typeof keyRow>[] = [];
  for (const row of rows) await collection.attempt(placeOf(row), () => void keys.push(parsed(keyRow, row)));
  const { passphrase } = options;
  if (passphrase === undefined && keys.some(({ ownPass }) => ownPass !== 1))
    throw new FieldkeyError('PASSPHRASE_MISSING', { variable: 'FIELDKEY_KEY_PASSPHRASE' });
  const pace = new Pace(options.control ?? {}, 'read');
  for (const [done, { name, ownPass, content }] of keys.entries()) {
    await pace.tick(done, keys.length);
    let wrong: unknown;
    await collection.attempt(name, async () => {
      try {
        collection.key(name, await decryptPrivateKey(Buffer.from(content, 'base64'), passphrase ?? ''));
      } catch (error) {
        // the database's own password is asked for again; only keys under another one may stay closed
        if (ownPass === 1 || !(error instanceof FieldkeyError) || error.code !== 'PASSPHRASE_WRONG') throw error;
        wrong = error;
      }
    });
    if (wrong) throw wrong;
  }
}

function readRevocation(collection: Collection, row: unknown, line: number, issuers: ReadonlyMap<number, Buffer>): void {
  const { data } = revocationRow.safeParse(row);
  const [year, month, day, hour, minute, second] = data?.date.match(/^\d{4}|\d\d/g) ?? [];
  const revokedAt = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  const issuerDer = data && issuers.get(data.caId);
  if (!data || !issuerDer || Number.isNaN(revokedAt.getTime())) {
    collection.unreadableRevocation('revocations', line);
    return;
  }
  const { serial, reasonBit } = data;
  const even = (serial.length % 2 === 0 ? serial : `0${serial}`).toLowerCase();
  collection.revocation({ serial: even, revokedAt, reason: reasons[reasonBit ?? 0] ?? 'other', issuerDer, place: 'revocations' });
}

function malformed(reason: string, cause?: unknown): FieldkeyError<'FILE_MALFORMED'> {
  return new FieldkeyError('FILE_MALFORMED', { what: 'xca', reason }, cause);
}
