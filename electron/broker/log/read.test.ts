import { appendFile, copyFile, mkdtemp, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { standardLogLimits } from '../../../shared/model/broker-log.ts';
import { readLogs } from './read.ts';
import { reportOf } from './report.ts';
import { watchLog } from './watch.ts';

const start = 1_790_000_000;
const visit = (second: number, client: string) => [
  `${start + second}: New connection from 10.0.0.1:1000 on port 8883.`,
  `${start + second}: New client connected from 10.0.0.1:1000 as ${client} (p2, c1, k60, u'${client}').`,
];
const text = (...lines: string[][]) => `${lines.flat().join('\n')}\n`;

let folder = '';
const at = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fieldkey-log-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const clients = (read: Awaited<ReturnType<typeof readLogs>>) =>
  reportOf(read.analysis, standardLogLimits, read).clients.map(({ client }) => client);

describe('reading files', () => {
  it('in the order of what they tell, each once, plain and compressed', async () => {
    await writeFile(at('mosquitto.log'), text(visit(300, 'c')));
    await writeFile(at('mosquitto.log.1'), text(visit(200, 'b')));
    // two members, as `cat a.gz b.gz` makes them (RFC 1952 §2.2)
    const packed = Buffer.concat([gzipSync(text(visit(0, 'a'))), gzipSync(text(visit(100, 'a2')))]);
    await writeFile(at('mosquitto.log.2.gz'), packed);
    const names = ['mosquitto.log', 'mosquitto.log.2.gz', 'mosquitto.log.1', 'mosquitto.log'];
    const read = await readLogs(names.map(at));
    expect(read.files).toEqual(['mosquitto.log.2.gz', 'mosquitto.log.1', 'mosquitto.log'].map(at));
    expect(clients(read)).toEqual(['a', 'a2', 'b', 'c']);
    expect(read.analysis.lines).toBe(8);
  });

  it('tells how far it is, and stops when it is told to', async () => {
    await writeFile(at('long.log'), text(...Array.from({ length: 20_000 }, (_, n) => visit(n, `m${n % 7}`))));
    const seen: number[] = [];
    await readLogs([at('long.log')], {}, { onProgress: ({ done }) => seen.push(done) });
    expect(seen.at(-1)).toBe((await stat(at('long.log'))).size);
    const stop = new AbortController();
    const stopped = readLogs([at('long.log')], {}, { signal: stop.signal, onProgress: () => stop.abort() });
    await expect(stopped).rejects.toMatchObject({ code: 'JOB_CANCELLED' });
  });

  it('says why a file cannot be read', async () => {
    await expect(readLogs([at('nothing.log')])).rejects.toMatchObject({ code: 'LOG_NOT_READABLE', params: { reason: 'ENOENT' } });
    await expect(readLogs([folder])).rejects.toMatchObject({ code: 'LOG_NOT_READABLE', params: { reason: 'EISDIR' } });
    await writeFile(
      at('cut.gz'),
      gzipSync(text(...Array.from({ length: 9_000 }, (_, n) => visit(n, `m${n}`)))).subarray(0, 20_000),
    );
    await expect(readLogs([at('cut.gz')])).rejects.toMatchObject({ code: 'LOG_NOT_READABLE', params: { reason: 'Z_BUF_ERROR' } });
  });

  it('finds nothing in what is no log, and says so', async () => {
    await writeFile(at('empty.log'), '');
    await writeFile(at('noise.log'), Buffer.from(Array.from({ length: 100_000 }, (_, n) => (n * 7919) & 255)));
    const { analysis } = await readLogs([at('empty.log'), at('noise.log')]);
    expect(analysis.totals).toEqual({ connected: 0, refused: 0, denied: 0, silent: 0 });
    expect(analysis.cells.merged(10)).toBeNull();
  });

  it('passes over what an archive says of a bomb: memory stays where it is', async () => {
    // 100 MB in one line
    await writeFile(at('bomb.gz'), gzipSync(Buffer.alloc(100_000_000, 120)));
    const before = process.memoryUsage().rss;
    const { analysis } = await readLogs([at('bomb.gz')]);
    expect(analysis.overlong).toBe(1);
    expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000);
  });
});

describe('watching a file', () => {
  const watched = async (name: string) => {
    const watch = await watchLog(at(name), { onNews: () => undefined });
    const now = () =>
      reportOf(watch.analysis, standardLogLimits, { files: [], bytes: watch.bytes }).clients.map(({ client }) => client);
    return { watch, now };
  };

  it('reads what is added, a line only when it is whole', async () => {
    await writeFile(at('live.log'), text(visit(0, 'a')));
    const { watch, now } = await watched('live.log');
    expect(now()).toEqual(['a']);
    const more = text(visit(1, 'b'));
    await appendFile(at('live.log'), more.slice(0, -9));
    await watch.look();
    expect(now()).toEqual(['a']);
    await appendFile(at('live.log'), more.slice(-9));
    await watch.look();
    expect(now()).toEqual(['a', 'b']);
    await watch.stop();
  });

  it('goes on in the new file after a rotation, and loses nothing of the old one', async () => {
    await writeFile(at('turn.log'), text(visit(0, 'a')));
    const { watch, now } = await watched('turn.log');
    // the broker still writes into the old file for a moment
    await rename(at('turn.log'), at('turn.log.1'));
    await appendFile(at('turn.log.1'), text(visit(1, 'b')));
    await expect(watch.look()).rejects.toMatchObject({ code: 'ENOENT' });
    await writeFile(at('turn.log'), text(visit(2, 'c')));
    await watch.look();
    expect(now()).toEqual(['a', 'b', 'c']);
    expect(watch.bytes).toBe((await stat(at('turn.log.1'))).size + (await stat(at('turn.log'))).size);
    await watch.stop();
  });

  it('goes on after copytruncate', async () => {
    await writeFile(at('cut.log'), text(visit(0, 'a'), visit(1, 'b')));
    const { watch, now } = await watched('cut.log');
    await copyFile(at('cut.log'), at('cut.log.1'));
    await truncate(at('cut.log'));
    await watch.look();
    await appendFile(at('cut.log'), text(visit(2, 'c')));
    await watch.look();
    expect(now()).toEqual(['a', 'b', 'c']);
    await watch.stop();
  });

  it('looks by itself', async () => {
    await writeFile(at('self.log'), text(visit(0, 'a')));
    const news = Promise.withResolvers<void>();
    const watch = await watchLog(at('self.log'), { onNews: () => news.resolve() });
    await appendFile(at('self.log'), text(visit(1, 'b')));
    await news.promise;
    expect(watch.analysis.clients.size).toBe(2);
    await watch.stop();
  });

  it('cannot follow what is not there or compressed', async () => {
    await expect(watchLog(at('never.log'), { onNews: () => undefined })).rejects.toMatchObject({ code: 'LOG_NOT_READABLE' });
    await writeFile(at('packed.gz'), gzipSync('x'));
    await expect(watchLog(at('packed.gz'), { onNews: () => undefined })).rejects.toMatchObject({
      code: 'LOG_NOT_READABLE',
      params: { reason: 'gzip' },
    });
  });
});
