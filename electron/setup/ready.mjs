// Brings the checkout to the level a command needs. When a stamp says that it is there already, this takes milliseconds.
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ensureBuild } from './build.mjs';
import { ensureDependencies, lockHash } from './dependencies.mjs';
import { checkElectron, ensureElectron, forgetFailure, retryAfterMs, runtimeNote } from './electron-runtime.mjs';
import { alone } from './lock.mjs';
import { modules, node24 } from './places.mjs';
import { checkHostNode, say } from './say.mjs';
import { ensureSqlite, sqliteInPlace } from './sqlite.mjs';
import { ensureElectronLibraries, ensureTestTools, missingTestTools } from './system-packages.mjs';

/**
 * What a command needs: 'node' a Node 24 with the dependencies (command line, benchmarks), 'app' an Electron as well,
 * 'test' the judging tools as well.
 * @typedef {'node' | 'app' | 'test'} Level
 */

// Inside node_modules: whoever deletes or reinstalls node_modules removes the stamp with it.
const stampFile = path.join(modules, '.fieldkey-setup.json');

function readStamp() {
  try {
    const stamp = JSON.parse(readFileSync(stampFile, 'utf8'));
    return stamp.lock === lockHash() ? stamp : undefined;
  } catch {
    return undefined;
  }
}

function writeStamp(stamp) {
  const fresh = `${stampFile}.${process.pid}`;
  writeFileSync(fresh, JSON.stringify(stamp, null, 2));
  renameSync(fresh, stampFile);
}

/** Whether the stamp, and a look at the files it speaks of, say that nothing is to be done. */
function isReady(stamp, level) {
  if (!stamp || !existsSync(node24) || !sqliteInPlace(stamp.sqlite)) return false;
  if (level === 'node') return true;
  const { electron } = stamp;
  if (!electron || !existsSync(electron.executable)) return false;
  if (process.env.FIELDKEY_ELECTRON && process.env.FIELDKEY_ELECTRON !== electron.executable) return false;
  if (electron.kind === 'given' && !process.env.FIELDKEY_ELECTRON) return false;
  // The older runtime is a makeshift: now and then the official one is tried again.
  if (electron.kind === 'fallback' && Date.now() - stamp.at > retryAfterMs) return false;
  return level === 'app' || missingTestTools().length === 0;
}

async function setUp(level) {
  await ensureDependencies();
  let electron = readStamp()?.electron;
  if (level !== 'node') {
    electron = await ensureElectron();
    await ensureElectronLibraries(electron);
    await checkElectron(electron);
  }
  const sqlite = await ensureSqlite(level === 'node' ? undefined : electron);
  // The stamp is written before the tools are looked for: their absence does not undo what has been done.
  const stamp = { lock: lockHash(), at: Date.now(), sqlite, ...(electron && { electron }) };
  writeStamp(stamp);
  if (level === 'test') await ensureTestTools();
  return stamp;
}

/**
 * Sets up what is missing and builds what is stale.
 * @param {Level} level
 * @param {('app' | 'bench')[]} builds
 * @returns {Promise<{electron?: import('./electron-runtime.mjs').Runtime}>}
 */
export async function ready(level, builds = []) {
  checkHostNode();
  return alone(async () => {
    let stamp = readStamp();
    if (!isReady(stamp, level)) stamp = await setUp(level);
    for (const name of builds) await ensureBuild(name);
    if (level !== 'node') {
      const note = runtimeNote(stamp.electron);
      if (note) say(note);
    }
    return stamp;
  });
}

/** Forgets everything set-up remembers about this checkout, so that the next set-up checks all of it. */
export function forget() {
  rmSync(stampFile, { force: true });
  if (existsSync(path.join(modules, 'electron', 'package.json'))) forgetFailure();
}
