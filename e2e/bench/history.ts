import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { encodeBlock, type Incoming } from '../../electron/tester/history/block.ts';
import type { FromHistory, HistoryCall, HistoryCalls, ToHistory } from '../../electron/tester/history/calls.ts';
import { serveHistory } from '../../electron/tester/history/service.ts';
import { everything, type RecordingQuery } from '../../shared/model/recording.ts';
import { type Figure, median, seconds } from './figure.ts';

const messages = 1_000_000;
/** As the recorder hands them over. */
const atOnce = 4_096;
const meters = 100;
const payloadBytes = 200;
const runs = 5;

/** A million recorded messages of 200 bytes: storing them (sealed), opening, searching; each against plain rows of SQLite. */
export async function* historyBench(): AsyncGenerator<Figure> {
  const folder = mkdtempSync(path.join(tmpdir(), 'fieldkey-history-bench-'));
  try {
    const plain = plainRows(path.join(folder, 'plain.db'));
    const plainInsert = messages / (await seconds(() => plain.insert()));
    const { recordingId, rate } = await record(folder);
    yield { name: 'history insert', value: rate, unit: 'messages/s', reference: plainInsert, against: 'plain rows of SQLite' };
    yield { name: 'history insert-goal', value: rate, unit: 'messages/s', reference: 20_000, against: 'the flood' };

    const opens: number[] = [];
    for (let run = 0; run < runs; run++) {
      opens.push(
        (await seconds(async () => {
          // nothing of it is in this program's memory
          const history = await opened(folder);
          await history.ask('list', { projectId: 1 });
          const { recording } = await history.ask('show', { recordingId });
          const page = await history.ask('messages', { recordingId, searchId: null, from: recording.messages - 200, count: 200 });
          if (recording.messages !== messages || page.seqs.at(-1) !== messages) throw new Error('not all of it is there');
          await history.ask('close', { ended: 'closed' });
        })) * 1_000,
      );
    }
    yield { name: 'history open', value: median(opens), unit: 'ms', reference: 1_000, against: 'goal' };

    const history = await opened(folder);
    const looks: readonly [name: string, query: Partial<RecordingQuery>, found: number, sql: string][] = [
      ['nowhere', { text: 'no such text' }, 0, 'no such text'],
      ['one message', { text: '"n":777777,' }, 1, '"n":777777,'],
      ['bytes', { text: '0x22 6e 22 3a 37 37 37 37 37 37 2c' }, 1, '"n":777777,'],
      // too short to leave blocks out by: everything is opened
      ['two characters', { text: 'zz' }, 0, 'zz'],
      ['one meter of a hundred', { topic: 'meter-042' }, messages / meters, ''],
    ];
    for (const [name, query, found, sql] of looks) {
      const times: number[] = [];
      const used: number[] = [];
      for (let run = 0; run < runs; run++) {
        const before = process.cpuUsage();
        times.push((await seconds(async () => assertFound(await complete(history, recordingId, query), found))) * 1_000);
        const { user, system } = process.cpuUsage(before);
        used.push((user + system) / 1_000);
      }
      const reference = (await seconds(() => plain.count(sql))) * 1_000;
      yield { name: `history search (${name})`, value: median(times), unit: 'ms', reference, against: 'plain rows of SQLite' };
      yield { name: `history search-goal (${name})`, value: median(times), unit: 'ms', reference: 200, against: 'goal' };
      // what is left of it on a machine that does nothing else
      yield { name: `history search-processor (${name})`, value: median(used), unit: 'ms', reference: 200, against: 'goal' };
    }
    const first: number[] = [];
    for (let run = 0; run < runs; run++)
      first.push(
        (await seconds(async () => {
          const query = { ...everything, text: 'power' };
          const { searchId } = await history.ask('search', { recordingId, query, searchId: null });
          const { seqs } = await history.ask('messages', { recordingId, searchId, from: 0, count: 200 });
          if (seqs.length !== 200) throw new Error('the first page is not there');
        })) * 1_000,
      );
    yield { name: 'history search (in all, first page)', value: median(first), unit: 'ms', reference: 200, against: 'goal' };
    await history.ask('close', { ended: 'closed' });
    plain.close();
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

interface History {
  ask<N extends HistoryCall>(call: N, input: HistoryCalls[N]['input']): Promise<HistoryCalls[N]['output']>;
  append(batch: readonly Incoming[]): Promise<void>;
}

/** The recordings as the thread of the tester's process serves them. */
async function opened(folder: string): Promise<History> {
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: unknown) => void }>();
  let appended: () => void = () => undefined;
  let next = 1;
  const take: (message: ToHistory) => void = serveHistory((message: FromHistory) => {
    if (message.kind === 'appended') appended();
    if (message.kind !== 'answer') return;
    const one = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.ok) one?.resolve(message.value as never);
    else one?.reject(new Error(JSON.stringify(message.error)));
  });
  const history: History = {
    ask: (call, input) =>
      new Promise((resolve, reject) => {
        const id = next++;
        waiting.set(id, { resolve: resolve as (value: never) => void, reject });
        take({ kind: 'call', id, call, input });
      }),
    append: (batch) =>
      new Promise((resolve) => {
        appended = resolve;
        take({ kind: 'append', connectionId: 'bench', block: encodeBlock(batch), missed: 0 });
      }),
  };
  await history.ask('open', { folder, key: new Uint8Array(32).fill(9) });
  return history;
}

