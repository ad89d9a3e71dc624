import { hasDisplay, startVirtualDisplay } from '../fixtures/display.ts';

/** A screen for the windows of a benchmark: the one that is there, or a virtual one for as long as `work` runs. */
export async function* withDisplay<T>(work: () => AsyncGenerator<T>): AsyncGenerator<T> {
  const server = hasDisplay ? null : await startVirtualDisplay();
  try {
    yield* work();
  } finally {
    server?.kill();
  }
}
