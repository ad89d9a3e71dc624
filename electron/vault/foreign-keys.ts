import type { Database } from './database.ts';
import { windows } from './windows.ts';

interface Reference {
  readonly table: string;
  readonly from: string;
  readonly to: string | null;
}

/** The rows that refer to one that is missing, a window of rows at a time: `PRAGMA foreign_key_check` looks at all in one go. */
export function* danglingReferences(database: Database): Generator<readonly { readonly table: string; readonly row: number }[]> {
  const tables = database.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
  for (const table of tables) {
    const references = database.pragma(`foreign_key_list(${table})`) as Reference[];
    if (references.length === 0) continue;
    const dangling = references.map(
      ({ table: parent, from, to }) =>
        `(t.${from} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ${parent} p WHERE p.${to ?? 'rowid'} = t.${from}))`,
    );
    for (const rows of windows<{ dangling: number }>(database, `(${dangling.join(' OR ')}) AS dangling`, table)) {
      yield rows.filter((row) => row.dangling === 1).map(({ rowid }) => ({ table, row: rowid }));
    }
  }
}
