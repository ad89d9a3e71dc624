// A better-sqlite3 that loads in the Node that runs the tests and in the Electron that runs the app.
//
// The prebuilt binary inside the package wants Node-API 10. On an older Node-API (Electron 33) it does not throw, it
// crashes the process; so it is tried in a child process, and compiled against the experimental Node-API if it fails.
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { cacheFolder, commandOf, modules, node24 } from './places.mjs';
import { run, runNode24 } from './run.mjs';
import { Failure, say } from './say.mjs';
import { ensureCompiler } from './system-packages.mjs';

const packageFolder = path.join(modules, 'better-sqlite3');
const compiled = path.join(packageFolder, 'build', 'Release', 'better_sqlite3.node');

// better-sqlite3 keeps references to strings, which only the experimental API of an older Node-API allows.
const flags = '-UNAPI_VERSION -DNAPI_VERSION=2147483647 -DNAPI_EXPERIMENTAL -DNODE_API_EXPERIMENTAL_NOGC_ENV_OPT_OUT';

const probe = `const Database = require(${JSON.stringify(packageFolder)});
  const row = new Database(':memory:').prepare('SELECT sqlite_version() AS version').get();
  process.stdout.write(row.version);`;

async function loadsIn(program, env = {}) {
  const { status, text } = await run(program, ['-e', probe], { env, output: 'keep', seconds: 60 });
  return { ok: status === 0, text };
}

/**
 * Makes better-sqlite3 load.
 * @param {{executable: string} | undefined} electron also in this Electron
 * @returns {Promise<'prebuilt' | 'compiled'>}
 */
export async function ensureSqlite(electron) {
  const tryAll = async () => {
    const inNode = await loadsIn(node24);
    if (!inNode.ok || !electron) return inNode;
    return loadsIn(electron.executable, { ELECTRON_RUN_AS_NODE: '1' });
  };
  if ((await tryAll()).ok) return existsSync(compiled) ? 'compiled' : 'prebuilt';

  const cached = cachedBinary();
  if (!existsSync(cached.file)) await compile(cached);
  install(cached.file);
  const { ok, text } = await tryAll();
  if (!ok) {
    // Kept, it would be taken from the cache again and again.
    rmSync(cached.file, { force: true });
    throw new Failure(
      `better-sqlite3 was compiled but does not load:\n${text.trim()}`,
      'run `npm run setup`; if it fails again, please report the lines above.',
    );
  }
  return 'compiled';
}

/** Whether the binary that set-up chose is still in place. */
export function sqliteInPlace(kind) {
  return kind === 'prebuilt' ? existsSync(packageFolder) : existsSync(compiled);
}

/** Headers to compile with: those in the `node` package (locked), else those beside this Node, else what node-gyp downloads. */
function headers() {
  const nested = path.join(modules, 'node', 'node_modules', `node-${process.platform}-${process.arch}`);
  const places = [nested, path.dirname(path.dirname(process.env.npm_node_execpath || process.execPath))];
  return places.find((folder) => existsSync(path.join(folder, 'include', 'node', 'node_api.h')));
}

function cachedBinary() {
  const { version } = JSON.parse(readFileSync(path.join(packageFolder, 'package.json'), 'utf8'));
  const node = JSON.parse(readFileSync(path.join(modules, 'node', 'package.json'), 'utf8')).version;
  return { file: path.join(cacheFolder(), `better-sqlite3-${version}-${process.platform}-${process.arch}-node-${node}.node`) };
}

/** Compiles a copy outside node_modules, so that a killed compilation leaves nothing half-made where it would be loaded. */
async function compile({ file }) {
  await ensureCompiler();
  say('Compiling better-sqlite3 for this Electron (one to three minutes, once for all checkouts) …');
  mkdirSync(cacheFolder(), { recursive: true });
  const scratch = mkdtempSync(path.join(cacheFolder(), 'tmp-'));
  try {
    for (const name of ['better-sqlite3', 'node-addon-api']) {
      cpSync(path.join(modules, name), path.join(scratch, 'node_modules', name), { recursive: true });
    }
    const cwd = path.join(scratch, 'node_modules', 'better-sqlite3');
    const nodedir = headers();
    const args = ['rebuild', '--release', '--force_build=1', ...(nodedir ? [`--nodedir=${nodedir}`] : [])];
    const env = { CXXFLAGS: `${process.env.CXXFLAGS ?? ''} ${flags}`.trim(), JOBS: 'max' };
    const { status, text } = await runNode24(commandOf('node-gyp'), args, { cwd, env, output: 'keep', seconds: 1800 });
    if (status !== 0) {
      throw new Failure(
        `better-sqlite3 could not be compiled:\n${text.trim().split('\n').slice(-40).join('\n')}`,
        'check that a C++20 compiler, make and Python 3 work, then run the command again.',
      );
    }
    renameSync(path.join(cwd, 'build', 'Release', 'better_sqlite3.node'), file);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function install(file) {
  mkdirSync(path.dirname(compiled), { recursive: true });
  const fresh = `${compiled}.${process.pid}`;
  copyFileSync(file, fresh);
  renameSync(fresh, compiled);
}
