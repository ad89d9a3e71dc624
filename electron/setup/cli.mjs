// npm run -s cli -- ARGUMENTS: the command line. Only its own output goes to stdout; set-up speaks on stderr.
import path from 'node:path';
import { root } from './places.mjs';
import { ready } from './ready.mjs';
import { runNode24 } from './run.mjs';
import { main } from './say.mjs';

// Taken out of every other child's environment (places.mjs).
const passphrases = Object.fromEntries(
  ['FIELDKEY_PASSPHRASE', 'FIELDKEY_KEY_PASSPHRASE', 'FIELDKEY_BACKUP_PASSPHRASE', 'FIELDKEY_NEW_PASSPHRASE'].flatMap((name) =>
    process.env[name] ? [[name, process.env[name]]] : [],
  ),
);

await main(async () => {
  await ready('node', ['app']);
  const { status } = await runNode24(path.join(root, 'out/main/cli.js'), process.argv.slice(2), {
    cwd: process.env.INIT_CWD ?? root,
    env: passphrases,
    output: 'own',
  });
  return status;
});
