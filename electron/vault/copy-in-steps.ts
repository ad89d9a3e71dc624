import { closeSync, fsync, openSync } from 'node:fs';
import type { Database } from './database.ts';

/** Pages that are copied before control is given back: a few milliseconds. */
const pagesAtOnce = 64;
/** Pages after which the file's system is asked to write what it has: SQLite's own last flush would wait for all of it. */
const pagesPerFlush = 4_000;

/**
 * Writes the database to a new file (0600) while it is in use, with SQLite's backup API: what is changed meanwhile through
 * this connection is in the copy too. It is complete and flushed when this resolves.
 * @throws from SQLite, also when the database is closed meanwhile; the unfinished file is left
 */
export async function copyInSteps(database: Database, target: string): Promise<void> {
  const descriptor = openSync(target, 'wx', 0o600);
  const flushed = { upTo: 0, running: Promise.resolve() };
  try {
    await database.backup(target, {
      progress: ({ totalPages, remainingPages }) => {
        const done = totalPages - remainingPages;
        if (done - flushed.upTo >= pagesPerFlush) {
          flushed.upTo = done;
          // in another thread, and one after the other; a failure shows at the last flush
          flushed.running = flushed.running.then(() => new Promise((resolve) => fsync(descriptor, () => resolve())));
        }
        return pagesAtOnce;
      },
    });
    await flushed.running;
    await new Promise<void>((resolve, reject) => fsync(descriptor, (error) => (error ? reject(error) : resolve())));
  } finally {
    await flushed.running;
    closeSync(descriptor);
  }
}
