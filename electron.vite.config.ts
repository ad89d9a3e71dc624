import { readdirSync } from 'node:fs';
import path from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import type { HtmlTagDescriptor, Plugin } from 'vite';
import { languages } from './shared/model/settings.ts';

const root = import.meta.dirname;

// The oldest Electron this code must run on is the development fallback (Electron 33: Node 20.18, Chromium 130;
// see electron/setup/fallback-runtime.mjs), not the version in package.json.
const oldestNode = 'node20.18';
const oldestChromium = 'chrome130';

/** Installed packages stay outside the bundle of main: they are packaged as they are, native code included. */
const external = ['better-sqlite3', 'mqtt', 'node-forge', 'systeminformation', 'commander', 'shamir-secret-sharing'].map(
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

/**
 * Names in index.html what the first paint needs and the browser would find late: the font of the text, and the first
 * words of each language, of which main leaves only those in use (fillPage in electron/main/protocol.ts).
 */
function fetchAhead(): Plugin {
  return {
    name: 'fetch-ahead',
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle }) {
        // the development server has no files to name
        if (!bundle) return [];
        const files = Object.values(bundle);
        const font = files.find(({ fileName }) => /\/inter-latin-wght-normal-[^/]*\.woff2$/.test(fileName));
        const words = languages.map((language) => ({
          language,
          chunk: files.find((file) => file.type === 'chunk' && file.facadeModuleId?.endsWith(`/locales/${language}/first.ts`)),
        }));
        if (!font || words.some(({ chunk }) => !chunk))
          throw new Error('the font or the words of a language are not in the build');
        return [
          link({ rel: 'preload', as: 'font', type: 'font/woff2', crossorigin: true, href: `./${font.fileName}` }),
          ...words.map(({ language, chunk }) =>
            link({ rel: 'modulepreload', 'data-language': language, crossorigin: true, href: `./${chunk?.fileName}` }),
          ),
        ];
      },
    },
  };
}

function link(attrs: Record<string, string | boolean>): HtmlTagDescriptor {
  return { tag: 'link', attrs, injectTo: 'head' };
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
        output: {
          format: 'es',
          entryFileNames: '[name].js',
          chunkFileNames: 'chunk-[name]-[hash].js',
          // Three files instead of dozens of what both sides agree on: what the window needs to open, what comes with the
          // first call of its page, and the schemas of all calls, which take a tenth of the whole start to build.
          codeSplitting: {
            groups: [
              { name: 'first', test: /[\\/]shared[\\/](errors|bridge|model[\\/]settings)\.ts/, priority: 3 },
              { name: 'shared', test: /[\\/](shared[\\/](model|rules|contract[\\/]settings)|node_modules[\\/]zod)/, priority: 2 },
              { name: 'calls', test: /[\\/]shared[\\/]contract/, priority: 1 },
            ],
          },
        },
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
    plugins: [react(), fetchAhead()],
    build: {
      outDir: path.join(root, 'out/renderer'),
      target: oldestChromium,
      sourcemap: true,
      minify: true,
      // Inlined data: URLs would need more in the content security policy than 'self'.
      assetsInlineLimit: 0,
      rolldownOptions: {
        input: path.join(root, 'renderer/index.html'),
        // One file for all that the first page needs: each request costs more than the bytes it brings.
        output: { codeSplitting: { groups: [{ name: 'start', tags: ['$initial'] }] } },
      },
    },
  },
});
