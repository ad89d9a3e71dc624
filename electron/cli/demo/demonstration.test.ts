import { appendFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import { Aedes } from 'aedes';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import type { PracticeCalls, PracticeChannel, ToPractice } from '../../broker/practice/channel.ts';
import { servePractice } from '../../broker/practice/serve.ts';
import type { CheckResult } from './check.ts';
import { checks, demonstrate } from './demonstration.ts';
import { Happenings } from './in-process.ts';
import { summed } from './kept.ts';

/** Every broker here stands in for one that does not enforce what it should: the demonstration has to notice. */
const long = 120_000;
/** Where something is missing, waiting longer would not bring it. */
const short = 4_000;
const open: Server[] = [];
const temporaries = ['TMPDIR', 'TEMP', 'TMP'];
let temporary: string;

beforeAll(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'fieldkey-demo-test-'));
  for (const name of temporaries) vi.stubEnv(name, temporary);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(temporary, { recursive: true });
});
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

async function run(serve?: (channel: PracticeChannel) => void, patience?: number): Promise<Map<string, CheckResult>> {
  const results = await demonstrate({ seconds: 1, signal: new AbortController().signal, serve, patience });
  expect(results.map(({ id }) => id)).toEqual(checks.map(({ id }) => id));
  // whatever did not hold, nothing stays
  expect(await readdir(temporary)).toEqual([]);
  return new Map(results.map((result) => [result.id, result]));
}
const withOutcome = (results: Map<string, CheckResult>, outcome: string) =>
  [...results.values()].filter((result) => result.outcome === outcome).map(({ id }) => id);

/** The real broker, with orders changed on their way to it. */
function changed(change: (message: ToPractice & { kind: 'call' }) => ToPractice | null) {
  return (channel: PracticeChannel) =>
    servePractice({
      send: (message) => channel.send(message),
      onMessage: (listener) =>
        channel.onMessage((message) => {
          if (message.kind !== 'call') return listener(message);
          const passed = change(message);
          if (passed) listener(passed);
          else channel.send({ kind: 'answer', id: message.id, ok: true, value: undefined });
        }),
    });
}

/** A broker that checks nothing but, perhaps, the authority; the meters and the bookkeeping are the real ones. */
function careless({ authority }: { readonly authority: boolean }) {
  return (channel: PracticeChannel) =>
    servePractice({
      send: (message) => channel.send(message),
      onMessage: (listener) =>
        channel.onMessage((message) => {
          if (message.kind !== 'call') return listener(message);
          const answer = (value: unknown) => channel.send({ kind: 'answer', id: message.id, ok: true, value });
          if (message.call === 'exchange') return answer(undefined);
          if (message.call === 'stop') open.at(-1)?.close();
          if (message.call !== 'startBroker') return listener(message);
          const { identity, host } = message.input as PracticeCalls['startBroker']['input'];
          void Aedes.createBroker().then((aedes) => {
            const server = createServer(
              {
                cert: identity.certificateChain,
                key: Buffer.from(identity.key),
                ca: identity.ca,
                requestCert: authority,
                rejectUnauthorized: authority,
              },
              (socket) => void aedes.handle(socket),
            );
            open.push(server);
            server.listen(0, host, () => answer({ host, port: (server.address() as { port: number }).port }));
          });
        }),
    });
}

it('holds with the broker that we have', { timeout: long }, async () => {
  const results = await run();
  expect([...results.values()].filter(({ outcome }) => outcome !== 'held')).toEqual([]);
  expect(results.get('no-certificate')?.facts).toMatchObject({ client: 'client-certificate-required', alert: 116 });
  for (const [id, reason] of [
    ['stranger', 'unknown-authority'],
    ['revoked', 'revoked'],
    ['expired', 'expired'],
    ['unencrypted', 'not-tls'],
    ['old-refused', 'revoked'],
  ] as const) {
    expect(results.get(id)?.facts['broker'], id).toBe(reason);
  }
  const meters = (results.get('readings')?.facts['meters'] ?? []) as { acknowledged: number; delivered: number }[];
  expect(meters).toHaveLength(3);
  for (const meter of meters) {
    expect(meter.acknowledged).toBeGreaterThan(0);
    expect(meter.delivered).toBeGreaterThanOrEqual(meter.acknowledged);
  }
});