async function record(folder: string): Promise<{ recordingId: string; rate: number }> {
  const history = await opened(folder);
  await history.ask('budget', { projectId: 1, budget: { bytes: null, days: null } });
  const order = {
    connectionId: 'bench',
    projectId: 1,
    by: { kind: 'observer', name: '' },
    host: 'localhost',
    port: 8883,
  } as const;
  const { recordingId } = await history.ask('start', order);
  const spent = await seconds(async () => {
    for (const batch of batches()) await history.append(batch);
    await history.ask('close', { ended: 'closed' });
  });
  return { recordingId, rate: messages / spent };
}

function plainRows(file: string) {
  const database = new Sqlite(file);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = NORMAL');
  database.exec(
    'CREATE TABLE message (id INTEGER PRIMARY KEY, at REAL, direction INTEGER, topic TEXT, qos INTEGER, payload BLOB)',
  );
  const insert = database.prepare('INSERT INTO message (at, direction, topic, qos, payload) VALUES (?, ?, ?, ?, ?)');
  const store = database.transaction((batch: readonly Incoming[]) => {
    for (const { at, topic, qos, payload } of batch) insert.run(at, 0, topic, qos, payload);
  });
  const byText = database.prepare('SELECT count(*) AS found FROM message WHERE instr(payload, CAST(? AS BLOB)) > 0');
  const byTopic = database.prepare("SELECT count(*) AS found FROM message WHERE topic LIKE '%meter-042%'");
  return {
    insert: () => {
      for (const batch of batches()) store(batch);
    },
    count: (text: string) => (text === '' ? byTopic.get() : byText.get(text)),
    close: () => database.close(),
  };
}

/** The same messages each time: a reading a meter, as JSON of 200 bytes. */
function* batches(): Generator<Incoming[]> {
  const begin = Date.now() - messages;
  for (let from = 0; from < messages; from += atOnce) {
    yield Array.from({ length: Math.min(atOnce, messages - from) }, (_, index) => {
      const n = from + index;
      const text = `{"n":${n},"power":${(n * 7.3) % 4_000},"voltage":${230 + (n % 17) / 10},"unit":"W","pad":"`;
      return {
        at: begin + n,
        direction: 'in',
        topic: `bench/energy/meter-${String(n % meters).padStart(3, '0')}`,
        payload: Buffer.from(`${text}${'x'.repeat(payloadBytes - text.length - 2)}"}`),
        qos: 0,
        retain: false,
        reasonCode: null,
      };
    });
  }
}

async function complete(history: History, recordingId: string, query: Partial<RecordingQuery>): Promise<number> {
  let searchId: number | null = null;
  for (;;) {
    const progress: HistoryCalls['search']['output'] = await history.ask('search', {
      recordingId,
      query: { ...everything, ...query },
      searchId,
    });
    if (progress.done) return progress.found;
    searchId = progress.searchId;
  }
}

function assertFound(found: number, expected: number): void {
  if (found !== expected) throw new Error(`${found} messages found, not ${expected}`);
}
