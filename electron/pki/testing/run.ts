import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a tool said: its exit status as yes or no, and everything it printed. */
export interface Verdict {
  readonly ok: boolean;
  readonly output: string;
}

const packages: Readonly<Record<string, string>> = {
  openssl: 'openssl',
  certtool: 'gnutls-bin',
  certutil: 'libnss3-tools',
  crlutil: 'libnss3-tools',
  pk12util: 'libnss3-tools',
  keytool: 'default-jre-headless',
};

/** Runs a tool without a shell. A missing tool is an error that names the Debian package, never a skipped test. */
export function run(tool: string, args: readonly string[], input?: string): Promise<Verdict> {
  return new Promise((resolve, reject) => {
    const child = execFile(tool, args, { maxBuffer: 64 * 1024 * 1024, timeout: 60_000 }, (error, stdout, stderr) => {
      if (error !== null && error.code === 'ENOENT')
        reject(new Error(`${tool} is missing: apt-get install ${packages[tool] ?? tool}`));
      else resolve({ ok: error === null, output: `${stdout}${stderr}` });
    });
    // a tool that ends before it has read everything is no failure of ours
    child.stdin?.on('error', () => {});
    child.stdin?.end(input ?? '');
  });
}

/** Gives a folder that exists only while `use` runs. */
export async function inScratchFolder<T>(use: (file: (name: string) => string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'fieldkey-judge-'));
  try {
    return await use((name) => join(folder, name));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