it('fails when everybody may do everything', { timeout: long }, async () => {
  const results = await run(
    changed((message) => {
      const everything = [{ kind: 'pattern', access: 'readwrite', topic: '#' }] as const;
      if (message.call === 'startBroker') return { ...message, input: { ...(message.input as object), access: everything } };
      return message;
    }),
  );
  expect(withOutcome(results, 'failed')).toEqual(['write-denied', 'read-denied']);
  expect(results.get('write-denied')?.says).toContain('it was delivered');
  expect(withOutcome(results, 'skipped')).toEqual([]);
});

it('fails when nothing may be published, because nothing arrives', { timeout: long }, async () => {
  const results = await run(
    changed((message) =>
      message.call === 'startBroker' ? { ...message, input: { ...(message.input as object), access: [] } } : message,
    ),
    short,
  );
  expect(withOutcome(results, 'failed')).toEqual(['readings']);
  expect(withOutcome(results, 'skipped')).toEqual([
    'command',
    'write-denied',
    'read-denied',
    'replaced',
    'old-refused',
    'new-accepted',
  ]);
});

it('fails when the new revocation list does not reach the broker', { timeout: long }, async () => {
  const results = await run(changed((message) => (message.call === 'exchange' ? null : message)));
  expect(withOutcome(results, 'failed')).toEqual(['old-refused']);
  expect(results.get('old-refused')?.says).toBe('the broker let it in');
});

it('fails when the broker looks at no revocation list', { timeout: long }, async () => {
  const results = await run(careless({ authority: true }), short);
  expect(results.get('revoked')).toMatchObject({ outcome: 'failed', says: 'the broker let it in' });
  // it does refuse these, but without telling of it
  for (const id of ['no-certificate', 'stranger', 'expired']) {
    expect(results.get(id)).toMatchObject({ outcome: 'failed', says: expect.stringContaining('did not get in') });
  }
  expect(results.get('write-denied')).toMatchObject({ outcome: 'failed', says: expect.stringContaining('it was delivered') });
  expect(results.get('removed')?.outcome).toBe('held');
});

it('fails when the broker asks for no certificate', { timeout: long }, async () => {
  const results = await run(careless({ authority: false }), short);
  for (const id of ['no-certificate', 'stranger', 'revoked', 'expired']) {
    expect(results.get(id)).toMatchObject({ outcome: 'failed', says: 'the broker let it in' });
  }
});

it('fails when there is no broker, and still tries what needs none', { timeout: long }, async () => {
  const results = await run(
    changed((message) =>
      message.call === 'startBroker' ? { ...message, input: { ...(message.input as object), host: '192.0.2.1' } } : message,
    ),
  );
  expect(results.get('broker')).toMatchObject({ outcome: 'failed', says: expect.stringContaining('address-not-available') });
  expect(withOutcome(results, 'held')).toEqual(['vault', 'authority', 'meters', 'export', 'verify', 'removed']);
});

it('ends in the middle when it is told to, and leaves nothing', { timeout: long }, async () => {
  const stop = new AbortController();
  let port = 0;
  const results = await demonstrate({
    seconds: 3600,
    signal: stop.signal,
    onResult: ({ id, facts }) => {
      if (id === 'broker') port = Number(facts['port']);
      if (id === 'observer') setTimeout(() => stop.abort(), 500);
    },
  });
  expect(results.at(-1)?.id).toBe('observer');
  expect(await readdir(temporary)).toEqual([]);
  const server = createTcpServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  server.close();
});

it('finds a file that is not as its list says, is missing, or is on no list', async () => {
  const folder = await mkdtemp(join(temporary, 'summed-'));
  try {
    const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
    for (const name of ['a', 'b', 'SHA256SUMS']) await writeFile(join(folder, name), '');
    await writeFile(join(folder, 'SHA256SUMS'), `${empty}  a\n${empty}  b\n`);
    expect(await summed(folder)).toEqual({ files: 2, wrong: [] });
    await appendFile(join(folder, 'b'), 'x');
    await writeFile(join(folder, 'c'), '');
    await rm(join(folder, 'a'));
    expect(await summed(folder)).toEqual({ files: 2, wrong: ['b', 'c', 'a'] });
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('waits for what happens, no longer than its patience', async () => {
  const happenings = new Happenings();
  const { signal } = new AbortController();
  let there = false;
  const waiting = happenings.until(() => (there ? 'here' : undefined), long, signal);
  there = true;
  happenings.happened();
  expect(await waiting).toBe('here');
  expect(await happenings.until(() => undefined, 10, signal)).toBeUndefined();
  await expect(happenings.until(() => undefined, long, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
});
