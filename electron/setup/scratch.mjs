// Where tests put what they write. Vaults and exports wait for the disk at every step; in memory that takes nothing, and
// what is written, renamed, locked, full or killed in the middle is the same.
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import path from 'node:path';

const memory = '/dev/shm';
/** Several times what all tests have there at once. */
const wanted = 2 * 2 ** 30;
const own = /^fieldkey-tests-(\d+)$/;

/** Whether programs may be run from the folder in memory, and there is room in it and in the machine. */
function roomy() {
  try {
    const mount = readFileSync('/proc/mounts', 'utf8')
      .split('\n')
      .map((line) => line.split(' '))
      .findLast(([, place]) => place === memory);
    if (mount?.[2] !== 'tmpfs' || /\b(noexec|ro)\b/.test(mount[3])) return false;
    const { bavail, bsize } = statfsSync(memory);
    return bavail * bsize >= wanted && process.availableMemory() >= 2 * wanted;
  } catch {
    return false;
  }
}

function runs(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/**
 * A folder in memory for the tests of this process: the environment that makes them use it, and what removes it. On another
 * system, with little memory, or when TMPDIR is set, they use the folder for temporary files that they would use anyway.
 * @returns {{ env: Record<string, string>, remove(): void }}
 */
export function scratchInMemory() {
  if (process.platform !== 'linux' || process.env.TMPDIR || !roomy()) return { env: {}, remove: () => {} };
  const remove = (name) => {
    try {
      rmSync(path.join(memory, name), { recursive: true, force: true, maxRetries: 3 });
    } catch {
      // another user's, or something is still mounted in it
    }
  };
  // what a run that was killed has left
  for (const name of readdirSync(memory)) {
    const [, pid] = own.exec(name) ?? [];
    if (pid && !runs(Number(pid))) remove(name);
  }
  const name = `fieldkey-tests-${process.pid}`;
  const folder = path.join(memory, name);
  mkdirSync(folder, { recursive: true });
  // as /tmp is: brokers and keyrings of other users have to get to what lies in it
  chmodSync(folder, 0o1777);
  return { env: { TMPDIR: folder }, remove: () => remove(name) };
}
