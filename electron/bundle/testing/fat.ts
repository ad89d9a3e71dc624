import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type ExportFileSystem, nodeFileSystem } from '../file-system.ts';
import { systemError } from './disturbed.ts';

/**
 * What FAT32 makes of the file system below `root` (devices.md, "USB sticks"): names are found in whatever case and
 * exist once, modes mean nothing, folders cannot be synchronised, and nothing is renamed onto what is
 * there.
 */
export function fatFileSystem(root: string): ExportFileSystem {
  /** The path as it is stored; what does not exist keeps the name that was asked for. */
  const stored = async (path: string): Promise<string> => {
    if (path === root || !path.startsWith(root)) return path;
    const folder = await stored(dirname(path));
    const names = await readdir(folder).catch(() => []);
    const name = names.find((each) => each.toLowerCase() === basename(path).toLowerCase());
    return join(folder, name ?? basename(path));
  };
  const fresh = async (path: string, call: string): Promise<string> => {
    const name = basename(path);
    if (/[<>:"|?*\\]|[. ]$/.test(name)) throw systemError('EINVAL', call, path);
    const found = await stored(path);
    if ((await nodeFileSystem.kind(found)) !== null) throw systemError('EEXIST', call, path);
    return found;
  };
  return {
    ...nodeFileSystem,
    kind: async (path) => nodeFileSystem.kind(await stored(path)),
    list: async (path) => nodeFileSystem.list(await stored(path)),
    makeFolder: async (path) => nodeFileSystem.makeFolder(await fresh(path, 'mkdir'), 0o777),
    create: async (path, content) => nodeFileSystem.create(await fresh(path, 'open'), content, 0o777),
    read: async (path) => nodeFileSystem.read(await stored(path)),
    syncFile: async (path) => nodeFileSystem.syncFile(await stored(path)),
    syncFolder: async () => undefined,
    rename: async (from, to) => nodeFileSystem.rename(await stored(from), await fresh(to, 'rename')),
    remove: async (path) => nodeFileSystem.remove(await stored(path)),
    // 32 kB, as sticks of 32 GB and more have it
    space: async () => ({ free: 1e9, unit: 32_768 }),
  };
}
