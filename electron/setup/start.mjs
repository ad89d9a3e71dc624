// npm start [-- ARGUMENTS]: sets up what is missing and runs the app; without a screen, the demonstration.
import { demonstrate } from './demonstration.mjs';
import { sandboxHint } from './electron-runtime.mjs';
import { root } from './places.mjs';
import { ready } from './ready.mjs';
import { run } from './run.mjs';
import { main, say } from './say.mjs';
import { hasDisplay } from './system-packages.mjs';

await main(async () => {
  if (!hasDisplay) {
    say('There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window can open.');
    await ready('node', ['app']);
    return demonstrate();
  }
  const { electron } = await ready('app', ['app']);
  const hint = sandboxHint(electron);
  if (hint) say(hint);
  // Chromium refuses to run as root with its sandbox; only development does that.
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const { status } = await run(electron.executable, [root, ...asRoot, ...process.argv.slice(2)], {
    // File names on the command line mean files where the user stands.
    cwd: process.env.INIT_CWD ?? root,
    output: 'own',
  });
  return status;
});
