import { type KeyObject, timingSafeEqual } from 'node:crypto';
import type Sqlite from 'better-sqlite3';
import { FieldkeyError } from '../../shared/errors.ts';
import { type Database, guarded, type SqlValue } from './database.ts';
import { MacCheck, macOf } from './row-mac.ts';
import { windows } from './windows.ts';

/** A row type holds only what SQLite stores, so that its bytes under the MAC are the stored ones. */
export type StoredRow = { readonly id: number } & Readonly<Record<string, SqlValue>>;

/**
 * A table whose rows are authenticated: each carries an HMAC over its table's name and all its columns. Reading
 * checks it, so a row edited behind the program's back is refused with VAULT_TAMPERED the moment it would be used.
 * (A row put back to an older state has a right MAC: that is found by comparing with the audit chain, verify.ts.)
 */
export class SealedTable<Row extends StoredRow> {
  readonly #database: Database;
  readonly #name: string;
  readonly #columns: readonly (keyof Row & string)[];
  readonly #key: () => KeyObject;
  readonly #insert: Sqlite.Statement;
  readonly #update: Sqlite.Statement;
  readonly #queries = new Map<string, Sqlite.Statement>();
  readonly #listeners: ((id: number) => void)[] = [];
  #lastId: number;
  /** True in a damaged vault that is open for reading: rows that are not what was stored are left out, not refused. */
  salvaging = false;

  /** `columns`: all of the table but mac, `id` first. `key` throws once the vault is locked. */
  constructor(database: Database, name: string, columns: readonly (keyof Row & string)[], key: () => KeyObject) {
    this.#database = database;
    this.#name = name;
    this.#columns = columns;
    this.#key = key;
    const list = columns.join(', ');
    this.#insert = database.prepare(`INSERT INTO ${name} (${list}, mac) VALUES (${columns.map(() => '?').join(', ')}, ?)`);
    this.#update = database.prepare(
      `UPDATE ${name} SET ${columns
        .slice(1)
        .map((c) => `${c} = ?`)
        .join(', ')}, mac = ? WHERE id = ?`,
    );
    this.#lastId = Number(database.prepare(`SELECT coalesce(max(id), 0) FROM ${name}`).pluck().get());
  }

  /** Stores a row (or what `make` gives for its id) under the next id and gives the id. Only inside the session's `write`. */
  insert(make: Omit<Row, 'id'> | ((id: number) => Omit<Row, 'id'>)): number {
    // the id is under the MAC, so it is chosen here; we are alone on the file
    const id = ++this.#lastId;
    const values = typeof make === 'function' ? make(id) : make;
    const row = [id, ...this.#columns.slice(1).map((column) => this.#value(values, column))];
    guarded(this.#database.name, () => this.#insert.run(...row, this.#mac(row)));
    for (const tell of this.#listeners) tell(id);
    return id;
  }

  /** Replaces all columns of a row that was read from here. Only inside the session's `write`. */
  update(row: Row): void {
    const values = this.#columns.map((column) => this.#value(row, column));
    guarded(this.#database.name, () => this.#update.run(...values.slice(1), this.#mac(values), row.id));
    for (const tell of this.#listeners) tell(row.id);
  }

  /** From now on the listener is told the id of every row that is stored or replaced, also if that is rolled back afterwards. */
  onWrite(listener: (id: number) => void): void {
    this.#listeners.push(listener);
  }

  /** Removes a row that was read from here. The audit log has to tell of it (verify.ts). Only inside the session's `write`. */
  delete({ id }: Pick<Row, 'id'>): void {
    guarded(this.#database.name, () => this.#database.prepare(`DELETE FROM ${this.#name} WHERE id = ?`).run(id));
  }

  /** The row, checked; undefined when there is none. */
  get(id: number): Row | undefined {
    return this.where('id = ?', id)[0];
  }

  /** Rows that match a condition in SQL, each checked. `condition` is code, never input. */
  where(condition: string, ...parameters: SqlValue[]): Row[] {
    if (this.salvaging) return this.#readable(condition, parameters);
    return guarded(this.#database.name, () => this.#query(condition).all(...parameters)).map((row) =>
      this.#checked(row as StoredRow & { mac: Buffer }),
    );
  }

  /** Rows as far as the pages can be read. */
  #readable(condition: string, parameters: SqlValue[]): Row[] {
    const rows: Row[] = [];
    try {
      for (const row of this.#query(condition).iterate(...parameters) as IterableIterator<StoredRow & { mac: Buffer }>) {
        if (this.#sound(row)) rows.push(this.#checked(row));
      }
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_CORRUPT'))) throw error;
    }
    return rows;
  }

  /** Ids of rows that are not what was stored. */
  *damaged(): Generator<number> {
    for (const ids of this.damagedByWindow()) yield* ids;
  }

  /** The same, a few milliseconds of work at a time: what was found in each window of rows. */
  *damagedByWindow(): Generator<readonly number[]> {
    const columns = this.#selected();
    const check = new MacCheck(this.#key());
    try {
      for (const rows of windows<StoredRow & { mac: Buffer }>(this.#database, columns, this.#name)) {
        yield rows
          .filter((row) => !check.matches([this.#name, ...this.#columns.map((column) => this.#value(row, column))], row.mac))
          .map(({ id }) => id);
      }
    } finally {
      check.wipe();
    }
  }

  get name(): string {
    return this.#name;
  }

  /** All columns by our names for them: SQLite gives the schema's, which in a damaged file may be written in other letters. */
  #selected(): string {
    return [...this.#columns, 'mac'].map((column) => `${column} AS ${column}`).join(', ');
  }

  #query(condition: string): Sqlite.Statement {
    let statement = this.#queries.get(condition);
    if (!statement) {
      statement = this.#database.prepare(`SELECT ${this.#selected()} FROM ${this.#name} WHERE ${condition}`);
      this.#queries.set(condition, statement);
    }
    return statement;
  }

  #checked(row: StoredRow & { mac: Buffer }): Row {
    if (!this.#sound(row)) throw new FieldkeyError('VAULT_TAMPERED', { table: this.#name, row: row.id });
    const { mac: _, ...rest } = row;
    return rest as unknown as Row;
  }

  #sound(row: StoredRow & { mac: Buffer }): boolean {
    const expected = this.#mac(this.#columns.map((column) => this.#value(row, column)));
    return Buffer.isBuffer(row.mac) && row.mac.length === expected.length && timingSafeEqual(row.mac, expected);
  }

  #value(row: object, column: string): SqlValue {
    const value = (row as Record<string, SqlValue | undefined>)[column];
    if (value === undefined) throw new FieldkeyError('INTERNAL', { detail: `${this.#name}.${column} is missing` });
    return value;
  }

  #mac(values: readonly SqlValue[]): Buffer {
    return macOf(this.#key(), [this.#name, ...values]);
  }
}
