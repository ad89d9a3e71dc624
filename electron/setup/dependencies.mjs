// node_modules exactly as package-lock.json says.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { modules, node24, root, which } from './places.mjs';
import { run } from './run.mjs';
import { Failure, say } from './say.mjs';

const lockFile = path.join(root, 'package-lock.json');

/** A hash of package-lock.json. */
export function lockHash() {
  return createHash('sha256').update(readFileSync(lockFile)).digest('hex');
}

/**
 * Whether npm has finished installing exactly the locked packages. npm writes its own list (.package-lock.json) last,
 * so an installation that was killed has none.
 */
function installed() {
  if (!existsSync(node24)) return false;
  let present;
  try {
    present = JSON.parse(readFileSync(path.join(modules, '.package-lock.json'), 'utf8')).packages;
  } catch {
    return false;
  }
  const wanted = JSON.parse(readFileSync(lockFile, 'utf8')).packages;
  return Object.entries(wanted).every(([place, { version, integrity, optional, link }]) => {
    if (place === '' || link) return true;
    const have = present[place];
    // Optional packages are those of other platforms.
    return have ? have.version === version && have.integrity === integrity : Boolean(optional);
  });
}

/** npm as [program, leading arguments, needs a shell]: the npm that runs us, without a shell where possible. */
function npm() {
  const given = process.env.npm_execpath;
  const host = process.env.npm_node_execpath || process.execPath;
  if (given && path.basename(given) === 'npm-cli.js' && existsSync(given)) return [host, [given], false];
  // Started as `node electron/setup/….mjs`. On Windows npm is a .cmd file, which needs a shell.
  return [which('npm') ?? 'npm', [], process.platform === 'win32'];
}

/** Runs npm with these arguments. */
export function runNpm(args, options = {}) {
  const [program, leading, shell] = npm();
  return run(shell ? `"${program}"` : program, [...leading, ...args], { ...options, shell });
}

/** Installs the locked packages if they are not there. */
export async function ensureDependencies() {
  if (installed()) return;
  say(
    existsSync(modules)
      ? 'node_modules does not match package-lock.json: installing again …'
      : 'Installing the locked packages (npm ci) …',
  );
  const { status } = await runNpm(['ci', '--include=dev', '--include=optional', '--no-fund', '--no-audit', '--loglevel=error']);
  if (status !== 0)
    throw new Failure(
      `npm ci failed with status ${status}; its messages are above.`,
      'if npm says that package.json and package-lock.json are not in sync, restore both with git; otherwise check the network connection (behind a proxy, `npm config set https-proxy …`). Then run the command again.',
    );
  if (!existsSync(node24))
    throw new Failure(
      'npm ci ran, but the `node` package has no Node 24 in it: its install script was not allowed to run, or failed.',
      'check that `npm config get ignore-scripts` says false, delete node_modules, and run the command again.',
    );
}
