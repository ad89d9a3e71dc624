// Builds out/ when, and only when, something it is made of has changed.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { commandOf, root } from './places.mjs';
import { runNode24 } from './run.mjs';
import { Failure, say } from './say.mjs';

const sources = ['electron', 'shared', 'renderer', 'resources', 'package.json', 'package-lock.json', 'electron.vite.config.ts'];

/** What can be built: from which files, into which, by which command. */
const products = {
  app: {
    sources,
    results: ['out/main/index.js', 'out/main/cli.js', 'out/preload/index.cjs', 'out/renderer/index.html'],
    command: () => [commandOf('electron-vite'), ['build', '--logLevel', 'warn']],
  },
  bench: {
    sources: [...sources, 'e2e/bench', 'electron/setup/bench.vite.config.mjs'],
    results: ['out/bench/index.js'],
    command: () => [commandOf('vite'), ['build', '--config', 'electron/setup/bench.vite.config.mjs']],
  },
};

/** Files that are never part of a build. */
const apart = (place) => place === 'electron/setup' || /\.test\.tsx?$/.test(place) || place.endsWith('tsconfig.json');

/** A hash over path, size and modification time of every source file: reading them all would take longer. */
function fingerprint(places) {
  const hash = createHash('sha256');
  const visit = (place) => {
    if (apart(place) && !places.includes(place)) return;
    const file = path.join(root, place);
    const stat = statSync(file, { throwIfNoEntry: false });
    if (!stat) return;
    if (stat.isDirectory()) for (const name of readdirSync(file).sort()) visit(`${place}/${name}`);
    else hash.update(`${place}\0${stat.size}\0${stat.mtimeMs}\n`);
  };
  places.forEach(visit);
  return hash.digest('hex');
}

/** Builds 'app' or 'bench' if its sources are newer than what lies in out/. */
export async function ensureBuild(name) {
  const product = products[name];
  const record = path.join(root, 'out', `.fingerprint-${name}`);
  const wanted = fingerprint(product.sources);
  const complete = () => product.results.every((file) => existsSync(path.join(root, file)));
  if (complete() && existsSync(record) && readFileSync(record, 'utf8') === wanted) return;
  const start = performance.now();
  // Removed first: a build that is killed half-way must not pass for a complete one.
  rmSync(record, { force: true });
  const [script, args] = product.command();
  const { status, text } = await runNode24(script, args, { output: 'keep' });
  if (status !== 0 || !complete()) {
    const lacking = product.results.filter((file) => !existsSync(path.join(root, file)));
    throw new Failure(
      `The build failed${lacking.length ? ` (not made: ${lacking.join(', ')})` : ''}:\n${text.trim()}`,
      'correct what the message names and run the command again.',
    );
  }
  mkdirSync(path.dirname(record), { recursive: true });
  writeFileSync(record, wanted);
  say(`Built ${name === 'app' ? 'the app' : 'the benchmarks'} (${((performance.now() - start) / 1000).toFixed(1)} s).`);
}
