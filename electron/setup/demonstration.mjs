// The main job on a machine without a screen: a vault, an authority and a kit from the sample plan, by the command line.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from './places.mjs';
import { runNode24 } from './run.mjs';
import { Failure, say } from './say.mjs';

/** Runs the main job on resources/samples/plan.json in a new temporary folder, which is kept; returns the exit status. */
export async function demonstrate() {
  const folder = mkdtempSync(path.join(tmpdir(), 'fieldkey-'));
  const vault = path.join(folder, 'sample.fieldkey');
  const kit = path.join(folder, 'kit');
  const plan = path.join(root, 'resources', 'samples', 'plan.json');
  const env = { FIELDKEY_PASSPHRASE: process.env.FIELDKEY_PASSPHRASE || randomBytes(18).toString('base64url') };
  const step = async (number, what, args) => {
    process.stdout.write(`\n${number}. ${what}\n   fieldkey ${args.join(' ')}\n\n`);
    const { status } = await runNode24(path.join(root, 'out/main/cli.js'), args, { env, output: 'own' });
    if (status !== 0)
      throw new Failure(
        `Step ${number} (${what}) failed with status ${status}; its message is above.`,
        `look at ${folder}, or run the line above yourself with \`npm run -s cli --\`.`,
        status,
      );
  };
  say('Running the main job through the command line instead, on the sample plan.');
  try {
    await step(1, 'Create a vault and an authority, issue the broker and every device, write the kit', [
      'provision',
      plan,
      '--vault',
      vault,
      '--out',
      kit,
    ]);
    await step(2, 'The same plan again: nothing is issued twice', ['provision', plan, '--vault', vault, '--out', kit]);
    await step(3, 'What the vault holds now', ['list', '--vault', vault]);
  } catch (error) {
    if (readdirSync(folder).length === 0) rmSync(folder, { recursive: true });
    throw error;
  }
  process.stdout.write(`\nDone. The kit is in ${kit}; its broker/README.txt says how to use it.\n`);
  if (!process.env.FIELDKEY_PASSPHRASE)
    process.stdout.write(
      'The vault beside it has a random passphrase that was not kept. Delete the folder when you have looked at it.\n',
    );
  return 0;
}
