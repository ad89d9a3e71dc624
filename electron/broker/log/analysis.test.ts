import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LogLimits, standardLogLimits } from '../../../shared/model/broker-log.ts';
import { LogAnalysis } from './analysis.ts';
import { LineCutter } from './lines.ts';
import { reportOf } from './report.ts';

/** The beginning of a minute. */
const start = 1_790_000_040;
const source = { files: [], bytes: 0 };

function analyse(lines: readonly string[], limits: LogLimits = standardLogLimits, limit?: number) {
  const analysis = new LogAnalysis(limit === undefined ? {} : { limit });
  const cutter = new LineCutter(analysis);
  cutter.push(Buffer.from(lines.join('\n')));
  cutter.end();
  return reportOf(analysis, limits, source);
}

const opened = (second: number, address: string, port = 1_000) =>
  `${start + second}: New connection from ${address}:${port} on port 8883.`;
const connected = (second: number, address: string, client: string, port = 1_000) =>
  `${start + second}: New client connected from ${address}:${port} as ${client} (p2, c1, k60, u'${client}').`;
const comes = (second: number, address: string, client: string) => [opened(second, address), connected(second, address, client)];
const refused = (second: number, address: string, port = 1_000) => [
  opened(second, address, port),
  `${start + second}: OpenSSL Error[0]: error:0A000086:SSL routines::certificate verify failed`,
  `${start + second}: Client <unknown> disconnected: Protocol error.`,
];
const kinds = (report: ReturnType<typeof analyse>) => report.findings.map(({ kind }) => kind);

describe('who was refused', () => {
  it('gives a refusal without address to the connection that is open', () => {
    const { addresses } = analyse(refused(0, '10.0.0.1'));
    expect(addresses).toMatchObject([{ address: '10.0.0.1', refused: 1, guessed: 0, causes: { certificate: 1 } }]);
  });

  it('says that it guesses when several are open', () => {
    const [, ...rest] = refused(1, '10.0.0.2');
    const { addresses } = analyse([opened(0, '10.0.0.1', 1), opened(1, '10.0.0.2', 2), ...rest]);
    expect(addresses.find(({ refused }) => refused > 0)).toMatchObject({ address: '10.0.0.1', guessed: 1 });
  });

  it('believes a line that names its address, whoever else is open', () => {
    const failed = `${start + 2}: Client connection from 10.0.0.3 failed: error:0A00010B:SSL routines::wrong version number.`;
    const report = analyse([opened(0, '10.0.0.1', 1), opened(1, '10.0.0.2', 2), failed]);
    const told = report.addresses.filter(({ refused }) => refused > 0);
    expect(told).toMatchObject([{ address: '10.0.0.3', refused: 1, guessed: 0, causes: { 'not-tls': 1 } }]);
    expect(report.totals.refused).toBe(1);
  });

  it('counts a refusal once when the connection was told of before the line that names it', () => {
    const failed = `${start + 1}: Client connection from 10.0.0.1 failed: error:0A0000C7:SSL routines::peer did not return a certificate.`;
    const after = connected(2, '10.0.0.2', 'm2', 2);
    const report = analyse([opened(0, '10.0.0.1', 1), failed, opened(2, '10.0.0.2', 2), after]);
    expect(report.addresses.find(({ address }) => address === '10.0.0.1')).toMatchObject({ refused: 1, guessed: 0 });
    expect(report.addresses.find(({ address }) => address === '10.0.0.2')).toMatchObject({ refused: 0 });
  });

  it('does not guess when all that are open are of one address', () => {
    const [, ...rest] = refused(1, '10.0.0.1');
    const { addresses } = analyse([opened(0, '10.0.0.1', 1), opened(1, '10.0.0.1', 2), ...rest]);
    expect(addresses).toMatchObject([{ refused: 1, guessed: 0 }]);
  });

  it('takes one that has been idle for long for idle, not for refused', () => {
    const { addresses } = analyse([opened(0, '10.0.0.66', 1), ...refused(100, '10.0.0.1')]);
    expect(addresses.find(({ refused }) => refused > 0)).toMatchObject({ address: '10.0.0.1', guessed: 0 });
  });

  it('does not take the end of a known connection for a refusal', () => {
    const report = analyse([
      ...comes(0, '10.0.0.1', 'm1'),
      `${start}: OpenSSL Error[0]: error:0A000126:SSL routines::unexpected eof while reading`,
      `${start}: Client m1 closed its connection.`,
    ]);
    expect(report.totals).toEqual({ connected: 1, refused: 0, denied: 0, silent: 0, starts: 0 });
    expect(report.clients).toMatchObject([{ client: 'm1', online: false }]);
  });

  it('alarms above ten a minute of one address, and not at ten', () => {
    const burst = (count: number) => Array.from({ length: count }, (_, i) => refused(i * 5, '10.0.0.1', i)).flat();
    expect(kinds(analyse(burst(10)))).toEqual(['address-refused']);
    expect(analyse(burst(11)).findings).toMatchObject([{ kind: 'address-failures', severity: 'alarm', count: 11, peak: 11 }]);
    // twelve a minute, over two minutes of the clock
    expect(kinds(analyse(burst(30)))).toEqual(['address-failures']);
    expect(analyse(burst(30)).addresses[0]?.peak).toBe(12);
    expect(kinds(analyse(burst(30), { failuresPerMinute: 12, networks: [] }))).toEqual(['address-refused']);
  });

  it('is content with one that was refused and let in later', () => {
    expect(kinds(analyse([...refused(0, '10.0.0.1'), ...comes(9, '10.0.0.1', 'm1')]))).toEqual([]);
  });

  it('does not alarm for probes that say nothing', () => {
    const probe = (second: number) => [opened(second, '10.0.0.9'), `${start + second}: Client <unknown> closed its connection.`];
    const report = analyse(Array.from({ length: 20 }, (_, i) => probe(i)).flat());
    expect(report.findings).toMatchObject([{ kind: 'probe', severity: 'note', count: 20, address: '10.0.0.9' }]);
    expect(report.totals.refused).toBe(0);
  });
});

