import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { everything, type RecordingQuery } from '../../../shared/model/recording.ts';
import { topicMatcher } from '../../../shared/rules/topic-search.ts';
import { decodeBlock, encodeBlock, type Incoming } from './block.ts';
import type { ToHistory, WrittenRecording } from './calls.ts';
import { writeRecording } from './export.ts';
import { finderOf } from './find-bytes.ts';
import { gramsOf, mayHave } from './grams.ts';
import type { RecordingFile } from './recording-file.ts';
import { needleOf, RecordingSearch, readMessages } from './search.ts';
import { RecordingStore } from './store.ts';
import { localHistory } from './testing/local-history.ts';

const key = Buffer.alloc(32, 7);
const day = 86_400_000;
const place = { projectId: 1, by: { kind: 'observer', name: '' }, host: 'localhost', port: 8883 } as const;
let folder: string;
let now = 1_700_000_000_000;
let store: RecordingStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fieldkey-recordings-'));
  now = 1_700_000_000_000;
  store = new RecordingStore(folder, key, () => now);
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const bytes = (maximum: number) => fc.uint8Array({ maxLength: maximum });
const properties = fc.record(
  {
    payloadFormat: fc.constantFrom(0 as const, 1 as const),
    messageExpiry: fc.nat(),
    contentType: fc.string(),
    responseTopic: fc.string(),
    correlationData: bytes(40),
    userProperties: fc.array(fc.tuple(fc.string(), fc.string()), { minLength: 1, maxLength: 4 }),
  },
  { requiredKeys: [] },
);
const message: fc.Arbitrary<Incoming> = fc
  .record({
    at: fc.integer({ min: 0, max: 4_000_000_000_000 }),
    direction: fc.constantFrom('in' as const, 'out' as const),
    topic: fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('lab/energy/meter-001', 'a\0b', '')),
    payload: bytes(300),
    qos: fc.constantFrom(0 as const, 1 as const, 2 as const),
    retain: fc.boolean(),
    reasonCode: fc.option(fc.nat({ max: 255 })),
    properties: fc.option(properties, { nil: undefined }),
  })
  .map(({ properties: some, ...rest }) => (some && Object.keys(some).length > 0 ? { ...rest, properties: some } : rest));

function written(
  from: RecordingStore,
  recordingId: string,
  file: string,
  query: RecordingQuery,
  progress: () => void = () => undefined,
): Promise<WrittenRecording> {
  const order = { query, format: 'ndjson', file, signal: new AbortController().signal, progress } as const;
  return from.use(recordingId, (recording) => writeRecording(recording, order));
}

function record(messages: readonly Incoming[], blockLength = 50): RecordingFile {
  const recording = store.create(place);
  for (let at = 0; at < messages.length; at += blockLength) recording.append(encodeBlock(messages.slice(at, at + blockLength)));
  return recording;
}

const text = (topic: string, payload: string, at = now): Incoming => ({
  at,
  direction: 'in',
  topic,
  payload: Uint8Array.from(Buffer.from(payload)),
  qos: 0,
  retain: false,
  reasonCode: null,
});

function searched(recording: RecordingFile, query: Partial<RecordingQuery>): number[] {
  const search = new RecordingSearch(recording, { ...everything, ...query });
  while (!search.done) search.step(1);
  return [...search.found];
}

