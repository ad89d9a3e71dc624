import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { storeTargets } from '../../electron/jobs/testing/fuzz-store.ts';
import { testerTargets } from '../../electron/jobs/testing/fuzz-tester.ts';
import { type FuzzReport, fuzz, pkiTargets, slowest } from '../../electron/pki/testing/fuzz.ts';

/**
 * `npm run -s fuzz -- --count 200000 [--seed 1]`: ends with 1 and shows the inputs when anything but a typed error came out.
 * The inputs are read in a thread that is ended when one of them does not end by itself; `--stuck-at N` proves that.
 */
interface Work {
  readonly count: number;
  readonly seed: number;
  readonly stuckAt: number;
  /** For files that are read from a disk. */
  readonly folder: string;
  /** The number of the input at hand. */
  readonly at: SharedArrayBuffer;
}

if (isMainThread) process.exitCode = await watch();
else await work(workerData as Work);

async function work({ count, seed, stuckAt, at, folder }: Work): Promise<void> {
  const number = new Int32Array(at);
  const report = await fuzz(
    [...(await pkiTargets()), ...(await storeTargets(folder)), ...testerTargets(join(folder, 'tester'))],
    count,
    seed,
    (done) => parentPort?.postMessage({ done }),
    (input) => {
      Atomics.store(number, 0, input);
      while (input === stuckAt);
    },
  );
  parentPort?.postMessage({ report });
}

async function watch(): Promise<number> {
  const option = { type: 'string' } as const;
  const { values } = parseArgs({ options: { count: option, seed: option, 'stuck-at': option } });
  const count = Number(values.count ?? 20_000);
  const seed = Number(values.seed ?? Math.floor(Date.now() / 1000));
  if (!Number.isSafeInteger(count) || count < 1 || !Number.isSafeInteger(seed)) {
    console.error('usage: npm run -s fuzz -- [--count N] [--seed N]');
    return 2;
  }
  const start = performance.now();
  const at = new SharedArrayBuffer(4);
  const folder = mkdtempSync(join(tmpdir(), 'fieldkey-fuzz-'));
  const data: Work = { count, seed, stuckAt: Number(values['stuck-at'] ?? -1), at, folder };
  const worker = new Worker(new URL(import.meta.url), { workerData: data });
  const report = await watched(worker, new Int32Array(at), count).finally(() => rmSync(folder, { recursive: true, force: true }));
  if (typeof report === 'number') {
    console.log(`input ${report} of seed ${seed} was not read within ${(2 * slowest) / 1000} s; its thread was ended`);
    return 1;
  }
  const { outcomes, failures, longest, memory } = report;
  for (const [outcome, times] of Object.entries(outcomes).toSorted()) console.log(`${String(times).padStart(8)}  ${outcome}`);
  const took = ((performance.now() - start) / 1000).toFixed(0);
  console.log(
    `${count} mutations in ${took} s with seed ${seed}: ${failures.length} failures, longest ${longest.toFixed(0)} ms, memory +${memory.toFixed(0)} MB`,
  );
  for (const { target, number, error, input } of failures.slice(0, 20))
    console.log(`\n${target}, number ${number}: ${error}\n${input}`);
  return failures.length === 0 ? 0 : 1;
}

/** The report, or the number of the input that did not end. */
function watched(worker: Worker, at: Int32Array, count: number): Promise<FuzzReport | number> {
  return new Promise((resolve, reject) => {
    let last = -1;
    let since = performance.now();
    const timer = setInterval(() => {
      const now = Atomics.load(at, 0);
      if (now !== last) [last, since] = [now, performance.now()];
      else if (performance.now() - since > 2 * slowest) end(() => resolve(now));
    }, 500);
    const end = (how: () => void) => {
      clearInterval(timer);
      void worker.terminate().then(how);
    };
    worker.on('message', ({ report, done }: { report?: FuzzReport; done?: number }) => {
      if (report) end(() => resolve(report));
      else if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${count}`);
    });
    worker.on('error', (error) => end(() => reject(error)));
  });
}
