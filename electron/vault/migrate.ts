import { closeSync, openSync } from 'node:fs';
import { FieldkeyError } from '../../shared/errors.ts';
import { type Database, guarded, storageError } from './database.ts';
import { type Migration, migrationHash } from './migrations.ts';

/**
 * Brings a database to the newest schema: each migration in one transaction with its user_version and its hash.
 * A vault that already holds data is first copied beside itself (`<file>.before-v<N>`), through SQLite, so that the
 * copy is consistent and our lock is kept.
 *
 * Gives the copy's path, or null when there was nothing to do or nothing to lose.
 * @throws VAULT_FROM_FUTURE when a newer program wrote it; VAULT_DAMAGED when a recorded migration is not the one we know
 */
export function migrate(database: Database, migrations: readonly Migration[], now: number): string | null {
  const newest = migrations.at(-1)?.number ?? 0;
  const version = Number(database.pragma('user_version', { simple: true }));
  if (version > newest) {
    throw new FieldkeyError('VAULT_FROM_FUTURE', { file: database.name, found: version, supported: newest });
  }
  checkRecorded(database, migrations, version);
  const missing = migrations.filter((m) => m.number > version);
  if (missing.length === 0) return null;
  const copy = version > 0 && !database.memory ? copyBefore(database, newest) : null;
  for (const migration of missing) {
    guarded(database.name, () =>
      database
        .transaction(() => {
          database.exec(migration.sql);
          database
            .prepare('INSERT INTO migration (number, name, sha256, applied_at) VALUES (?, ?, ?, ?)')
            .run(migration.number, migration.name, migrationHash(migration), now);
          database.pragma(`user_version = ${migration.number}`);
        })
        .immediate(),
    );
  }
  return copy;
}

function checkRecorded(database: Database, migrations: readonly Migration[], version: number): void {
  if (version === 0) return;
  const rows = guarded(database.name, () =>
    database
      .prepare<[], { number: number; name: string; sha256: Buffer }>('SELECT number, name, sha256 FROM migration ORDER BY number')
      .all(),
  );
  const known = migrations.filter((m) => m.number <= version);
  const same =
    rows.length === known.length &&
    known.every((m, i) => rows[i]?.number === m.number && rows[i].name === m.name && isHash(rows[i].sha256, m));
  if (!same)
    throw new FieldkeyError('VAULT_DAMAGED', {
      file: database.name,
      detail: 'the recorded migrations are not those of this program',
    });
}

/** Whatever stands there: in a damaged file it may be none at all. */
function isHash(stored: unknown, migration: Migration): boolean {
  return Buffer.isBuffer(stored) && migrationHash(migration).equals(stored);
}

function copyBefore(database: Database, newest: number): string {
  for (let attempt = 0; ; attempt++) {
    const copy = `${database.name}.before-v${newest}${attempt === 0 ? '' : `-${attempt}`}`;
    try {
      // made here, for its mode: the copy holds the wrapped key like the vault itself. 'wx' never takes an earlier copy
      closeSync(openSync(copy, 'wx', 0o600));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST' && attempt < 100) continue;
      throw storageError(copy, error);
    }
    // SQLite fills an existing file only when it is empty
    guarded(copy, () => database.prepare('VACUUM INTO ?').run(copy));
    return copy;
  }
}
