import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LogReport } from '../../../shared/model/broker-log.ts';
import { readLogs } from './read.ts';
import { reportOf } from './report.ts';
import { type ProvokedLog, provokeLog } from './testing/provoke.ts';

/**
 * Logs that a running Mosquitto wrote, of everything that one can be made to write. With FIELDKEY_MOSQUITTO_21 set to a Mosquitto 2.1,
 * that one's as well.
 */
const brokers: { name: string; binary?: string; since21?: boolean; timestamp?: string }[] = [
  { name: 'the installed one' },
  { name: 'the installed one, with the times of our kit', timestamp: '%Y-%m-%dT%H:%M:%S%z' },
];
if (process.env.FIELDKEY_MOSQUITTO_21)
  brokers.push({ name: 'Mosquitto 2.1', binary: process.env.FIELDKEY_MOSQUITTO_21, since21: true });

const limits = { failuresPerMinute: 10, networks: ['10.0.0.0/8'] };

describe.each(brokers)('what $name writes', ({ binary, since21, timestamp }) => {
  let folder = '';
  let log: ProvokedLog;
  let report: LogReport;
  const began = Date.now();
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fieldkey-provoke-'));
    log = await provokeLog(folder, { binary, ...(timestamp === undefined ? {} : { timestamp }) });
    const read = await readLogs([log.file]);
    report = reportOf(read.analysis, limits, read);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const lines = (what: RegExp) => log.text.split('\n').filter((line) => what.test(line)).length;

  it('is counted line by line as grep counts it', () => {
    expect(report.totals.connected).toBe(lines(/New client connected/));
    expect(report.totals.denied).toBe(lines(/Denied PUBLISH/));
    expect(report.totals.starts).toBe(1);
    expect(report.causes.certificate).toBe(lines(/certificate verify failed/));
    expect(report.causes['no-certificate']).toBe(1);
    expect(report.causes['broker-untrusted']).toBe(1);
    expect(report.causes['not-tls']).toBe(1);
    expect(report.causes.credentials).toBe(1);
    expect(report.causes.protocol).toBe(1);
    expect(report.causes.full).toBe(lines(/max_connections exceeded/));
    expect(report.causes.other).toBeUndefined();
    const all = Object.values(report.causes).reduce((sum, count) => sum + count, 0);
    expect(report.totals.refused).toBe(all);
  });

  it('has times that are those of now', () => {
    expect(report.zoneUnknown).toBe(false);
    expect(report.from).toBeGreaterThan(began - 5_000);
    expect(report.to).toBeLessThan(Date.now() + 5_000);
  });

  it('is understood: every kind that was provoked is found', () => {
    const found = (kind: string) => report.findings.filter((finding) => finding.kind === kind);
    expect(found('address-failures')).toMatchObject([{ address: '127.0.0.1', cause: 'certificate', severity: 'alarm' }]);
    expect(found('same-identity')).toMatchObject([{ client: 'meter-001', user: 'meter-001', count: 3 }]);
    expect(found('denied').map(({ client, detail }) => [client, detail])).toEqual(
      expect.arrayContaining([
        ['meter-001', ['lab/energy/meter-002']],
        ['danger', ['any']],
      ]),
    );
    expect(found('oversize')).toMatchObject([{ client: 'meter-001', count: 1 }]);
    expect(found('dropped')).toMatchObject([{ client: 'slow' }]);
    expect(found('dangerous-name')).toMatchObject([{ detail: ['a+b'] }]);
    expect(found('max-connections')).toHaveLength(1);
    // from this computer: never unexpected
    expect(found('unexpected-address')).toEqual([]);
    expect(found('crash')).toEqual([]);
    expect(report.clients.find(({ client }) => client === 'silent')?.timeouts).toBe(1);
    if (since21) expect(found('client-refused')).toMatchObject([{ client: 'guest' }]);
  });

  it('tells how often each client came, and that none is there at the end', () => {
    const meter = report.clients.find(({ client }) => client === 'meter-001');
    expect(meter).toMatchObject({ connected: lines(/New client connected .* as meter-001/), level: 5, addresses: ['127.0.0.1'] });
    expect(report.clients.filter(({ online }) => online)).toEqual([]);
  });

  it('is the same when it is compressed', async () => {
    await writeFile(`${log.file}.gz`, gzipSync(log.text));
    const packed = await readLogs([`${log.file}.gz`]);
    const { files: _one, bytes: _some, ...same } = reportOf(packed.analysis, limits, packed);
    const { files: _other, bytes: _more, ...plain } = report;
    expect(same).toEqual(plain);
  });
});
