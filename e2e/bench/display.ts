import { type ChildProcess, spawn } from 'node:child_process';

/** A screen for the windows of a benchmark: the one that is there, or a virtual one for as long as `work` runs. */
export async function* withDisplay<T>(work: () => AsyncGenerator<T>): AsyncGenerator<T> {
  const there = process.platform !== 'linux' || process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'];
  const server = there ? null : await startVirtual();
  try {
    yield* work();
  } finally {
    server?.kill();
  }
}

async function startVirtual(): Promise<ChildProcess> {
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const number = await new Promise<string>((resolve, reject) => {
    server.once('error', () => reject(new Error('there is no display and no Xvfb: apt-get install xvfb')));
    server.stdio[3]?.once('data', (text: Buffer) => resolve(text.toString().trim()));
  });
  process.env['DISPLAY'] = `:${number}`;
  return server;
}
