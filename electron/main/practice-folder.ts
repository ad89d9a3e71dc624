import { lstatSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';

const prefix = 'fieldkey-practice-';

/**
 * Where the throw-away vault lies: a folder of its own among the system's temporary ones, which only this user may enter
 * (mkdtemp makes it 0700). Its path is noted before the vault is made, so that the next start finds what a killed program
 * left. Only one program uses a profile at a time, so nothing that is still in use can be noted there.
 */
export class PracticeFolders {
  readonly #note: string;
  readonly #place: string;

  /** `profile`: the program's own folder. `place`: where temporary folders are made. */
  constructor(profile: string, place: string = tmpdir()) {
    this.#note = join(profile, 'practice.json');
    this.#place = resolve(place);
  }

  make(): string {
    const folder = mkdtempSync(join(this.#place, prefix));
    try {
      writeFileSync(this.#note, JSON.stringify({ folders: [...this.#noted(), folder] }));
    } catch {
      // a profile that cannot be written: the folder is removed at the end all the same, only a killed program leaves it
    }
    return folder;
  }

  /** Removes it and all in it. A file that something else still holds open (Windows) is tried again for a while. */
  async remove(folder: string): Promise<void> {
    if (!this.#isOurs(folder)) return;
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    const left = this.#noted().filter((each) => each !== folder);
    try {
      if (left.length === 0) rmSync(this.#note, { force: true });
      else writeFileSync(this.#note, JSON.stringify({ folders: left }));
    } catch {
      // found gone at the next start
    }
  }

  /** What a program left that was killed. */
  async removeLeftovers(): Promise<void> {
    for (const folder of this.#noted()) await this.remove(folder).catch(() => undefined);
  }

  #noted(): string[] {
    try {
      const { folders } = JSON.parse(readFileSync(this.#note, 'utf8')) as { folders?: unknown };
      return Array.isArray(folders) ? folders.filter((each) => typeof each === 'string') : [];
    } catch {
      return [];
    }
  }

  /** A note that somebody tampered with must not have anything else removed. */
  #isOurs(folder: string): boolean {
    if (dirname(folder) !== this.#place || !basename(folder).startsWith(prefix)) return false;
    try {
      const found = lstatSync(folder);
      return found.isDirectory() && (process.getuid === undefined || found.uid === process.getuid());
    } catch {
      // gone already: what is left to do is to forget it
      return true;
    }
  }
}
