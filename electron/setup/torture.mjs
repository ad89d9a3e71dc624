// npm run torture -- [--kills N] [--seconds N] [--lanes N] [--seed N]: kills the core at random moments, in Node 24.
import path from 'node:path';
import { root } from './places.mjs';
import { ready } from './ready.mjs';
import { runNode24 } from './run.mjs';
import { main } from './say.mjs';

await main(async () => {
  await ready('node', []);
  const hook = path.join(root, 'electron/vault/testing/raw-imports.mjs');
  const script = path.join(root, 'electron/jobs/testing/torture-run.ts');
  const { status } = await runNode24(
    '--disable-warning=ExperimentalWarning',
    ['--import', hook, script, ...process.argv.slice(2)],
    {
      cwd: process.env.INIT_CWD ?? root,
      output: 'own',
    },
  );
  return status;
});
