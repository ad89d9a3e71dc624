import module from 'node:module';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app } from 'electron';
import { startWindowApp } from './window-app.ts';

performance.mark('fieldkey:main');
// newer than the oldest runtime we start on
(module as { enableCompileCache?: () => void }).enableCompileCache?.();

const mainFolder = dirname(fileURLToPath(import.meta.url));
// Chromium's own switches (--no-sandbox, --user-data-dir=…) may stand before ours
const args = process.argv.slice(app.isPackaged ? 1 : 2);
const command = args.slice(args.findIndex((a) => !a.startsWith('-')));

/** The value of `--name VALUE` or `--name=VALUE` among our own arguments. */
function argument(name: string): string | null {
  const index = process.argv.findIndex((a) => a === `--${name}` || a.startsWith(`--${name}=`));
  if (index < 0) return null;
  const [, inline] = process.argv[index]?.split(/=(.*)/s) ?? [];
  return inline ?? process.argv[index + 1] ?? null;
}

if (command[0] === 'cli') {
  // a packaged program has no Node beside it: `fieldkey cli …` is the command line, before any window
  app.disableHardwareAcceleration();
  void import('../cli/run.ts').then(async ({ runCli }) => app.exit(await runCli(command.slice(1))));
} else {
  // absolute, because it is remembered: the next start may be in another folder
  const given = argument('vault');
  startWindowApp({ mainFolder, vaultFile: given === null ? null : resolve(given) });
}
