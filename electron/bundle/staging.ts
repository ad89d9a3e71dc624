import { dirname, join } from 'node:path';
import type { ExportFile } from '../../shared/model/bundle.ts';
import { eachConcurrently, fileConcurrency } from './concurrency.ts';
import type { ExportFileSystem } from './file-system.ts';
import type { StepProgress } from './progress.ts';
import { formatSums, sha256, sumsName } from './sums.ts';

const folderMode = 0o700;
const fileMode = 0o644;
const secretMode = 0o600;

/** A file to be written, or one that is taken over from the export that stands already. */
export type StagedFile =
  | ExportFile
  | { readonly path: string; readonly takeFrom: string; readonly hash: string; readonly secret: boolean };

/**
 * The temporary folder in which an export grows. Files are written in chunks and then synchronised chunk by chunk: the first
 * fsync of a chunk makes the file system commit all of it, so that the others cost almost nothing.
 * On FAT and exFAT the modes mean nothing (devices.md, "USB sticks"); the READMEs say so.
 */
export class Staging {
  readonly folder: string;
  readonly hashes = new Map<string, string>();
  bytes = 0;
  readonly #fs: ExportFileSystem;
  readonly #progress: StepProgress;
  readonly #folders = new Map<string, Promise<void>>();
  #chunk: StagedFile[] = [];
  #chunkBytes = 0;

  constructor(fs: ExportFileSystem, folder: string, progress: StepProgress) {
    this.#fs = fs;
    this.folder = folder;
    this.#progress = progress;
  }

  async open(): Promise<void> {
    await this.#makeFolder(this.folder);
  }

  async add(file: StagedFile): Promise<void> {
    this.#chunk.push(file);
    if ('content' in file) this.#chunkBytes += file.content.length;
    // bounded in both: ten thousand small files, or a few large ones
    if (this.#chunk.length >= 512 || this.#chunkBytes >= 8_388_608) await this.#flush();
  }

  /** Writes the rest and, last of all, the list of hashes; then every name is on the medium too. */
  async finish(): Promise<void> {
    await this.#flush();
    const sums = formatSums(this.hashes);
    await this.#write(sumsName, sums, fileMode);
    await this.#fs.syncFile(join(this.folder, sumsName));
    await eachConcurrently(this.#folders.keys(), fileConcurrency, (folder) => this.#fs.syncFolder(folder));
    this.#progress.add(1);
  }

  async #flush(): Promise<void> {
    const chunk = this.#chunk;
    this.#chunk = [];
    this.#chunkBytes = 0;
    await eachConcurrently(chunk, fileConcurrency, async (file) => {
      this.#progress.check();
      const content = 'content' in file ? file.content : await this.#fs.read(file.takeFrom);
      const hash = sha256(content);
      // somebody changed the old export since it was read: then it is no source for the new one
      if ('hash' in file && file.hash !== hash) throw new Error(`${file.takeFrom} changed while it was copied`);
      await this.#write(file.path, content, file.secret ? secretMode : fileMode);
      this.hashes.set(file.path, hash);
    });
    await eachConcurrently(chunk, fileConcurrency, (file) => this.#fs.syncFile(join(this.folder, file.path)));
    this.#progress.add(chunk.length);
  }

  async #write(path: string, content: Uint8Array, mode: number): Promise<void> {
    const full = join(this.folder, path);
    await this.#makeFolder(dirname(full));
    await this.#fs.create(full, content, mode);
    this.bytes += content.length;
  }

  #makeFolder(folder: string): Promise<void> {
    const known = this.#folders.get(folder);
    if (known) return known;
    // one after the other from the top, so that every folder of the export is known here, synchronised and has its mode
    const made = (folder === this.folder ? Promise.resolve() : this.#makeFolder(dirname(folder))).then(() =>
      this.#fs.makeFolder(folder, folderMode),
    );
    this.#folders.set(folder, made);
    return made;
  }
}
