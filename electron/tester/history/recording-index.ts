import type Sqlite from 'better-sqlite3';

/** Where a block is and what it spans. */
export interface BlockPlace {
  readonly first: number;
  readonly count: number;
  readonly level: number;
  /** ms since 1970 of its earliest and latest message. */
  readonly fromAt: number;
  readonly toAt: number;
  /** On the disk. */
  readonly bytes: number;
}

type Row = { first: number; count: number; level: number; from_at: number; to_at: number; bytes: number };

/**
 * The blocks of a recording in their order. Of a damaged file those that can be found from its beginning and from its end, without
 * what contradicts its neighbours or lies beyond `next`; whether a block is what was written shows when it is opened.
 */
export function readIndex(database: Sqlite.Database, next: number): BlockPlace[] {
  const { rows, whole } = readRows(database, 'ASC', next);
  const last = rows.at(-1)?.first ?? 0;
  if (!whole)
    rows.push(
      ...readRows(database, 'DESC', next)
        .rows.reverse()
        .filter(({ first }) => first > last),
    );
  return rows
    .filter(({ first, count }, index) => first + count <= (rows[index + 1]?.first ?? next))
    .map(({ from_at, to_at, ...row }) => ({ ...row, fromAt: from_at, toAt: to_at }));
}

/** `whole` is false when the file was damaged before the end. */
function readRows(database: Sqlite.Database, order: 'ASC' | 'DESC', next: number): { rows: Row[]; whole: boolean } {
  const rows: Row[] = [];
  const sql = `SELECT first, count, level, from_at, to_at, length(grams) + length(head) + length(body) AS bytes FROM block
    ORDER BY first ${order}`;
  try {
    for (const row of database.prepare<[], Row>(sql).iterate()) {
      const last = rows.at(-1);
      const follows = !last || (order === 'ASC' ? row.first > last.first : row.first < last.first);
      if (follows && row.first >= 1 && row.count >= 1 && row.first + row.count <= next) rows.push(row);
    }
    return { rows, whole: true };
  } catch {
    return { rows, whole: false };
  }
}
