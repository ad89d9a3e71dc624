// npm run -s cli -- ARGUMENTS: the command line. Only its own output goes to stdout; set-up speaks on stderr.
import path from 'node:path';
import { root } from './places.mjs';
import { ready } from './ready.mjs';
import { runNode24 } from './run.mjs';
import { main } from './say.mjs';

await main(async () => {
  await ready('node', ['app']);
  const { status } = await runNode24(path.join(root, 'out/main/cli.js'), process.argv.slice(2), {
    cwd: process.env.INIT_CWD ?? root,
    output: 'own',
  });
  return status;
});
