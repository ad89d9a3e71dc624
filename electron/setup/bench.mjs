// npm run -s bench -- NAME [--json]: one benchmark, in Node 24.
import path from 'node:path';
import { root } from './places.mjs';
import { ready } from './ready.mjs';
import { runNode24 } from './run.mjs';
import { main } from './say.mjs';

await main(async () => {
  // Some benchmarks start the app or the command line as well.
  const { electron } = await ready('node', ['app', 'bench']);
  const { status } = await runNode24(path.join(root, 'out/bench/index.js'), process.argv.slice(2), {
    cwd: process.env.INIT_CWD ?? root,
    env: electron ? { FIELDKEY_ELECTRON: electron.executable } : {},
    output: 'own',
  });
  return status;
});
