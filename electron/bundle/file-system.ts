import { lstat, mkdir, open, readdir, readFile, rename, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';

export type EntryKind = 'file' | 'folder' | 'other';

/** What the writer needs of a file system. Tests replace it by one that is full, read-only or gone. */
export interface ExportFileSystem {
  /** Null when there is nothing of that name. Links are not followed. */
  kind(path: string): Promise<EntryKind | null>;
  list(folder: string): Promise<readonly { readonly name: string; readonly kind: EntryKind }[]>;
  /** Makes the folder and those above it, as far as they are missing. */
  ensureFolder(path: string): Promise<void>;
  /** Makes one folder in a folder that exists: on a stick that is gone this must fail, not fill the mount point below it. */
  makeFolder(path: string, mode: number): Promise<void>;
  read(path: string): Promise<Uint8Array>;
  /** Makes a file that must not exist yet. */
  create(path: string, content: Uint8Array, mode: number): Promise<void>;
  /** Waits until the file is on the medium. */
  syncFile(path: string): Promise<void>;
  /** The same for the names in a folder, where the platform can. */
  syncFolder(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Removes a folder and everything in it; no error when it is not there. */
  remove(path: string): Promise<void>;
  /** Free bytes for this user and the size of an allocation unit; null where the platform does not say. */
  space(path: string): Promise<{ readonly free: number; readonly unit: number } | null>;
}

/** Error codes with which file systems without folder synchronisation (FAT drivers, network shares) answer. */
const cannotSync = new Set(['EINVAL', 'EPERM', 'EISDIR', 'EBADF', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EACCES']);

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** The real one. */
export const nodeFileSystem: ExportFileSystem = {
  async kind(path) {
    try {
      const found = await lstat(path);
      return found.isFile() ? 'file' : found.isDirectory() ? 'folder' : 'other';
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return null;
      throw error;
    }
  },
  async list(folder) {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.map((entry) => ({
      name: entry.name,
      kind: entry.isFile() ? 'file' : entry.isDirectory() ? 'folder' : 'other',
    }));
  },
  async ensureFolder(path) {
    await mkdir(path, { recursive: true });
  },
  async makeFolder(path, mode) {
    await mkdir(path, { mode });
  },
  async read(path) {
    return readFile(path);
  },
  async create(path, content, mode) {
    const handle = await open(path, 'wx', mode);
    try {
      await handle.writeFile(content);
    } finally {
      await handle.close();
    }
  },
  async syncFile(path) {
    // FlushFileBuffers wants a handle that may write, hence not 'r'
    const handle = await open(path, 'r+');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
  async syncFolder(path) {
    // Windows opens no folders as files; NTFS journals names itself, for FAT there is nothing to call
    if (process.platform === 'win32') return;
    try {
      const handle = await open(path, 'r');
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
    } catch (error) {
      if (!cannotSync.has(codeOf(error))) throw error;
    }
  },
  rename,
  async remove(path) {
    // retries: a virus scanner on Windows keeps files open for moments
    await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  },
  async space(path) {
    try {
      const { bavail, bsize } = await statfs(path);
      return bsize > 0 ? { free: bavail * bsize, unit: bsize } : null;
    } catch {
      return null;
    }
  },
};

/** Operating systems leave these on every stick they see; they belong to nobody. */
const litter = /^(\.DS_Store|\._.*|Thumbs\.db|desktop\.ini)$/i;

/** Everything below `folder`, as relative paths with `/`; what systems litter is left out. Only `other` entries are not files. */
export async function listTree(
  fs: ExportFileSystem,
  folder: string,
): Promise<{ files: string[]; folders: string[]; others: string[] }> {
  const found = { files: [] as string[], folders: [] as string[], others: [] as string[] };
  const walk = async (relative: string): Promise<void> => {
    for (const entry of await fs.list(relative === '' ? folder : join(folder, relative))) {
      const path = relative === '' ? entry.name : `${relative}/${entry.name}`;
      if (entry.kind === 'folder') {
        found.folders.push(path);
        await walk(path);
      } else if (entry.kind === 'other') found.others.push(path);
      else if (!litter.test(entry.name)) found.files.push(path);
    }
  };
  await walk('');
  return found;
}
