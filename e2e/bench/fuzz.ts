import { parseArgs } from 'node:util';
import { fuzz } from '../../electron/pki/testing/fuzz.ts';

/** `npm run -s fuzz -- --count 200000 [--seed 1]`: ends with 1 and shows the inputs when anything but a typed error came out. */
const { values } = parseArgs({ options: { count: { type: 'string' }, seed: { type: 'string' } } });
const count = Number(values.count ?? 20_000);
const seed = Number(values.seed ?? Math.floor(Date.now() / 1000));
if (!Number.isSafeInteger(count) || count < 1 || !Number.isSafeInteger(seed)) {
  console.error('usage: npm run -s fuzz -- [--count N] [--seed N]');
  process.exit(2);
}
const start = performance.now();
const report = await fuzz(count, seed, (done) => {
  if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${count}`);
});
const { outcomes, failures, longest, memory } = report;
for (const [outcome, times] of Object.entries(outcomes).toSorted()) console.log(`${String(times).padStart(8)}  ${outcome}`);
const took = ((performance.now() - start) / 1000).toFixed(0);
console.log(
  `${count} mutations in ${took} s with seed ${seed}: ${failures.length} failures, longest ${longest.toFixed(0)} ms, memory +${memory.toFixed(0)} MB`,
);
for (const { target, number, error, input } of failures.slice(0, 20))
  console.log(`\n${target}, number ${number}: ${error}\n${input}`);
process.exit(failures.length === 0 ? 0 : 1);
