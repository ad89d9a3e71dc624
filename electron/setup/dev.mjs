// npm run dev: the app with live reload of the page.
import { commandOf } from './places.mjs';
import { ready } from './ready.mjs';
import { runNode24 } from './run.mjs';
import { main } from './say.mjs';

await main(async () => {
  const { electron } = await ready('app');
  const asRoot = process.getuid?.() === 0 ? ['--noSandbox'] : [];
  const { status } = await runNode24(commandOf('electron-vite'), ['dev', ...asRoot, ...process.argv.slice(2)], {
    env: { ELECTRON_EXEC_PATH: electron.executable },
    output: 'own',
  });
  return status;
});
