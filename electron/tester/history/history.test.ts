import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { unpackMessages } from '../../../shared/model/packed-messages.ts';
import { everything } from '../../../shared/model/recording.ts';
import { type Lab, openLab } from '../testing/lab.ts';
import { type LocalTester, localTester } from '../testing/local-tester.ts';
import type { HistoryCalls } from './calls.ts';
import { Recorder } from './recorder.ts';

/** Recording and replaying with the broker that the product's own kit makes. */
const patient = { timeout: 30_000, interval: 20 };
const topic = 'lab/energy/meter-001';
let lab: Lab;
let tester: LocalTester;
let folder: string;
let count = 0;

beforeAll(async () => {
  lab = await openLab({}, { conf: (text) => text.replace('max_queued_messages 1000', 'max_queued_messages 100000') });
});
afterAll(() => lab?.close());
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fieldkey-history-'));
  tester = localTester({ backOff: [200] });
  await tester.history('open', { folder, key: new Uint8Array(32).fill(5) });
});
afterEach(async () => {
  await tester.closeAll();
  await tester.history('close', { ended: 'locked' });
  rmSync(folder, { recursive: true, force: true });
});

async function connect(who: string): Promise<string> {
  const connectionId = `${who}-${++count}-connection`;
  const identity = lab.identity(who);
  await tester.call('connect', { connectionId, host: '127.0.0.1', port: lab.port, identity, reconnects: who === 'observer' });
  return connectionId;
}

const start = (connectionId: string) =>
  tester.history('start', { connectionId, projectId: 1, by: { kind: 'observer', name: '' }, host: '127.0.0.1', port: lab.port });

async function all(recordingId: string) {
  const { packed } = await tester.history('messages', { recordingId, searchId: null, from: 0, count: 5_000 });
  return unpackMessages(packed);
}

