import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The built command line, as `npm run cli` starts it. */
const built = join(import.meta.dirname, '../../../out/main/cli.js');

export const cliPassphrase = 'correct horse battery';

export interface CliResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: string;
  /** Called with the running process, for tests that interrupt it. */
  readonly started?: (child: ChildProcess) => void;
}

/** Runs the built command line in a process of its own, with the test passphrase unless `env` says otherwise. */
export function runBuilt(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  if (!existsSync(built)) throw new Error(`${built} is missing: run "npm run build" first ("npm test" does)`);
  const env = { ...process.env, FIELDKEY_PASSPHRASE: cliPassphrase, INIT_CWD: undefined, ...options.env };
  const child = spawn(process.execPath, [built, ...args], { env, stdio: ['pipe', 'pipe', 'pipe'] });
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
