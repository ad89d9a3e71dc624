import { resolve } from 'node:path';
import { CommanderError } from 'commander';
import { isErrorReport } from '../../shared/errors.ts';
import type { CommandContext } from './context.ts';
import { exitCodeOf, exitCodes } from './exit-codes.ts';
import { Output } from './output.ts';
import type { GlobalOptions } from './program/define.ts';
import { program } from './program/program.ts';

/**
 * Runs one command and gives its exit status (exit-codes.ts). The same use cases as the window's; only the words and
 * the asking are different.
 */
export async function runCli(args: readonly string[]): Promise<number> {
  let output = new Output(args.includes('--json'));
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  process.stdout.on('error', onPipeClosed);
  const context = (options: GlobalOptions): CommandContext => {
    output = new Output(options.json === true);
    return {
      output,
      vault: options.vault === '' ? '' : resolve(options.vault),
      operator: options.operator,
      clockIsRight: options.clockIsRight === true,
      signal: stop.signal,
      path: (file) => resolve(file),
    };
  };
  let status: number = exitCodes.done;
  try {
    await program(context, (code) => (status = code)).parseAsync([...args], { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return exitCodes.done;
      output.usage(error.message);
      return exitCodes.usage;
    }
    if (isErrorReport(error)) {
      output.error(error);
      return exitCodeOf(error.code);
    }
    output.error({ code: 'INTERNAL', params: { detail: error instanceof Error ? error.message : String(error) } });
    return exitCodes.unexpected;
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
    // whoever ends the process must not cut off what a slow reader has not taken yet
    await Promise.all([written(process.stdout), written(process.stderr)]);
    process.stdout.off('error', onPipeClosed);
  }
}

/** `fieldkey list | head` closes the pipe early: no error of ours, and the vault is still closed in order. */
function onPipeClosed(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

function written(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write('', () => resolve()));
}
