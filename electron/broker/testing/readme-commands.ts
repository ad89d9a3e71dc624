import { execFile } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface ReadmeBlock {
  readonly title: string;
  readonly commands: readonly string[];
}

/** Every run of command lines of a README (indented by four spaces), with the title above it. */
export function readmeBlocks(readme: string): ReadmeBlock[] {
  const blocks: { title: string; commands: string[] }[] = [];
  const lines = readme.split('\n');
  let title = '';
  lines.forEach((line, index) => {
    if (/^[-=]{3,}$/.test(line)) title = lines[index - 1] ?? '';
    if (!line.startsWith('    ')) return;
    if (lines[index - 1]?.startsWith('    ')) blocks.at(-1)?.commands.push(line.slice(4));
    else blocks.push({ title, commands: [line.slice(4)] });
  });
  return blocks;
}

/** The lines that install the broker's files by hand, as a script for `sh -eu`. */
export function readmeCommands(readme: string): string {
  const block = readmeBlocks(readme).find(({ title }) => title.endsWith(': install the files'));
  if (!block) throw new Error('the README has no lines that install the files');
  return `${block.commands.join('\n')}\n`;
}

/** Files can only be given to another user by root. */
export const canChown = process.getuid?.() === 0;

let warned = false;

function warnOnce(): void {
  if (!warned)
    console.warn('not root: install runs without -o and -g; owners and the broker’s user are not tested (run the tests as root)');
  warned = true;
}

/**
 * Runs `script` with `sh -eu` in `folder`. As root, verbatim. Otherwise `install` is replaced by one that leaves out
 * `-o` and `-g`, so that a developer still sees the rest run: owners and the broker's user are then *not* judged, which is
 * printed, and on a build machine it is an error.
 */
export async function runAsReadmeSays(script: string, folder: string, scratch: string): Promise<void> {
  const env = { ...process.env };
  if (!canChown) {
    if (process.env.CI) throw new Error('this test gives files to the user mosquitto and must run as root in CI');
    warnOnce();
    const bin = join(scratch, 'bin-without-owners');
    await mkdir(bin, { recursive: true });
    const shim = [
      '#!/bin/sh',
      'n=$#',
      'while [ "$n" -gt 0 ]; do',
      '  a=$1; shift; n=$((n - 1))',
      '  case $a in -o|-g) shift; n=$((n - 1)) ;; *) set -- "$@" "$a" ;; esac',
      'done',
      'exec /usr/bin/install "$@"',
      '',
    ].join('\n');
    await writeFile(join(bin, 'install'), shim);
    await chmod(join(bin, 'install'), 0o755);
    env.PATH = `${bin}:${env.PATH ?? ''}`;
  }
  await run('sh', ['-eu', '-c', script], { cwd: folder, env });
}