describe('everybody is refused', () => {
  const morning = [1, 2, 3, 4].flatMap((n) => comes(n, `10.0.0.${n}`, `m${n}`));
  const evening = [1, 2, 3, 4, 1, 2].flatMap((n, i) => refused(1_000 + i * 90, `10.0.0.${n}`, i));

  it('from a moment on', () => {
    const [first] = analyse([...morning, `${start + 990}: Reloading config.`, ...evening]).findings;
    expect(first).toMatchObject({ kind: 'everyone-refused', severity: 'alarm', count: 6, ongoing: true });
    expect(first?.first).toBe((start + 1_000) * 1_000);
    expect(first?.detail).toEqual(['reload', '10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4']);
  });

  it('and let in again', () => {
    const { findings } = analyse([...morning, ...evening, ...comes(3_000, '10.0.0.1', 'm1')]);
    expect(findings.find(({ kind }) => kind === 'everyone-refused')).toMatchObject({ severity: 'warning', ongoing: false });
  });

  it('is not said of one stranger', () => {
    const stranger = Array.from({ length: 50 }, (_, i) => refused(1_000 + i, '10.9.9.9', i)).flat();
    expect(kinds(analyse([...morning, ...stranger]))).toEqual(['address-failures']);
  });
});

describe('what clients do', () => {
  const taken = (second: number, address: string) => [
    opened(second, address),
    `${start + second}: Client m1 already connected, closing old connection.`,
    connected(second, address, 'm1'),
  ];

  it('two that throw each other out', () => {
    const lines = [0, 1, 2, 3, 4].flatMap((i) => taken(i * 2, i % 2 === 0 ? '10.0.0.1' : '10.0.0.2'));
    const { findings } = analyse(lines);
    expect(findings).toMatchObject([
      { kind: 'same-identity', severity: 'alarm', client: 'm1', count: 5, detail: ['10.0.0.1', '10.0.0.2'] },
    ]);
    expect(kinds(analyse(taken(0, '10.0.0.1')))).toEqual([]);
  });

  it('the same as Mosquitto 2.1 tells it', () => {
    const lines = [0, 1, 2, 3].flatMap((i) => [
      opened(i, '10.0.0.1'),
      `${start + i}: Client m1 [10.0.0.2:999] disconnected: session taken over.`,
      connected(i, '10.0.0.1', 'm1'),
    ]);
    const { findings, clients } = analyse(lines);
    expect(findings).toMatchObject([{ kind: 'same-identity', count: 4 }]);
    expect(clients).toMatchObject([{ client: 'm1', online: true, takeovers: 4 }]);
  });

  it('what the access list denied, and of whom', () => {
    const deny = (topic: string) => `${start}: Denied PUBLISH from m1 (d0, q1, r0, m1, '${topic}', ... (1 bytes))`;
    const report = analyse([...comes(0, '10.0.0.1', 'm1'), deny('a/b'), deny('a/b'), deny('größe')]);
    expect(report.findings).toMatchObject([{ kind: 'denied', client: 'm1', count: 3, detail: ['a/b', 'größe'] }]);
    expect(report.debug).toBe(true);
    expect(analyse(comes(0, '10.0.0.1', 'm1')).debug).toBe(false);
  });

  it('who is connected at the end, and not after a start', () => {
    const lines = [...comes(0, '10.0.0.1', 'm1'), ...comes(0, '10.0.0.2', 'm2'), `${start}: Client m2 disconnected.`];
    const online = (report: ReturnType<typeof analyse>) =>
      report.clients.filter((each) => each.online).map(({ client }) => client);
    expect(online(analyse(lines))).toEqual(['m1']);
    expect(online(analyse([...lines, `${start}: mosquitto version 2.0.11 starting`]))).toEqual([]);
  });

  it('that a broker was started without having ended', () => {
    const begin = `${start}: mosquitto version 2.0.11 starting`;
    const end = `${start}: mosquitto version 2.0.11 terminating`;
    expect(kinds(analyse([begin, end, begin]))).toEqual(['restarts']);
    expect(kinds(analyse([begin, begin]))).toEqual(['crash', 'restarts']);
  });

  it('unexpected addresses, but never the broker’s own computer', () => {
    const lines = [
      ...comes(0, '192.168.100.7', 'm1'),
      ...comes(0, '192.168.101.7', 'm2'),
      ...comes(0, '127.0.0.1', 'me'),
      ...comes(0, 'fd00:1::7', 'm6'),
      ...comes(0, 'fd00:2::7', 'm7'),
    ];
    const { findings } = analyse(lines, { failuresPerMinute: 10, networks: ['192.168.100.0/24', 'fd00:1::/64'] });
    expect(findings.map(({ kind, address, detail }) => [kind, address, detail])).toEqual([
      ['unexpected-address', '192.168.101.7', ['m2']],
      ['unexpected-address', 'fd00:2::7', ['m7']],
    ]);
  });

  it('a spike beside what is usual, and what follows a start is none', () => {
    const minute = (n: number, count: number) =>
      Array.from({ length: count }, (_, i) => comes(n * 60 + (i % 60), `10.0.${i >> 8}.${i & 255}`, `m${i}`)).flat();
    const quiet = Array.from({ length: 30 }, (_, n) => minute(n, 5)).flat();
    const spike = [...quiet, ...minute(30, 100)];
    expect(analyse(spike).findings).toMatchObject([{ kind: 'spike', severity: 'alarm', count: 100, peak: 5 }]);
    const restart = [...quiet, `${start + 1_799}: mosquitto version 2.0.11 starting`, ...minute(30, 100)];
    expect(analyse(restart).findings).toMatchObject([{ kind: 'spike', severity: 'note', count: 100 }]);
  });
});

