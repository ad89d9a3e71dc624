// npm run -s bench -- NAME [--json]: one benchmark, in Node 24.
import path from 'node:path';
import { root } from './places.mjs';
import { ready } from './ready.mjs';
import { runNode24 } from './run.mjs';
import { main } from './say.mjs';

/** Those that start the app; each asks for FIELDKEY_ELECTRON. The others need no Electron, so none is set up for them. */
const withWindow = ['flood', 'list', 'responsive', 'search', 'start'];

await main(async () => {
  const given = process.argv.slice(2);
  const { electron } = await ready(given.some((name) => withWindow.includes(name)) ? 'app' : 'node', ['app', 'bench']);
  const { status } = await runNode24(path.join(root, 'out/bench/index.js'), given, {
    cwd: process.env.INIT_CWD ?? root,
    env: electron ? { FIELDKEY_ELECTRON: electron.executable } : {},
    output: 'own',
  });
  return status;
});
