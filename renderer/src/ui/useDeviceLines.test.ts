import { expect, test } from 'vitest';
import { type DeviceLines, readDeviceLines } from './device-lines.ts';
import { forgetLines, linesNow, readInBackground } from './useDeviceLines.ts';

const many = (count: number) => Array.from({ length: count }, (_, index) => `meter-${index}`).join('\n');
const inBackground = (text: string) => new Promise<DeviceLines>((resolve) => void readInBackground(text, 'device', resolve));

test.each([
  ['100,000 lines with a bad one and one twice', `${many(100_000)}\nb/c\nmeter-7\ndash-1 dashboard`],
  ['one line that stands for 100,000', 'm-{1..100000}\nm-5'],
  ['nothing', ''],
])('read in slices, a list is the same: %s', async (_name, text) => {
  expect(await inBackground(text)).toEqual(readDeviceLines(text, 'device'));
});

test('the window gets its turn while a long list is read', async () => {
  let longest = 0;
  let turns = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    turns += 1;
  }, 0);
  const read = await inBackground(many(250_000));
  clearInterval(timer);
  expect(read.count).toBe(250_000);
  expect(turns, `longest wait ${Math.round(longest)} ms`).toBeGreaterThan(5);
});

test('what was typed over is not read to its end', async () => {
  const done: number[] = [];
  const stop = readInBackground(many(50_000), 'device', ({ count }) => done.push(count));
  await new Promise((resolve) => setTimeout(resolve, 5));
  stop();
  done.push((await inBackground(many(60_000))).count);
  expect(done).toEqual([60_000]);
});

test('the list that was read last is not read again', async () => {
  const text = many(30_000);
  const read = await inBackground(text);
  expect(linesNow(text, 'device')).toBe(read);
  expect(linesNow(text, 'gateway')).not.toBe(read);
  forgetLines();
  expect(linesNow(text, 'device')).not.toBe(read);
});
