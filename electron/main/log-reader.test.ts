import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { standardLogLimits } from '../../shared/model/broker-log.ts';
import { createLogReader } from './log-reader.ts';

let folder = '';
const at = (name: string) => join(folder, name);
const limits = { ...standardLogLimits, networks: [] };
const visit = (second: number, client: string) =>
  `${1_790_000_000 + second}: New connection from 10.0.0.1:1000 on port 8883.\n${1_790_000_000 + second}: New client connected from 10.0.0.1:1000 as ${client} (p2, c1, k60, u'${client}').\n`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fieldkey-reader-'));
  await writeFile(at('short.log'), visit(0, 'short'));
  await writeFile(at('long.log'), Array.from({ length: 60_000 }, (_, n) => visit(n, `m${n % 9}`)).join(''));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const read = (name: string, jobId = `job-${name}`) => ({ jobId, files: [at(name)], limits, span: null });

it('the log that was asked for last wins, whatever was under way', async () => {
  const reader = createLogReader(() => undefined);
  const cancelled = { status: 'rejected', reason: { code: 'JOB_CANCELLED' } };
  // all at once: which of the first two ends first is not settled
  expect(
    await Promise.allSettled([
      reader['log.read'](read('long.log', 'job-first')),
      reader['log.read'](read('long.log', 'job-second')),
      reader['log.read'](read('short.log')),
    ]),
  ).toMatchObject([cancelled, cancelled, { status: 'fulfilled', value: { clients: [{ client: 'short' }] } }]);
  expect((await reader['log.judge']({ limits }))?.files).toEqual([at('short.log')]);
});

it('a job that is cancelled leaves nothing', async () => {
  const reader = createLogReader(() => undefined);
  const reading = reader['log.read'](read('long.log'));
  const ended = expect(reading).rejects.toMatchObject({ code: 'JOB_CANCELLED' });
  await reader['log.cancel']({ jobId: 'job-long.log' });
  await ended;
  expect(await reader['log.judge']({ limits })).toBeNull();
});

it('judges what was read by other limits', async () => {
  const reader = createLogReader(() => undefined);
  expect((await reader['log.read'](read('short.log'))).findings).toEqual([]);
  const judged = await reader['log.judge']({ limits: { ...limits, networks: ['10.9.0.0/16'] } });
  expect(judged?.findings).toMatchObject([{ kind: 'unexpected-address', address: '10.0.0.1' }]);
});

it('tells of what is added to a watched log, until it is closed', async () => {
  const told = Promise.withResolvers<string[]>();
  const reader = createLogReader((name, payload) => {
    if (name === 'log.changed' && 'report' in payload) told.resolve(payload.report.clients.map(({ client }) => client));
  });
  const first = await reader['log.watch']({ jobId: 'job-watch', file: at('short.log'), limits });
  expect(first.clients).toHaveLength(1);
  await appendFile(at('short.log'), visit(5, 'another'));
  expect(await told.promise).toEqual(['another', 'short']);
  await reader['log.close'](undefined);
  expect(await reader['log.judge']({ limits })).toBeNull();
});
