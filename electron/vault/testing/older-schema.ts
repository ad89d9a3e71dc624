import Sqlite from 'better-sqlite3';
import { migrations } from '../migrations.ts';

/**
 * Turns a closed vault file into one of an earlier version: takes out the tables and indexes that later migrations made,
 * with their records. Only for migrations that added and changed nothing that was there.
 */
export function backToVersion(file: string, version: number): void {
  const bare = new Sqlite(':memory:');
  for (const { sql } of migrations.filter(({ number }) => number <= version)) bare.exec(sql);
  const names = "SELECT type, name FROM sqlite_master WHERE sql IS NOT NULL AND type IN ('table', 'index') ORDER BY type";
  const known = new Set((bare.prepare(names).all() as { name: string }[]).map(({ name }) => name));
  bare.close();
  const database = new Sqlite(file);
  database.pragma('foreign_keys = OFF');
  for (const { type, name } of database.prepare(names).all() as { type: string; name: string }[]) {
    if (!known.has(name)) database.exec(`DROP ${type} IF EXISTS ${name}`);
  }
  database.prepare('DELETE FROM migration WHERE number > ?').run(version);
  database.pragma(`user_version = ${version}`);
  database.close();
}
