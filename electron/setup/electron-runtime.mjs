// Which Electron runs the app here: the official binary of the `electron` package, or else the older fallback.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ensureFallback, fallbackExists, fallbackVersion } from './fallback-runtime.mjs';
import { cacheFolder, commandOf, modules } from './places.mjs';
import { run, runNode24 } from './run.mjs';
import { Failure, say } from './say.mjs';

/** @typedef {{kind: 'given' | 'official' | 'fallback', executable: string, version: string}} Runtime */

/** How long a failed download is not tried again. */
export const retryAfterMs = 24 * 3600_000;

/** Generous for a slow line, bounded for one that never answers. */
const downloadSeconds = 900;

const packageFolder = path.join(modules, 'electron');
const officialVersion = () => JSON.parse(readFileSync(path.join(packageFolder, 'package.json'), 'utf8')).version;
const failureRecord = () => path.join(cacheFolder(), `electron-${officialVersion()}-download-failed.json`);

/** The official executable, if it has been downloaded completely (the installer writes path.txt last). */
function official() {
  try {
    const executable = path.join(packageFolder, 'dist', readFileSync(path.join(packageFolder, 'path.txt'), 'utf8'));
    const version = readFileSync(path.join(packageFolder, 'dist', 'version'), 'utf8')
      .replace(/^v/, '')
      .trim();
    return version === officialVersion() && existsSync(executable) ? executable : undefined;
  } catch {
    return undefined;
  }
}

function recentFailure() {
  try {
    const { at, reason } = JSON.parse(readFileSync(failureRecord(), 'utf8'));
    return Date.now() - at < retryAfterMs ? reason : undefined;
  } catch {
    return undefined;
  }
}

/** Lets the electron package download its binary; returns why it failed, or undefined. */
async function download() {
  say(`Downloading Electron ${officialVersion()} …`);
  // Node's fetch, which the installer uses, heeds HTTPS_PROXY only when told to.
  const env = { NODE_USE_ENV_PROXY: '1' };
  const { status, text, late } = await runNode24(commandOf('electron', 'install-electron'), [], {
    env,
    output: 'keep',
    seconds: downloadSeconds,
  });
  if (status === 0 && official()) {
    rmSync(failureRecord(), { force: true });
    return undefined;
  }
  const lines = text.trim().split('\n');
  const reason = late
    ? `no complete answer in ${downloadSeconds / 60} minutes`
    : (lines.find((line) => /error/i.test(line)) ?? lines[0] ?? `status ${status}`).trim();
  mkdirSync(cacheFolder(), { recursive: true });
  writeFileSync(failureRecord(), JSON.stringify({ at: Date.now(), reason }));
  return reason;
}

/** Forgets that a download failed, so that the next set-up tries it. */
export function forgetFailure() {
  rmSync(failureRecord(), { force: true });
}

/** One line for every start with the older runtime. */
export function runtimeNote({ kind, version }) {
  return kind === 'fallback'
    ? `Running on Electron ${version}, an older runtime for development and tests only: the official ${officialVersion()} could not be downloaded. \`npm run setup\` tries again.`
    : undefined;
}

/** Finds or installs an Electron. @returns {Promise<Runtime>} */
export async function ensureElectron() {
  const given = process.env.FIELDKEY_ELECTRON;
  if (given) {
    if (!existsSync(given))
      throw new Failure(`FIELDKEY_ELECTRON names ${given}, which does not exist.`, 'correct the variable, or unset it.');
    return { kind: 'given', executable: given, version: 'given' };
  }
  const ready = official();
  if (ready) return { kind: 'official', executable: ready, version: officialVersion() };

  const earlier = recentFailure();
  if (earlier)
    say(`The download of Electron ${officialVersion()} failed less than a day ago (${earlier}); not trying again yet.`);
  const reason = earlier ?? (await download());
  const fresh = official();
  if (fresh) return { kind: 'official', executable: fresh, version: officialVersion() };

  if (!earlier) say(`Electron ${officialVersion()} could not be downloaded: ${reason}`);
  if (!fallbackExists) {
    throw new Failure(
      `Electron ${officialVersion()} could not be downloaded: ${reason}`,
      'make github.com reachable (behind a proxy set HTTPS_PROXY; with a mirror set ELECTRON_MIRROR) and run `npm run setup`.',
    );
  }
  return { kind: 'fallback', executable: await ensureFallback(), version: fallbackVersion };
}

/** Starts the runtime once as a plain Node, to see that it runs here at all. */
export async function checkElectron({ executable }) {
  const { status, text } = await run(executable, ['-e', 'process.stdout.write(process.versions.electron)'], {
    env: { ELECTRON_RUN_AS_NODE: '1' },
    output: 'keep',
    seconds: 60,
  });
  if (status !== 0)
    throw new Failure(
      `Electron (${executable}) does not start:\n${text.trim()}`,
      'install the system libraries named above, then run `npm run setup`.',
    );
}

/** What the kernel must allow for Chromium's sandbox, checked where it is known to be forbidden by default. */
export function sandboxHint({ executable }) {
  if (process.platform !== 'linux' || process.getuid?.() === 0) return undefined;
  const reads = (file) => {
    try {
      return readFileSync(file, 'utf8').trim();
    } catch {
      return undefined;
    }
  };
  const forbidden =
    reads('/proc/sys/kernel/apparmor_restrict_unprivileged_userns') === '1' ||
    reads('/proc/sys/kernel/unprivileged_userns_clone') === '0';
  if (!forbidden) return undefined;
  const helper = path.join(path.dirname(executable), 'chrome-sandbox');
  return `If Electron now stops with a message about its sandbox: this system forbids user namespaces. Allow its helper once with\n  sudo chown root:root '${helper}' && sudo chmod 4755 '${helper}'`;
}
