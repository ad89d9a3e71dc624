// Where things are: the checkout, the cache that several checkouts share, and the programs set-up runs.
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

const windows = process.platform === 'win32';

/** The checkout. */
export const root = path.resolve(import.meta.dirname, '../..');

export const modules = path.join(root, 'node_modules');

/** Where downloads and compiled files are kept between checkouts, by each system's custom. */
export function cacheFolder() {
  if (windows) return path.join(process.env.LOCALAPPDATA || path.join(homedir(), 'AppData', 'Local'), 'fieldkey', 'Cache');
  if (process.platform === 'darwin') return path.join(homedir(), 'Library', 'Caches', 'fieldkey');
  return path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'fieldkey');
}

/** The Node 24 that the `node` package brings; everything but set-up itself runs in it. */
export const node24 = path.join(modules, 'node', 'bin', windows ? 'node.exe' : 'node');

/** The JavaScript file behind a package's command, so that it can run in Node 24 without a shell on any system. */
export function commandOf(packageName, command = packageName) {
  const folder = path.join(modules, packageName);
  const { bin } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  return path.join(folder, typeof bin === 'string' ? bin : bin[command]);
}

// Debian keeps servers such as mosquitto in sbin, which is not on an ordinary user's PATH; Homebrew and the Windows
// installers use the other folders.
const moreFolders = windows
  ? [path.join(process.env.ProgramFiles ?? 'C:\\Program Files', 'mosquitto')]
  : [
      '/usr/sbin',
      '/usr/local/sbin',
      '/sbin',
      '/opt/homebrew/bin',
      '/opt/homebrew/sbin',
      '/opt/homebrew/opt/openjdk/bin',
      '/usr/share/easy-rsa',
    ];

/** PATH for everything set-up starts: Node 24 first, the usual homes of servers last. */
export function searchPath() {
  const own = existsSync(node24) ? [path.dirname(node24)] : [];
  const given = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
  return [...own, ...given, ...moreFolders.filter((folder) => !given.includes(folder))].join(path.delimiter);
}

/** The environment for child processes. */
export function childEnvironment(extra = {}) {
  const env = { ...process.env };
  // On Windows the variable may be spelled Path; two spellings in one environment are ambiguous.
  for (const name of Object.keys(env)) if (name.toUpperCase() === 'PATH') delete env[name];
  // Inherited from a terminal inside an Electron app, it would turn the app into a plain Node.
  delete env.ELECTRON_RUN_AS_NODE;
  // Passphrases are for our own command line (cli.mjs passes them on), not for npm's install scripts and compilers.
  delete env.FIELDKEY_PASSPHRASE;
  delete env.FIELDKEY_KEY_PASSPHRASE;
  delete env.FIELDKEY_BACKUP_PASSPHRASE;
  delete env.FIELDKEY_NEW_PASSPHRASE;
  return { ...env, PATH: searchPath(), ...extra };
}

/** The full path of a program on the search path, or undefined. */
export function which(program) {
  const endings = windows ? ['.exe', '.cmd', '.bat'] : [''];
  for (const folder of searchPath().split(path.delimiter)) {
    for (const ending of endings) {
      const file = path.join(folder, program + ending);
      if (existsSync(file)) return file;
    }
  }
  return undefined;
}