describe('memory stays bounded', () => {
  it('a million addresses and clients, and the one that matters is not forgotten', () => {
    const analysis = new LogAnalysis({ limit: 1_000 });
    for (let n = 0; n < 1_000_000; n++) {
      const address = `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`;
      for (const line of comes(n >> 8, address, `client-${n}`)) analysis.line(line, 0, line.length);
      if (n % 100 === 0) for (const line of refused(n >> 8, '192.168.1.1')) analysis.line(line, 0, line.length);
    }
    expect(analysis.addresses.size).toBeLessThanOrEqual(1_000);
    expect(analysis.clients.size).toBeLessThanOrEqual(1_000);
    const report = reportOf(analysis, standardLogLimits, source);
    expect(report.addresses[0]).toMatchObject({ address: '192.168.1.1', refused: 10_000 });
    expect(report.addresses.length + report.moreAddresses).toBe(1_000_001);
    expect(report.totals.connected).toBe(1_000_000);
  });

  it('a line without end is passed over and counted, and what follows is read', () => {
    const analysis = new LogAnalysis();
    const cutter = new LineCutter(analysis);
    const garbage = Buffer.alloc(1_000_000, 'x');
    for (let n = 0; n < 100; n++) cutter.push(garbage);
    cutter.push(Buffer.from(`\n${comes(0, '10.0.0.1', 'm1').join('\n')}\n`));
    expect(analysis.overlong).toBe(1);
    expect(analysis.lines).toBe(2);
    expect(analysis.totals.connected).toBe(1);
  });

  it('whatever bytes come, nothing is thrown', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), (bytes) => {
        const analysis = new LogAnalysis();
        const cutter = new LineCutter(analysis);
        cutter.push(Buffer.from(bytes));
        cutter.end();
        reportOf(analysis, standardLogLimits, source);
      }),
      { numRuns: 300 },
    );
  });

  it('times that cannot be true make no more cells', () => {
    const lines = ['10000000: x', '999999999999: mosquitto version 2.0.11 starting', `${start}: y`];
    const report = analyse([...comes(0, '10.0.0.1', 'm1'), ...lines, ...comes(9, '10.0.0.1', 'm1')]);
    expect(report.timeLine?.connected.length).toBeLessThanOrEqual(200);
    expect(report.timeLine?.connected.reduce((a, b) => a + b)).toBe(2);
  });
});

