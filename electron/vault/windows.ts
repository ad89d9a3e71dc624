import type { Database, SqlValue } from './database.ts';

/** What is read at once, in rows and in bytes of blobs: a few milliseconds of work. A list of 100,000 revocations is one row of 4 MB. */
const together = { rows: 250, bytes: 250_000 } as const;

/**
 * The rows that a table has now, a few at a time by their ids, so that control can be given back in between: other statements
 * would be refused while one is read from. `columns` and `table` are code, never input.
 */
export function* windows<Row extends Record<string, SqlValue>>(
  database: Database,
  columns: string,
  table: string,
  atMost: number = together.rows,
): Generator<readonly (Row & { readonly rowid: number })[]> {
  const read = database.prepare<[number, number], Row & { rowid: number }>(
    `SELECT t.rowid AS rowid, ${columns} FROM ${table} t WHERE t.rowid > ? AND t.rowid <= ? ORDER BY t.rowid`,
  );
  // whoever writes one more row each time would be followed for ever
  const end = database.prepare<[], number | null>(`SELECT max(rowid) FROM ${table}`).pluck().get();
  if (typeof end !== 'number') return;
  for (let after = Number.MIN_SAFE_INTEGER; ; ) {
    const rows: (Row & { rowid: number })[] = [];
    let bytes = 0;
    for (const row of read.iterate(after, end)) {
      // a number beyond 2^53, which nobody counted up to, would be read again and again
      if (row.rowid <= after) break;
      rows.push(row);
      for (const value of Object.values(row)) if (Buffer.isBuffer(value)) bytes += value.length;
      if (rows.length >= atMost || bytes >= together.bytes) break;
    }
    const last = rows.at(-1);
    if (!last) return;
    yield rows;
    after = last.rowid;
  }
}
