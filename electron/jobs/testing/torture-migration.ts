import { type Migration, migrations } from '../../vault/migrations.ts';

/** One migration more than the program has, with enough to do that a kill falls into it. */
export const tortureMigrations: readonly Migration[] = [
  ...migrations,
  {
    number: 1000,
    name: 'torture',
    sql: `CREATE TABLE torture (id INTEGER PRIMARY KEY, content BLOB NOT NULL) STRICT;
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 8000)
      INSERT INTO torture SELECT i, randomblob(200) FROM n;`,
  },
];