describe('wherever the pieces of a stream end', () => {
  const lines = [
    ...comes(0, '10.0.0.1', 'm1'),
    ...refused(1, '10.0.0.2'),
    `${start}: Client größe [10.0.0.2:1] disconnected.\r`,
    '',
    ...Array.from({ length: 15 }, (_, i) => refused(i, '10.0.0.3', i)).flat(),
    `${start + 90}: Denied PUBLISH from m1 (d0, q1, r0, m1, 'a/ü', ... (1 bytes))`,
  ];
  const bytes = Buffer.from(lines.join('\n'));
  const whole = analyse(lines);

  it('the analysis is the same', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 40 }), (ends) => {
        const analysis = new LogAnalysis();
        const cutter = new LineCutter(analysis);
        let from = 0;
        for (const end of [...ends.toSorted((a, b) => a - b), bytes.length]) {
          cutter.push(bytes.subarray(from, end));
          from = end;
        }
        cutter.end();
        expect(reportOf(analysis, standardLogLimits, source)).toEqual(whole);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the time line', () => {
  it('counts everything, however long the log is', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 400_000_000 }), { minLength: 1, maxLength: 200 }), (seconds) => {
        const report = analyse(seconds.flatMap((second) => comes(second, '10.0.0.1', 'm1')));
        const line = report.timeLine;
        expect(line?.connected.reduce((a, b) => a + b)).toBe(seconds.length);
        const first = (start + Math.min(...seconds)) * 1_000;
        const last = (start + Math.max(...seconds)) * 1_000;
        expect(line && line.start <= first && line.start + line.width * line.connected.length > last).toBe(true);
        // and in the right cell
        const counts = new Map<number, number>();
        for (const second of seconds) {
          const cell = Math.floor(((start + second) * 1_000 - (line?.start ?? 0)) / (line?.width ?? 1));
          counts.set(cell, (counts.get(cell) ?? 0) + 1);
        }
        for (const [cell, count] of counts) expect(line?.connected[cell]).toBe(count);
      }),
      { numRuns: 200 },
    );
  });

  it('only of a span, when asked', () => {
    const analysis = new LogAnalysis({ from: (start + 10) * 1_000, to: (start + 20) * 1_000 });
    for (const second of [5, 10, 15, 20]) for (const line of comes(second, '10.0.0.1', 'm1')) analysis.line(line, 0, line.length);
    expect(analysis.totals.connected).toBe(2);
  });
});
