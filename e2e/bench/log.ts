import { execFile } from 'node:child_process';
import { link, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readLogs } from '../../electron/broker/log/read.ts';
import { reportOf } from '../../electron/broker/log/report.ts';
import { standardLogLimits } from '../../shared/model/broker-log.ts';
import { type Figure, median, seconds } from './figure.ts';
import { writeLog } from './log-lines.ts';

const run = promisify(execFile);
const size = 300e6;
const rounds = 3;

/**
 * A broker's log of 300 MB, three lines for each of 1.3 million connections: read and understood, against `grep -c` of one string in
 * the same file. And the memory of the whole process meanwhile: against the file, and with four such logs against one.
 */
export async function* logBench(): AsyncGenerator<Figure> {
  const folder = await mkdtemp(join(tmpdir(), 'fieldkey-bench-log-'));
  try {
    const file = join(folder, 'mosquitto.log');
    const written = await writeLog(file, size);
    const megabytes = (await stat(file)).size / 1e6;
    const read = async (files: readonly string[]) => {
      const { analysis, ...source } = await readLogs(files);
      const { totals } = reportOf(analysis, standardLogLimits, source);
      if (totals.connected !== written.connected * files.length) throw new Error('the log was not understood');
    };
    const [reading, searching]: [number[], number[]] = [[], []];
    let one = 0;
    for (let round = 0; round < rounds; round++) {
      searching.push(await seconds(() => run('grep', ['-c', 'New client connected', file])));
      one = Math.max(one, await memory(async () => reading.push(await seconds(() => read([file])))));
    }
    const [ours, theirs] = [median(reading), median(searching)];
    yield {
      name: 'log-read',
      value: megabytes / ours,
      unit: 'MB/s',
      reference: megabytes / theirs,
      against: 'grep -c over the same file',
    };
    yield { name: 'log-memory', value: one, unit: 'MB', reference: megabytes, against: 'the size of the log' };
    const names = ['a', 'b', 'c', 'd'].map((name) => join(folder, name));
    for (const name of names) await link(file, name);
    const four = await memory(() => read(names));
    yield { name: 'log-memory-flat', value: four, unit: 'MB', reference: one, against: 'one of the four logs' };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** How much memory this process has at most while something runs, MB. */
async function memory(work: () => Promise<unknown>): Promise<number> {
  let most = 0;
  const look = () => {
    most = Math.max(most, process.memoryUsage().rss);
  };
  const timer = setInterval(look, 20);
  await work();
  clearInterval(timer);
  look();
  return most / 1e6;
}