it('arbitrary bytes that a real broker delivers are stored, exported and replayed as they were', async () => {
  const observer = await connect('observer');
  await tester.call('subscribe', { connectionId: observer, filter: 'lab/energy/#', qos: 1 });
  const meter = await connect('meter-001');
  const payloads: Uint8Array[] = fc.sample(fc.uint8Array({ maxLength: 2_000 }), 150);
  // every byte, what looks like text and is none, nothing, what a spreadsheet would run, a large one
  payloads.push(
    Uint8Array.from({ length: 256 }, (_, byte) => byte),
    Uint8Array.of(0xef, 0xbb, 0xbf),
    Uint8Array.of(0xc3),
    new Uint8Array(),
  );
  payloads.push(
    Buffer.from('=1+1'),
    Buffer.from('a,"b"\r\nc'),
    Uint8Array.of(0xfb, 0xef, 0xbe),
    new Uint8Array(300_000).fill(0xa5),
  );
  const properties = {
    contentType: 'application/x',
    correlationData: Uint8Array.of(0, 255),
    userProperties: [
      ['a', '1'],
      ['a', ''],
    ] as const,
  };
  const before = await start(observer);
  expect(before).toMatchObject({ messages: 0, missed: 0, ended: null });
  for (const [index, payload] of payloads.entries()) {
    const order = { connectionId: meter, topic, payload, qos: 1, retain: false } as const;
    await tester.call('publish', index % 2 ? { ...order, properties } : order);
  }
  const { recordingId } = before;
  await expect.poll(async () => (await all(recordingId)).length, patient).toBe(payloads.length);
  const state = await tester.history('stop', { connectionId: observer, ended: 'stopped' });
  expect(state).toMatchObject({ messages: payloads.length, missed: 0, removed: 0, ended: 'stopped' });

  const stored = await all(recordingId);
  const bytes = (each: { payload: Uint8Array }) => Buffer.from(each.payload).toString('hex');
  const sent = payloads.map((payload) => Buffer.from(payload).toString('hex'));
  expect(stored.map(bytes)).toEqual(sent);
  expect(stored.map((each) => each.properties ?? null)).toEqual(payloads.map((_, index) => (index % 2 ? properties : null)));

  const exported = async (format: 'ndjson' | 'csv') => {
    const file = join(folder, `out.${format}`);
    const written = await tester.history('export', { jobId: `export-${format}`, recordingId, query: everything, format, file });
    expect(written).toEqual({ file, messages: payloads.length, unreadable: 0 });
    return readFileSync(file, 'utf8');
  };
  const lines = (await exported('ndjson'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map(({ payload }) => Buffer.from(payload, 'base64').toString('hex'))).toEqual(sent);
  expect(lines[1]).toMatchObject({
    topic,
    qos: 1,
    direction: 'in',
    properties: { contentType: 'application/x', correlationData: { base64: 'AP8=' } },
  });
  const rows = readCsv((await exported('csv')).replace(/^\uFEFF/, ''));
  expect(rows[0]).toEqual(['seq', 'at', 'direction', 'topic', 'qos', 'retain', 'reasonCode', 'text', 'payload', 'properties']);
  expect(rows.slice(1).map((row) => Buffer.from(row[8] as string, 'base64').toString('hex'))).toEqual(sent);
  expect(rows.flat().filter((field) => /^[=@]/.test(field))).toEqual([]);

  // the device is what may write there; the observer hears it all again
  const heard = tester.messages(observer).length;
  const order = {
    jobId: 'replay-1',
    recordingId,
    query: everything,
    connectionId: meter,
    speed: 0,
    prefix: '',
    retain: false,
  } as const;
  expect(await tester.history('replay', order)).toEqual({ published: payloads.length, refused: [], unreadable: 0 });
  await expect.poll(() => tester.messages(observer).length - heard, patient).toBe(payloads.length);
  const again = tester.messages(observer).slice(heard);
  expect(again.map(bytes)).toEqual(sent);
  expect(again.map((each) => each.properties ?? null)).toEqual(stored.map((each) => each.properties ?? null));
});

it('keeps the times when it replays, tells what the broker refuses, and stops at once', async () => {
  const observer = await connect('observer');
  await tester.call('subscribe', { connectionId: observer, filter: 'lab/energy/#', qos: 1 });
  const meter = await connect('meter-001');
  const { recordingId } = await start(observer);
  const publish = (text: string) =>
    tester.call('publish', { connectionId: meter, topic, payload: Buffer.from(text), qos: 1, retain: false });
  for (const text of ['one', 'two', 'three']) {
    await publish(text);
    await new Promise((resolve) => setTimeout(resolve, 400));
  }
  await tester.history('stop', { connectionId: observer, ended: 'stopped' });
  const recorded = (await all(recordingId)).map(({ at }) => at);
  const spans = (times: number[]) => times.map((at) => at - (times[0] as number));
  const replayed = async (speed: 1 | 2, jobId: string) => {
    const [heard, sent] = [tester.messages(observer).length, tester.messages(meter).length];
    await tester.history('replay', {
      jobId,
      recordingId,
      query: everything,
      connectionId: meter,
      speed,
      prefix: '',
      retain: false,
    });
    await expect.poll(() => tester.messages(observer).length - heard, patient).toBe(3);
    // when they went out: a busy machine hears them later, each by another while
    return spans(
      tester
        .messages(meter)
        .slice(sent)
        .map(({ at }) => at),
    );
  };
  const [, , original] = spans(recorded) as [number, number, number];
  const [, , same] = (await replayed(1, 'replay-same')) as [number, number, number];
  const [, , twice] = (await replayed(2, 'replay-twice')) as [number, number, number];
  // never sooner; later only as far as a busy machine is late
  expect(same).toBeGreaterThanOrEqual(original - 20);
  expect(twice).toBeGreaterThanOrEqual(original / 2 - 20);
  expect(twice).toBeLessThan(same);

  // a topic that this device may not write: MQTT 5 says so
  const elsewhere = {
    jobId: 'replay-no',
    recordingId,
    query: everything,
    connectionId: meter,
    speed: 0,
    prefix: 'test/',
    retain: false,
  } as const;
  expect(await tester.history('replay', elsewhere)).toEqual({
    published: 0,
    refused: [{ reasonCode: 135, count: 3 }],
    unreadable: 0,
  });

  const slow = tester.history('replay', { ...elsewhere, jobId: 'replay-stop', prefix: '', speed: 1 });
  const cancelled = expect(slow).rejects.toMatchObject({ code: 'JOB_CANCELLED' });
  await expect.poll(() => tester.history('cancel', { jobId: 'replay-stop' }), patient).toBe(true);
  await cancelled;
  const gone = { ...elsewhere, jobId: 'replay-gone', connectionId: 'nobody-there' };
  await expect(tester.history('replay', gone)).rejects.toMatchObject({ code: 'CONNECTION_NOT_OPEN' });
});

it('marks where the connection was lost, ends with it, and gives nothing away once the vault is locked', async () => {
  const observer = await connect('observer');
  await tester.call('subscribe', { connectionId: observer, filter: 'lab/energy/#', qos: 1 });
  const { recordingId } = await start(observer);
  await lab.restart();
  await expect.poll(() => tester.phases(observer).at(-1), patient).toBe('connected');
  const live = await tester.history('live', undefined);
  expect(live).toMatchObject([{ connectionId: observer, recordingId }]);
  await tester.call('disconnect', { connectionId: observer });
  await expect.poll(() => tester.recordings.at(-1), patient).toMatchObject({ recordingId, ended: 'closed' });
  const { marks, recording } = await tester.history('show', { recordingId });
  expect(marks.map(({ kind }) => kind)).toEqual(['lost', 'connected', 'closed', 'stopped']);
  expect(recording).toMatchObject({ ended: 'closed', unreadable: false });

  const second = await connect('observer');
  await start(second);
  await tester.history('close', { ended: 'locked' });
  expect(tester.recordings.at(-1)).toMatchObject({ connectionId: second, ended: 'locked' });
  const calls: [keyof HistoryCalls, unknown][] = [
    ['list', { projectId: 1 }],
    ['show', { recordingId }],
    ['messages', { recordingId, searchId: null, from: 0, count: 1 }],
    ['search', { recordingId, query: everything, searchId: null }],
    ['start', { connectionId: second, projectId: 1, by: { kind: 'observer', name: '' }, host: 'h', port: 1 }],
  ];
  for (const [call, input] of calls) {
    await expect(tester.history(call, input as never), call).rejects.toMatchObject({ code: 'VAULT_LOCKED' });
  }
  await tester.history('open', { folder, key: new Uint8Array(32).fill(5) });
  const { recordings } = await tester.history('list', { projectId: 1 });
  expect(recordings.map(({ ended }) => ended).sort()).toEqual(['closed', 'locked']);
});

it('goes on behind the lock without the key of the others, and is read again with it', async () => {
  const observer = await connect('observer');
  await tester.call('subscribe', { connectionId: observer, filter: 'lab/energy/#', qos: 1 });
  const meter = await connect('meter-001');
  const publish = (text: string) =>
    tester.call('publish', { connectionId: meter, topic, payload: Buffer.from(text), qos: 1, retain: false });
  const earlier = await start(meter);
  await publish('1');
  await tester.history('stop', { connectionId: meter, ended: 'stopped' });
  await expect.poll(() => tester.messages(observer).length, patient).toBe(1);
  const { recordingId } = await start(observer);
  await publish('2');
  await expect.poll(() => tester.recordings.at(-1), patient).toMatchObject({ recordingId, messages: 1 });

  await tester.history('lock', undefined);
  const locked = { code: 'VAULT_LOCKED' };
  for (const id of [recordingId, earlier.recordingId]) {
    await expect(all(id)).rejects.toMatchObject(locked);
    await expect(tester.history('show', { recordingId: id })).rejects.toMatchObject(locked);
    const search = { recordingId: id, query: everything, searchId: null };
    await expect(tester.history('search', search)).rejects.toMatchObject(locked);
    const job = { jobId: 'job', recordingId: id, query: everything, format: 'ndjson', file: join(folder, 'out') } as const;
    await expect(tester.history('export', job)).rejects.toMatchObject(locked);
    const replayed = { ...job, connectionId: meter, speed: 0, prefix: '', retain: false } as const;
    await expect(tester.history('replay', replayed)).rejects.toMatchObject(locked);
  }
  await expect(tester.history('list', { projectId: 1 })).rejects.toMatchObject(locked);
  await expect(start(meter)).rejects.toMatchObject(locked);
  await publish('3');
  await expect.poll(() => tester.recordings.at(-1), patient).toMatchObject({ recordingId, messages: 2, ended: null });

  await tester.history('open', { folder, key: new Uint8Array(32).fill(5) });
  expect(await tester.history('live', undefined)).toMatchObject([{ recordingId, ended: null }]);
  await publish('4');
  await expect
    .poll(async () => (await all(recordingId)).map(({ payload }) => `${Buffer.from(payload)}`), patient)
    .toEqual(['2', '3', '4']);
  expect((await all(earlier.recordingId)).length).toBe(1);

  // another vault in its place: what was recorded for the one before has ended
  await tester.history('lock', undefined);
  await tester.history('open', { folder, key: new Uint8Array(32).fill(6) });
  expect(tester.recordings.at(-1)).toMatchObject({ recordingId, ended: 'closed', messages: 3 });
  await expect(all(recordingId)).rejects.toMatchObject({ code: 'RECORDING_UNREADABLE' });
});

it('ends behind the lock when it is stopped there, and the key is not needed for it', async () => {
  const observer = await connect('observer');
  const { recordingId } = await start(observer);
  await tester.history('lock', undefined);
  await tester.call('disconnect', { connectionId: observer });
  await expect.poll(() => tester.recordings.at(-1), patient).toMatchObject({ recordingId, ended: 'closed' });
  expect(await tester.history('live', undefined)).toEqual([]);
  await tester.history('open', { folder, key: new Uint8Array(32).fill(5) });
  const { recordings } = await tester.history('list', { projectId: 1 });
  expect(recordings).toMatchObject([{ recordingId, ended: 'closed', unreadable: false }]);
});

it('records nothing on a connection whose end was told while the recording began', async () => {
  const observer = await connect('observer');
  await tester.call('disconnect', { connectionId: observer });
  const state = await start(observer);
  expect(state).toMatchObject({ messages: 0, ended: 'closed' });
  expect(await tester.history('live', undefined)).toEqual([]);
  const { recordings } = await tester.history('list', { projectId: 1 });
  expect(recordings).toMatchObject([{ recordingId: state.recordingId, ended: 'closed' }]);
  await expect.poll(() => tester.recordings.at(-1), patient).toMatchObject({ recordingId: state.recordingId, ended: 'closed' });
});

it('ends a replay when the vault is locked: nothing more goes out, and it says how much has', async () => {
  const observer = await connect('observer');
  await tester.call('subscribe', { connectionId: observer, filter: 'lab/energy/#', qos: 1 });
  const meter = await connect('meter-001');
  const { recordingId } = await start(observer);
  // more than are read at once, so that the next ones are being read when the key is forgotten
  const total = 1_200;
  await Promise.all(
    Array.from({ length: total }, (_, index) =>
      tester.call('publish', { connectionId: meter, topic, payload: Buffer.from(`${index}`), qos: 1, retain: false }),
    ),
  );
  await expect.poll(() => tester.messages(observer).length, patient).toBe(total);
  await tester.history('stop', { connectionId: observer, ended: 'stopped' });
  const order = { recordingId, query: everything, connectionId: meter, speed: 0, prefix: '', retain: false } as const;
  const published = () => tester.messages(meter).length - total;
  const locked = async (jobId: string, when: () => boolean) => {
    const replaying = tester.history('replay', { ...order, jobId }).then(
      () => 'came to its end',
      (error: unknown) => error,
    );
    await expect.poll(when, patient).toBe(true);
    await tester.history('close', { ended: 'locked' });
    return (await replaying) as { params: { done: number } };
  };

  // at once, before anything was read; and in the middle, while messages wait for their acknowledgement
  const early = await locked('replay-early', () => true);
  expect(early).toMatchObject({ code: 'JOB_CANCELLED' });
  await tester.history('open', { folder, key: new Uint8Array(32).fill(5) });
  await expect.poll(published, patient).toBe(early.params.done);
  const middle = await locked('replay-middle', () => published() > early.params.done);
  expect(middle).toMatchObject({ code: 'JOB_CANCELLED' });
  expect(middle.params.done).toBeLessThan(total);
  const done = early.params.done + middle.params.done;
  await expect.poll(published, patient).toBe(done);
  // who has the connection goes on, the recording does not
  await tester.call('publish', { connectionId: meter, topic, payload: Buffer.from('mine'), qos: 1, retain: false });
  await expect.poll(() => tester.messages(observer).at(-1)?.payload, patient).toEqual(new Uint8Array(Buffer.from('mine')));
  await expect.poll(published, patient).toBe(done + 1);

  // a search that had not come to its end is no empty recording
  await tester.history('open', { folder, key: new Uint8Array(32).fill(5) });
  const search = { ...order, jobId: 'replay-search', query: { ...everything, text: 'nothing like this' } };
  const searching = tester.history('replay', search).then(
    () => 'came to its end',
    (error: unknown) => error,
  );
  await tester.history('close', { ended: 'locked' });
  expect(await searching).toMatchObject({ code: 'JOB_CANCELLED' });

  // unlocked, it can be played again, from its beginning
  await tester.history('open', { folder, key: new Uint8Array(32).fill(5) });
  expect(await tester.history('replay', { ...order, jobId: 'replay-again' })).toEqual({
    published: total,
    refused: [],
    unreadable: 0,
  });
});

it('counts what comes faster than it is stored instead of keeping it waiting for ever', () => {
  const posted: unknown[] = [];
  const recorder = new Recorder('c', (message) => posted.push(message), 10_000);
  const message = {
    at: 1,
    direction: 'in',
    topic: 't',
    payload: new Uint8Array(6_000),
    qos: 0,
    retain: false,
    reasonCode: null,
  } as const;
  for (let index = 0; index < 5; index++) {
    recorder.add(message);
    recorder.flush();
  }
  recorder.appended(12_000);
  recorder.add(message);
  recorder.flush();
  const blocks = posted.filter((each) => (each as { block: unknown }).block !== null);
  const missed = posted.reduce((sum: number, each) => sum + (each as { missed: number }).missed, 0);
  expect([blocks.length, missed]).toEqual([3, 3]);
});

/** RFC 4180. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  for (const line of text.matchAll(/((?:"(?:[^"]|"")*",?)+)\r\n/g)) {
    rows.push([...(line[1] as string).matchAll(/"((?:[^"]|"")*)"/g)].map(([, field]) => (field as string).replaceAll('""', '"')));
  }
  return rows;
}
