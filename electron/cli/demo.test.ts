import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { wrapped } from './commands/demo.ts';
import { type CliOptions, runBuilt } from './testing/run-built.ts';

const long = 120_000;
let temporary: string;

beforeAll(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'fieldkey-demo-built-'));
});
afterAll(() => rm(temporary, { recursive: true }));

/** In a temporary folder of its own, and without the test's passphrase: a demonstration asks for none. */
function demo(args: readonly string[], { folder = temporary, ...options }: CliOptions & { folder?: string } = {}) {
  const env = { FIELDKEY_PASSPHRASE: undefined, TMPDIR: folder, TEMP: folder, TMP: folder };
  return runBuilt(['demo', ...args], { env, realCost: true, ...options });
}

/** Interrupts the process once, when its output has a certain word. */
function interruptAt(word: string, signal: NodeJS.Signals) {
  return (child: ChildProcess) => {
    let text = '';
    const look = (part: Buffer) => {
      text += part.toString();
      if (!text.includes(word)) return;
      child.stdout?.off('data', look);
      child.kill(signal);
    };
    child.stdout?.on('data', look);
  };
}

it('says what held, within 80 columns, and leaves nothing', { timeout: long }, async () => {
  const { status, stdout, stderr } = await demo(['--seconds', '1']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/\nAll 20 checks held, in \d+\.\d s\.\n$/);
  expect(stdout.match(/^ {2}held /gm)).toHaveLength(20);
  for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  expect(await readdir(temporary)).toEqual([]);
});

it('gives programs one document', { timeout: long }, async () => {
  const { status, stdout, stderr } = await demo(['--seconds', '2', '--json']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const document = JSON.parse(stdout);
  expect(document).toMatchObject({ ok: true, cancelled: false, held: 20, failed: 0, skipped: 0 });
  expect(document.seconds).toBeGreaterThan(2);
  const readings = document.checks.find(({ id }: { id: string }) => id === 'readings');
  expect(readings).toMatchObject({ outcome: 'held', facts: { seconds: 2, dropped: 0 } });
  expect(readings.facts.meters.map(({ meter }: { meter: string }) => meter)).toEqual(['meter-001', 'meter-002', 'meter-003']);
  expect(stdout).not.toContain('PRIVATE KEY');
});

it('ends with 8 when a check did not hold', { timeout: long }, async () => {
  const nowhere = join(temporary, 'nowhere');
  const { status, stdout } = await demo(['--seconds', '1'], { folder: nowhere });
  expect(status).toBe(8);
  expect(stdout).toContain('FAILED');
  expect(stdout.replace(/\s+/g, ' ')).toContain(`no folder can be made in ${nowhere} (ENOENT)`);
  expect(stdout).toMatch(/Of 20 checks 1 held, 1 failed, 18 could not be tried/);
  const json = await demo(['--json'], { folder: nowhere });
  expect(json.status).toBe(8);
  expect(JSON.parse(json.stdout)).toMatchObject({ ok: false, cancelled: false, failed: 1, skipped: 18 });
});

it('ends with 6 on Ctrl-C, and on a request to end, and leaves nothing', { timeout: long }, async () => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const { status, stdout, stderr } = await demo(['--seconds', '3600'], { started: interruptAt('The observer', signal) });
    expect({ status, stderr }).toEqual({ status: 6, stderr: '' });
    expect(stdout).toMatch(/Cancelled after 5 of 20 checks; everything was removed\.\n$/);
    expect(await readdir(temporary)).toEqual([]);
  }
});

it('refuses a time that is none', async () => {
  for (const wrong of ['0', '3601', 'x', '1.5']) {
    expect(await demo(['--seconds', wrong])).toMatchObject({ status: 2, stdout: '' });
  }
});

it('breaks lines at spaces only', () => {
  expect(wrapped('one two three', 7)).toEqual(['one two', 'three']);
  expect(wrapped('a-word-that-is-too-long it is', 8)).toEqual(['a-word-that-is-too-long', 'it is']);
});