describe('what is stored', () => {
  it('is read again as it was, whatever it is', () => {
    fc.assert(
      fc.property(fc.array(message, { minLength: 1, maxLength: 40 }), (messages) => {
        expect(decodeBlock(encodeBlock(messages))).toEqual(messages);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps messages and their places when one comes at a time and blocks become one', () => {
    fc.assert(
      fc.property(fc.array(message, { minLength: 300, maxLength: 400 }), (messages) => {
        const recording = record(messages, 1);
        // one block each would be hundreds
        expect(recording.blocks.length).toBeLessThan(45);
        const all = messages.map((_, index) => index + 1);
        expect(readMessages(recording, all)).toEqual(messages.map((each, index) => ({ seq: index + 1, message: each })));
        store.end(recording, 'stopped');
      }),
      { numRuns: 3 },
    );
  });

  it('shows nothing of what it holds, belongs to its owner only, and opens with its key only', () => {
    const recording = record([text('lab/energy/secret-meter', 'a payload that nobody else reads')]);
    store.rename(recording.recordingId, 'the name of it');
    const { recordingId, file } = recording;
    store.end(recording, 'stopped');
    for (const name of readdirSync(folder)) {
      const raw = readFileSync(join(folder, name));
      for (const word of ['secret-meter', 'nobody else', 'the name of it', 'localhost']) expect(raw.includes(word)).toBe(false);
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    }
    const other = new RecordingStore(folder, Buffer.alloc(32, 8), () => now);
    expect(() => other.get(recordingId)).toThrow(/RECORDING_UNREADABLE/);
    expect(other.list(1)).toMatchObject([{ recordingId, unreadable: true, bytes: statSync(file).size }]);
    other.close();
    expect(store.list(1)).toMatchObject([{ name: 'the name of it', messages: 1, ended: 'stopped', unreadable: false }]);
    expect(store.list(2)).toEqual([]);
  });

  it('tells what was changed in a file instead of showing it', async () => {
    const recording = record(Array.from({ length: 100 }, (_, index) => text(`t/${index}`, `value ${index}`)));
    const { recordingId, file } = recording;
    store.end(recording, 'stopped');
    const database = new Sqlite(file);
    const { body } = database.prepare('SELECT body FROM block WHERE first = 51').get() as { body: Buffer };
    body[body.length >> 1] = (body[body.length >> 1] as number) ^ 1;
    database.prepare('UPDATE block SET body = ? WHERE first = 51').run(body);
    database.close();
    const damaged = store.get(recordingId);
    const search = new RecordingSearch(damaged, { ...everything, text: 'value' });
    while (!search.done) search.step(1);
    expect(search.found).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
    expect(search.unreadable).toBe(50);
    expect(readMessages(damaged, [50, 51]).map(({ seq }) => seq)).toEqual([50]);
    for (const query of [everything, { ...everything, text: 'value' }]) {
      const target = join(folder, 'rest.ndjson');
      expect(await written(store, recordingId, target, query)).toEqual({ file: target, messages: 50, unreadable: 50 });
      expect(readFileSync(target, 'utf8').trim().split('\n')).toHaveLength(50);
    }
    writeFileSync(file, 'no database');
    expect(new RecordingStore(folder, key, () => now).list(1)).toMatchObject([{ unreadable: true }]);
  });

  it('keeps its rows where they were when some of them are damaged, and shows what can be found of a damaged file', async () => {
    const { recordingId, file } = record(Array.from({ length: 200 }, (_, index) => text(`t/${index}`, `value ${index}`)));
    store.close();
    const database = new Sqlite(file);
    database.prepare("UPDATE block SET head = x'00' WHERE first = 51").run();
    // this one cannot even be found any more
    database.prepare('UPDATE block SET count = 1000 WHERE first = 101').run();
    database.close();
    const port = localHistory();
    const answers: unknown[] = [];
    port.onMessage((message) => message.kind === 'answer' && answers.push(message.ok ? message.value : message.error));
    const ask = async (call: 'open' | 'messages' | 'search', input: object) => {
      const before = answers.length;
      port.post({ kind: 'call', id: before, call, input } as ToHistory, []);
      await expect.poll(() => answers.length).toBe(before + 1);
      return answers[before];
    };
    await ask('open', { folder, key: new Uint8Array(key) });
    const rows = [...Array.from({ length: 50 }, (_, index) => index), ...Array.from({ length: 50 }, (_, index) => 150 + index)];
    const page = { recordingId, searchId: null, from: 0, count: 1_000 };
    expect(await ask('messages', page)).toMatchObject({ count: 200, rows, seqs: rows.map((row) => row + 1) });
    const part = await ask('messages', { ...page, from: 140, count: 20 });
    expect(part).toMatchObject({ count: 20, rows: Array.from({ length: 10 }, (_, index) => 10 + index) });
    const query = { ...everything, text: 'value' };
    expect(await ask('search', { recordingId, query, searchId: null })).toMatchObject({
      found: 100,
      unreadable: 100,
      done: true,
    });
  });

  it('goes on being exported while it ends, and while others are read', async () => {
    const others = Array.from({ length: 5 }, () => record([text('t', 'another')]));
    for (const other of others) store.end(other, 'stopped');
    const recording = record(Array.from({ length: 5_000 }, (_, index) => text(`t/${index}`, `value ${index}`)));
    const target = join(folder, 'all.ndjson');
    const writing = written(store, recording.recordingId, target, everything, () => {
      if (recording.about.endedAt === null) store.end(recording, 'stopped');
      for (const { recordingId } of others) store.get(recordingId);
    });
    expect(await writing).toEqual({ file: target, messages: 5_000, unreadable: 0 });
    expect(recording.about.ended).toBe('stopped');
  });

  it('survives that its process is killed at any moment: what was committed is there, in order', async () => {
    for (let round = 0; round < 3; round++) {
      const child = spawn(process.execPath, [join(import.meta.dirname, 'testing/record-forever.ts'), folder], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let committed = 0;
      await new Promise<void>((resolve) => {
        child.stdout.on('data', (chunk: Buffer) => {
          for (const line of chunk.toString().trim().split('\n')) committed = Math.max(committed, Number(line) || 0);
          if (committed > 500 + round * 1_111) child.kill('SIGKILL');
        });
        child.on('exit', () => resolve());
      });
      const [latest] = store.list(1);
      expect(latest).toMatchObject({ ended: 'interrupted', unreadable: false });
      const { recordingId, messages } = latest as { recordingId: string; messages: number };
      expect(messages).toBeGreaterThanOrEqual(committed);
      const all = readMessages(
        store.get(recordingId),
        Array.from({ length: messages }, (_, index) => index + 1),
      );
      expect(all.map(({ message: each }) => Buffer.from(each.payload).toString())).toEqual(
        Array.from({ length: messages }, (_, index) => `message ${index + 1}`),
      );
      store.remove(recordingId);
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  it('stays as it is when the medium is full', () => {
    const recording = record([text('t', 'before')]);
    const { file, recordingId } = recording;
    // SQLite's own limit answers as a full disk does, at the same place
    recording.limitPages(20);
    const large = encodeBlock([{ ...text('t', ''), payload: new Uint8Array(1_000_000) }]);
    expect(() => recording.append(large)).toThrow(/full/);
    expect(recording.about.messages).toBe(1);
    store.end(recording, 'full', 'database or disk is full');
    expect(store.list(1)).toMatchObject([{ messages: 1, ended: 'full', reason: 'database or disk is full' }]);
    expect(readMessages(store.get(recordingId), [1])).toHaveLength(1);
    expect(statSync(file).size).toBeLessThan(1_000_000);
  });
});

describe('searching', () => {
  it('finds what looking at every message finds', () => {
    const words = fc.constantFrom('', 'lab', 'lab/+/b', 'lab/#', 'B', '#', 'é');
    const parts = fc.oneof(
      fc.constantFrom('', 'ab', 'a', '0x6162', '0xff', 'ba', 'é'),
      // longer than the runs by which blocks are left out
      fc.array(fc.constantFrom('61', '62'), { minLength: 5, maxLength: 9 }).map((bytes) => `0x${bytes.join('')}`),
    );
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            one: message,
            topic: fc.constantFrom('lab/a/b', 'lab/c/b', 'x', '$SYS/b', 'é/É'),
            payload: fc.oneof(
              fc.array(fc.constantFrom(0x61, 0x62, 0xff, 0xc3, 0xa9), { maxLength: 6 }),
              fc.array(fc.constantFrom(0x61, 0x62), { maxLength: 40 }),
            ),
          }),
          { minLength: 1, maxLength: 120 },
        ),
        fc.record({
          topic: words,
          text: parts,
          from: fc.option(fc.integer({ min: 0, max: 4_000_000_000_000 })),
          to: fc.option(fc.integer({ min: 0, max: 4_000_000_000_000 })),
          direction: fc.constantFrom(null, 'in' as const, 'out' as const),
        }),
        (given, query) => {
          const messages = given.map(({ one, topic, payload }) => ({ ...one, topic, payload: Uint8Array.from(payload) }));
          const recording = record(messages, 7);
          const expected = messages.flatMap((each, index) => {
            const { topic, text: part, from, to, direction } = query;
            const found =
              topicMatcher(topic)(each.topic) &&
              Buffer.from(each.payload).includes(needleOf(part)) &&
              (from === null || each.at >= from) &&
              (to === null || each.at < to) &&
              (direction === null || each.direction === direction);
            return found ? [index + 1] : [];
          });
          expect(searched(recording, query)).toEqual(expected);
          store.end(recording, 'stopped');
          store.remove(recording.recordingId);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('finds a run of bytes wherever it is, also where one of them is everywhere', () => {
    const few = fc.array(fc.constantFrom(1, 2, 3), { maxLength: 3_000 });
    fc.assert(
      fc.property(
        few,
        fc.array(fc.constantFrom(1, 2, 3), { minLength: 1, maxLength: 8 }),
        fc.nat({ max: 100 }),
        (all, some, from) => {
          const block = Buffer.from(all);
          const wanted = Buffer.from(some);
          const find = finderOf(block, wanted);
          for (let at = from; at >= 0 && at <= all.length; at = find(at) + 1 || -1)
            expect(find(at)).toBe(block.indexOf(wanted, at));
          if (block.includes(wanted)) expect(mayHave(gramsOf(block), wanted)).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
    // and it does leave blocks out
    const large = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 251));
    expect(mayHave(gramsOf(large), Buffer.from('no such text'))).toBe(false);
  });

  it('ends where the recording ended when it began, and looks at nothing twice while blocks become one', () => {
    const recording = record(
      Array.from({ length: 15 }, (_, index) => text('t', `${index}`)),
      1,
    );
    const search = new RecordingSearch(recording, everything);
    search.step(0);
    for (let index = 0; index < 40; index++) recording.append(encodeBlock([text('t', `later ${index}`)]));
    while (!search.done) search.step(0);
    expect(search.found).toEqual(Array.from({ length: 15 }, (_, index) => index + 1));
  });
});

describe('the budget', () => {
  const filled = (count: number, at = now) => {
    now = at;
    const recording = record(
      Array.from({ length: count }, (_, index) => ({ ...text('t', '', at), payload: new Uint8Array(10_000).fill(index) })),
      30,
    );
    return recording;
  };

  it('removes what is oldest first, says how much, and lets the disk have its room', () => {
    const oldest = filled(200);
    store.end(oldest, 'stopped');
    now += 1_000;
    const middle = filled(300);
    store.end(middle, 'stopped');
    now += 1_000;
    const live = filled(200);
    store.setBudget(1, { bytes: 4_000_000, days: null });
    const removed = store.enforce(1);
    const left = store.list(1);
    expect(left.map(({ recordingId }) => recordingId)).toEqual([live.recordingId, middle.recordingId]);
    expect(left.reduce((sum, { bytes: size }) => sum + size, 0)).toBeLessThanOrEqual(4_000_000);
    const [, cut] = left;
    expect(left.reduce((sum, { messages }) => sum + messages, 0) + removed).toBe(700);
    expect(cut?.removed).toBe(300 - (cut?.messages ?? 0));
    expect(store.budgetOf(1).removed).toEqual({ messages: removed, recordings: 1, at: now });
    expect(store.get(middle.recordingId).marks(10)).toContainEqual({ at: now, kind: 'removed', count: cut?.removed });
    // what is left keeps its places, and the newest is there
    expect(readMessages(store.get(middle.recordingId), [300])[0]?.message.payload[0]).toBe(299 % 256);
    expect(store.enforce(1)).toBe(0);
    store.end(live, 'stopped');
  });

  it('removes what is too old, of a recording that goes on as well', () => {
    const old = filled(60, now);
    store.end(old, 'stopped');
    const live = filled(60, now + day);
    now += 20 * day;
    live.append(encodeBlock([text('t', 'new')]));
    expect(store.enforce(1)).toBe(0);
    now += 25 * day;
    expect(store.enforce(1)).toBe(120);
    expect(store.list(1)).toMatchObject([{ recordingId: live.recordingId, messages: 1, removed: 60 }]);
    store.end(live, 'stopped');
  });

  it('holds behind the lock for what goes on, which is all that can be measured there; the others have their turn later', () => {
    const before = record(
      Array.from({ length: 60 }, (_, n) => text('t', `${n}`.padEnd(20_000))),
      5,
    );
    const wholly = before.about.messages;
    store.end(before, 'stopped');
    now += 1_000;
    store.setBudget(1, { bytes: 900_000, days: null });
    const going = store.create(place);
    store.lock();
    for (let n = 0; n < 60; n++) {
      going.append(encodeBlock([text('t', `${n}`.padEnd(30_000))]));
      store.enforce(1);
    }
    expect(going.about.messages).toBeLessThan(40);
    expect(going.about.messages + going.about.removed).toBe(60);
    expect(() => store.get(before.recordingId)).toThrow(expect.objectContaining({ code: 'VAULT_LOCKED' }));
    expect(store.unlock(Buffer.alloc(32, 8))).toBe(false);
    expect(store.unlock(key)).toBe(true);
    expect(store.describe(before.recordingId)).toMatchObject({ messages: wholly, unreadable: false });
    store.enforce(1);
    expect(store.list(1).reduce((sum, { bytes: each }) => sum + each, 0)).toBeLessThan(1_100_000);
    store.end(going, 'stopped');
  });

  it('is the default one, and that of a damaged note too', () => {
    expect(store.budgetOf(1).budget).toEqual({ bytes: 500_000_000, days: 30 });
    store.setBudget(1, { bytes: null, days: 7 });
    expect(store.budgetOf(1).budget).toEqual({ bytes: null, days: 7 });
    writeFileSync(join(folder, 'budget.json'), '{"1":{"budget":{"bytes":-1}}}');
    expect(store.budgetOf(1).budget).toEqual({ bytes: 500_000_000, days: 30 });
  });
});
