import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The built command line, as `npm run cli` starts it. */
const built = join(import.meta.dirname, '../../../out/main/cli.js');
const cheapDerivation = pathToFileURL(join(import.meta.dirname, 'cheap-derivation.mjs')).href;

export const cliPassphrase = 'correct horse battery';

/** Node's arguments before those of the command line. @param realCost see `CliOptions.realCost` */
export const builtCommand = (realCost = false): string[] => [...(realCost ? [] : ['--import', cheapDerivation]), built];

export interface CliResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: string;
  /** With the real cost of a passphrase; a vault made so cannot be opened without it, nor one made without it with it. */
  readonly realCost?: boolean;
  /** Called with the running process, for tests that interrupt it. */
  readonly started?: (child: ChildProcess) => void;
}

/**
 * Runs the built command line in a process of its own, with the test passphrase unless `env` says otherwise, and with a
 * derivation that costs nearly nothing (cheap-derivation.mjs).
 */
export function runBuilt(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  if (!existsSync(built)) throw new Error(`${built} is missing: run "npm run build" first ("npm test" does)`);
  const env = { ...process.env, FIELDKEY_PASSPHRASE: cliPassphrase, INIT_CWD: undefined, ...options.env };
  const child = spawn(process.execPath, [...builtCommand(options.realCost), ...args], {
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (part: Buffer) => {
    stdout += part.toString();
  });
  child.stderr.on('data', (part: Buffer) => {
    stderr += part.toString();
  });
  child.stdin.end(options.input ?? '');
  options.started?.(child);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, stdout, stderr }));
  });
}
