import { readdirSync } from 'node:fs';
import path from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

const root = import.meta.dirname;

// The oldest Electron this code must run on is the development fallback (Electron 33: Node 20.18, Chromium 130;
// see electron/setup/fallback-runtime.mjs), not the version in package.json.
const oldestNode = 'node20.18';
const oldestChromium = 'chrome130';

/** Installed packages stay outside the bundle of main: they are packaged as they are, native code included. */
const external = ['better-sqlite3', 'mqtt', 'node-forge', 'systeminformation', 'zod', 'commander'].map(
  (name) => new RegExp(`^${name}(/|$)`),
);

/** Entries of main: the app, the command line, and each electron/main/*-worker.ts (worker threads, utility processes). */
function mainEntries(): Record<string, string> {
  const folder = path.join(root, 'electron/main');
  const workers = readdirSync(folder).filter((name) => name.endsWith('-worker.ts'));
  return {
    index: path.join(folder, 'index.ts'),
    cli: path.join(root, 'electron/cli/index.ts'),
    ...Object.fromEntries(workers.map((name) => [name.slice(0, -'.ts'.length), path.join(folder, name)])),
  };
}

export default defineConfig({
  main: {
    build: {
      outDir: path.join(root, 'out/main'),
      target: oldestNode,
      sourcemap: true,
      externalizeDeps: false,
      rolldownOptions: {
        external,
        input: mainEntries(),
        // Chunks lie beside the entries, so that new URL('./vault-worker.js', import.meta.url) is right wherever
        // the bundler moves the code that says it.
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunk-[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: path.join(root, 'out/preload'),
      target: oldestNode,
      sourcemap: true,
      // A sandboxed preload can require nothing but 'electron': everything else goes into the one file.
      externalizeDeps: false,
      rolldownOptions: {
        input: path.join(root, 'electron/preload/index.ts'),
        output: { format: 'cjs', entryFileNames: 'index.cjs', codeSplitting: false },
      },
    },
  },
  renderer: {
    root: path.join(root, 'renderer'),
    plugins: [react()],
    build: {
      outDir: path.join(root, 'out/renderer'),
      target: oldestChromium,
      sourcemap: true,
      minify: true,
      // Inlined data: URLs would need more in the content security policy than 'self'.
      assetsInlineLimit: 0,
      rolldownOptions: { input: path.join(root, 'renderer/index.html') },
    },
  },
});
