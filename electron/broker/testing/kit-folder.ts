import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { ExportFile } from '../../../shared/model/bundle.ts';
import { mosquittoUser } from './mosquitto.ts';

const run = promisify(execFile);

/** Writes a kit below `stick` as an export does; gives its folder. */
export async function writeKit(stick: string, kit: readonly ExportFile[]): Promise<string> {
  for (const file of kit) {
    await mkdir(dirname(join(stick, file.path)), { recursive: true });
    await writeFile(join(stick, file.path), file.content);
  }
  return join(stick, 'broker');
}

/** Runs a kit's install.sh for a machine in a folder; gives what it said, or throws with it. */
export async function install(
  folder: string,
  options: { readonly root: string; readonly binary: string; readonly act?: 'crl' | 'check'; readonly restart?: string },
): Promise<string> {
  const env = {
    ...process.env,
    DESTDIR: options.root,
    MOSQUITTO: options.binary,
    ...(options.restart ? { RESTART: options.restart } : {}),
  };
  const { stdout } = await run('sh', [join(folder, 'install.sh'), ...(options.act ? [options.act] : [])], { env });
  return stdout;
}

/** Every file and folder below `root`: path, mode, owner, and the content of files. What a second run must leave as it is. */
export async function treeOf(root: string, below = ''): Promise<string[]> {
  const user = await mosquittoUser();
  const name = (id: number, mosquitto: number) => (id === 0 ? 'root' : id === mosquitto ? 'mosquitto' : String(id));
  const entries = await readdir(join(root, below), { withFileTypes: true });
  const lines = await Promise.all(
    entries.map(async (entry) => {
      const path = join(below, entry.name);
      if (entry.isSymbolicLink()) return [];
      const { mode, uid, gid } = await stat(join(root, path));
      const line = `/${path} ${(mode & 0o7777).toString(8).padStart(4, '0')} ${name(uid, user.uid)}:${name(gid, user.gid)}`;
      if (entry.isDirectory()) return [line, ...(await treeOf(root, path))];
      return [`${line} ${(await readFile(join(root, path))).toString('base64url').slice(0, 4_000)}`];
    }),
  );
  return lines.flat().sort();
}
