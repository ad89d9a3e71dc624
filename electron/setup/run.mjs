// Starting other programs.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { childEnvironment, node24, root } from './places.mjs';

/**
 * Runs a program and waits for it.
 * @param {string} program
 * @param {string[]} args
 * @param {{cwd?: string, env?: Record<string, string>, seconds?: number, output?: 'show' | 'own' | 'keep'}} [options]
 *   output: 'show' sends everything to stderr, 'own' hands over this terminal, 'keep' returns the text
 * @returns {Promise<{status: number, text: string, late: boolean}>} status as a shell reports it (128 + signal)
 */
export function run(program, args, { cwd = root, env = {}, seconds, output = 'show', shell = false } = {}) {
  const stdio = { show: ['ignore', 2, 2], own: 'inherit', keep: ['ignore', 'pipe', 'pipe'] }[output];
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: childEnvironment(env), stdio, shell, windowsHide: output !== 'own' });
    let text = '';
    let late = false;
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (part) => (text += part));
    const timer =
      seconds &&
      setTimeout(() => {
        late = true;
        child.kill('SIGKILL');
      }, seconds * 1000);
    // A terminal sends Ctrl+C to the child as well; set-up waits for it to end and reports its status.
    const forward = (signal) => child.kill(signal);
    const ignore = () => {};
    process.on('SIGTERM', forward);
    process.on('SIGINT', ignore);
    const settle = () => {
      clearTimeout(timer);
      process.off('SIGTERM', forward);
      process.off('SIGINT', ignore);
    };
    child.on('error', (error) => {
      settle();
      reject(error);
    });
    child.on('close', (code, signal) => {
      settle();
      resolve({ status: code ?? 128 + (constants.signals[signal] ?? 0), text, late });
    });
  });
}

/** Runs a script in Node 24. */
export function runNode24(script, args = [], options = {}) {
  return run(node24, [script, ...args], options);
}
