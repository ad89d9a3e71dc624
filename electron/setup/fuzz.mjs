// npm run -s fuzz -- [--count N] [--seed N]: mutated files against everything that reads files of others, in Node 24.
import path from 'node:path';
import { root } from './places.mjs';
import { ready } from './ready.mjs';
import { runNode24 } from './run.mjs';
import { main } from './say.mjs';

await main(async () => {
  await ready('node', ['bench']);
  const { status } = await runNode24(path.join(root, 'out/bench/fuzz.js'), process.argv.slice(2), { output: 'own' });
  return status;
});
