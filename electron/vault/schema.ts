import Sqlite from 'better-sqlite3';
import { type Database, guarded } from './database.ts';
import type { Migration } from './migrations.ts';

interface SchemaEntry {
  readonly type: string;
  readonly name: string;
  readonly sql: string;
}

const known = new WeakMap<readonly Migration[], ReadonlyMap<string, string>>();

/**
 * What of the tables, indexes, triggers and views is not what the migrations make; null = nothing. A trigger that somebody added
 * would act whenever the program writes, and carries no seal. For a database that has all of these migrations.
 */
export function schemaProblem(database: Database, migrations: readonly Migration[]): string | null {
  const expected = known.get(migrations) ?? entriesOf(made(migrations));
  known.set(migrations, expected);
  let found: ReadonlyMap<string, string>;
  try {
    found = guarded(database.name, () => entriesOf(database));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  for (const [name, sql] of found) if (expected.get(name) !== sql) return `${name} is not as the program made it`;
  for (const name of expected.keys()) if (!found.has(name)) return `${name} is missing`;
  return null;
}

/** `type name` → its definition, with the same line ends whatever checkout made it; without what SQLite makes by itself. */
function entriesOf(database: Database): Map<string, string> {
  const entries = database
    .prepare<[], SchemaEntry>(
      "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    )
    .all();
  return new Map(entries.map(({ type, name, sql }) => [`${type} ${name}`, sql.replaceAll('\r\n', '\n')]));
}

function made(migrations: readonly Migration[]): Database {
  const bare = new Sqlite(':memory:');
  for (const { sql } of migrations) bare.exec(sql);
  return bare;
}
