// Two commands at once in one checkout (a test in one terminal, the app in another) must not install or build over
// each other.
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from './places.mjs';
import { say } from './say.mjs';

// Not in node_modules, which `npm ci` deletes while it holds the lock; out/ is ignored by git and by every tool.
const folder = path.join(root, 'out', '.setup-lock');
const owner = path.join(folder, 'pid');

function held() {
  try {
    const pid = Number(readFileSync(owner, 'utf8'));
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if (error.code === 'EPERM') return true;
    // No pid yet: its owner has just made the folder, or was killed between the two steps.
    if (error.code === 'ENOENT') return Date.now() - (statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0) < 2000;
    return false;
  }
}

/** Runs `work` while no other set-up of this checkout runs; the lock of a killed one is taken over. */
export async function alone(work) {
  let told = false;
  for (;;) {
    mkdirSync(path.dirname(folder), { recursive: true });
    try {
      mkdirSync(folder);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (!held()) {
      rmSync(folder, { recursive: true, force: true });
      continue;
    }
    if (!told) say('Another Fieldkey command is setting up or building in this folder; waiting for it …');
    told = true;
    await sleep(200);
  }
  writeFileSync(owner, String(process.pid));
  try {
    return await work();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
