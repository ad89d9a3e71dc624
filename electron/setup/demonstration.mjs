// What a machine without a screen shows instead of the window: `fieldkey demo`.
import path from 'node:path';
import { root } from './places.mjs';
import { runNode24 } from './run.mjs';
import { say } from './say.mjs';

/** Runs the demonstration of the built command line; returns its exit status: 0 only when every check held. */
export async function demonstrate() {
  say('Showing on the command line instead what Fieldkey does (the same as `npm run -s cli -- demo`).\n');
  const { status } = await runNode24(path.join(root, 'out/main/cli.js'), ['demo'], { output: 'own' });
  if (status === 0)
    say(
      '\nA project of your own, from the sample plan:\n' +
        '  npm run -s cli -- provision resources/samples/plan.json --vault fleet.fieldkey --out kit',
    );
  return status;
}
