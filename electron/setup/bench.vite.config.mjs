// Builds the benchmarks (e2e/bench/index.ts) to out/bench/index.js for Node 24, with the same code as the product.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { defineConfig } from 'vite';

const root = path.resolve(import.meta.dirname, '../..');
const main = path.join(root, 'electron/main');
const workers = readdirSync(main).filter((name) => name.endsWith('-worker.ts'));

export default defineConfig({
  root,
  publicDir: false,
  logLevel: 'warn',
  build: {
    ssr: true,
    outDir: path.join(root, 'out/bench'),
    target: 'node24',
    sourcemap: true,
    minify: false,
    rolldownOptions: {
      // Workers are found beside the file that starts them, so the benchmarks bring their own.
      input: {
        index: path.join(root, 'e2e/bench/index.ts'),
        fuzz: path.join(root, 'e2e/bench/fuzz.ts'),
        // the two sides of `practice`, each a process of its own
        'practice-host': path.join(root, 'e2e/bench/practice-host.ts'),
        'practice-clients': path.join(root, 'e2e/bench/practice-clients.ts'),
        ...Object.fromEntries(workers.map((name) => [name.slice(0, -'.ts'.length), path.join(main, name)])),
      },
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunk-[name]-[hash].js' },
    },
  },
});
