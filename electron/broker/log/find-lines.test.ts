import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findLines } from './find-lines.ts';

let folder = '';
const file = () => join(folder, 'mosquitto.log');
const start = 1_790_000_000;
const lines = [
  `${start}: New connection from 10.0.0.1:1000 on port 8883.`,
  `${start}: OpenSSL Error[0]: error:0A000086:SSL routines::certificate verify failed`,
  `${start}: Client <unknown> disconnected: Protocol error.`,
  `${start + 5}: New connection from 10.0.0.12:1000 on port 8883.`,
  `${start + 5}: Client <unknown> closed its connection.`,
  `${start + 9}: New client connected from 10.0.0.12:1000 as größe-1 (p2, c1, k60, u'größe-1').`,
  `${start + 9}: Client größe-10 disconnected.`,
  `${start + 9}: Client größe-1 disconnected.`,
];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fieldkey-lines-'));
  await writeFile(file(), `${lines.join('\n')}\n`);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const texts = async (word: string, span: { from: number; to: number } | null = null) =>
  (await findLines([file()], word, span)).lines.map(({ text }) => text);
const messages = (...of: number[]) => of.map((index) => (lines[index] ?? '').slice(12));

it('finds an address, what followed its connection, and no longer one', async () => {
  expect(await texts('10.0.0.1')).toEqual(messages(0, 1, 2));
  expect(await texts('10.0.0.12')).toEqual(messages(3, 4, 5));
});

it('finds a name at the end of a sentence, and no longer one', async () => {
  expect(await texts('größe-1')).toEqual(messages(5, 7));
  expect(await texts('10.0.0')).toEqual([]);
});

it('keeps to the span', async () => {
  expect(await texts('10.0.0.12', { from: (start + 6) * 1_000, to: (start + 10) * 1_000 })).toEqual(messages(5));
});

it('gives the first few hundred of very many, in a moment', async () => {
  const many = join(folder, 'many.log');
  await writeFile(many, Array.from({ length: 200_000 }, (_, n) => `${start + n}: Client m${n % 100} disconnected.\n`).join(''));
  const before = performance.now();
  const found = await findLines([many], 'm7', null);
  expect(found.lines).toHaveLength(400);
  expect(found.more).toBe(true);
  expect((await findLines([many], 'nobody', null)).lines).toEqual([]);
  expect(performance.now() - before).toBeLessThan(5_000);
});
