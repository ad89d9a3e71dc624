import { beforeEach, describe, expect, it } from 'vitest';
import { FieldkeyError } from '../../shared/errors.ts';
import { packMessages } from '../../shared/model/packed-messages.ts';
import type { ConnectionReport, FromTester, ToTester } from '../tester/channel.ts';
import { TesterHost, type TesterProcess } from './tester-host.ts';

/** A process that does what the test says; the real one is tried in e2e. */
class FakeProcess implements TesterProcess {
  readonly posted: ToTester[] = [];
  #message: (message: FromTester) => void = () => undefined;
  #exit: (code: number) => void = () => undefined;
  post(message: ToTester): void {
    this.posted.push(structuredClone(message));
  }
  onMessage(listener: (message: FromTester) => void): void {
    this.#message = listener;
  }
  onExit(listener: (code: number) => void): void {
    this.#exit = listener;
  }
  end(): void {
    this.#exit(0);
  }
  says(message: FromTester): void {
    this.#message(message);
  }
  crashes(): void {
    this.#exit(11);
  }
}

/** What was asked of a process: each call, with the filter that it is about. */
const called = (process: FakeProcess | undefined) =>
  (process?.posted ?? []).map((each) => (each.kind === 'call' ? [each.call, (each.input as { filter?: string }).filter] : []));

let processes: FakeProcess[];
let states: ConnectionReport[];
let host: TesterHost;
const order = () => ({
  connectionId: 'connection',
  host: 'localhost',
  port: 8883,
  reconnects: true,
  identity: { id: 'observer', certificateChain: '', key: Buffer.from('a key'), ca: '' },
});
const owner = { projectId: 1, identity: { kind: 'observer' } } as const;
const state = (phase: ConnectionReport['phase']): ConnectionReport => ({
  connectionId: 'connection',
  phase,
  protocolVersion: 5,
  tls: null,
  granted: null,
  retryAt: null,
  failure: null,
});

beforeEach(() => {
  processes = [];
  states = [];
  host = new TesterHost({
    start: () => {
      const process = new FakeProcess();
      processes.push(process);
      return process;
    },
    onState: (s) => states.push(s),
    onMessages: () => undefined,
  });
});

async function connected(): Promise<FakeProcess> {
  const result = host.connect(order(), owner);
  const process = processes.at(-1) as FakeProcess;
  process.says({ kind: 'state', state: state('connected') });
  const call = process.posted.at(-1);
  process.says({ kind: 'answer', id: call?.kind === 'call' ? call.id : 0, ok: true, value: state('connected') });
  expect(await result).toEqual(state('connected'));
  return process;
}

it('starts no process before it is needed, and one for all connections', async () => {
  expect(processes).toHaveLength(0);
  await host.disconnect('connection');
  await expect(
    host.publish({ connectionId: 'connection', topic: 't', payload: Buffer.from(''), qos: 0, retain: false }),
  ).rejects.toThrow();
  expect(processes).toHaveLength(0);
  await connected();
  await connected();
  expect(processes).toHaveLength(1);
});

it('tells every open connection as closed when the process dies, and starts a new one with the next', async () => {
  const process = await connected();
  const waiting = host.subscribe({ connectionId: 'connection', filter: '#', qos: 0 });
  process.crashes();
  await expect(waiting).rejects.toMatchObject({ code: 'CONNECTION_NOT_OPEN' });
  expect(states.at(-1)).toMatchObject({ phase: 'closed', failure: { cause: 'tester-ended' } });
  expect(host.stateOf('connection')).toBeUndefined();
  await connected();
  expect(processes).toHaveLength(2);
});

it('answers a first try that the process did not survive with a state, not with an error', async () => {
  const result = host.connect(order(), owner);
  processes[0]?.crashes();
  expect(await result).toMatchObject({ phase: 'closed', failure: { cause: 'tester-ended' } });
});

it('lets the next batch come only when the page has the last one', async () => {
  const process = await connected();
  process.says({ kind: 'messages', batch: { connectionId: 'connection', packed: packMessages([]), received: 0, dropped: 0 } });
  // not before the page says that it has them
  expect(process.posted.at(-1)).not.toEqual({ kind: 'messagesTaken', connectionId: 'connection' });
  host.taken('connection');
  expect(process.posted.at(-1)).toEqual({ kind: 'messagesTaken', connectionId: 'connection' });
});

it('holds what arrives while nobody may read it, and gives it to the page that begins to listen', async () => {
  let readable = true;
  const seen: number[] = [];
  const process = new FakeProcess();
  host = new TesterHost({
    start: () => process,
    onState: () => undefined,
    onMessages: ({ received }) => seen.push(received),
    readable: () => readable,
  });
  const result = host.connect(order(), owner);
  process.says({ kind: 'state', state: state('connected') });
  process.says({ kind: 'answer', id: 1, ok: true, value: state('connected') });
  await result;
  const taken = () => process.posted.filter(({ kind }) => kind === 'messagesTaken').length;
  const arrives = (received: number) =>
    process.says({ kind: 'messages', batch: { connectionId: 'connection', packed: packMessages([]), received, dropped: 0 } });
  arrives(1);
  readable = false;
  // the page says so of what it got before
  host.taken('connection');
  arrives(2);
  host.taken('connection');
  expect([seen, taken()]).toEqual([[1], 1]);
  readable = true;
  host.taken('connection');
  expect([seen, taken()]).toEqual([[1, 2], 1]);
  host.taken('connection');
  expect([seen, taken()]).toEqual([[1, 2], 2]);
});

it("has connections of one's own forget what was taken out of the vault for them, and no others", async () => {
  const process = await connected();
  const own = { projectId: 1, identity: { kind: 'own', ownId: 3, id: 'Pump', speaksAs: null } } as const;
  void host.connect({ ...order(), connectionId: 'own' }, own);
  void host.forgetOwn();
  expect(process.posted.filter((each) => each.kind === 'call' && each.call === 'forget')).toMatchObject([
    { input: { connectionId: 'own' } },
  ]);
});

it('lists what lives with its subscriptions, and forgets what was closed', async () => {
  const process = await connected();
  const answer = async (work: Promise<unknown>, value: unknown) => {
    const call = process.posted.at(-1);
    process.says({ kind: 'answer', id: call?.kind === 'call' ? call.id : 0, ok: true, value });
    await work;
  };
  await answer(host.subscribe({ connectionId: 'connection', filter: 'a/#', qos: 1 }), { reasonCode: 1 });
  await answer(host.subscribe({ connectionId: 'connection', filter: 'b', qos: 2 }), { reasonCode: 135 });
  await answer(host.subscribe({ connectionId: 'connection', filter: 'a/#', qos: 0 }), { reasonCode: 0 });
  const listed = {
    owner,
    host: 'localhost',
    port: 8883,
    state: state('connected'),
    returns: { wanted: true, accepted: true },
  };
  expect(host.list()).toEqual([
    {
      ...listed,
      subscriptions: [
        { filter: 'a/#', qos: 0, reasonCode: 0 },
        { filter: 'b', qos: 2, reasonCode: 135 },
      ],
    },
  ]);
  await answer(host.unsubscribe({ connectionId: 'connection', filter: 'b' }), undefined);
  process.says({ kind: 'state', state: state('waiting') });
  expect(host.list()).toEqual([
    { ...listed, state: state('waiting'), subscriptions: [{ filter: 'a/#', qos: 0, reasonCode: 0 }] },
  ]);
  process.says({ kind: 'state', state: state('closed') });
  expect(host.list()).toEqual([]);
});

it('takes a filter off a connection that is yet to come back: without an error, and it stays off', async () => {
  const asked = () => processes.flatMap(({ posted }) => posted).filter((each) => each.kind === 'call');
  class Obedient extends FakeProcess {
    override post(message: ToTester): void {
      super.post(message);
      if (message.kind !== 'call') return;
      if (message.call === 'connect') this.says({ kind: 'state', state: state('connected') });
      if (message.call === 'unsubscribe') this.says({ kind: 'answer', id: message.id, ok: false, reason: 'connection-not-open' });
      else
        this.says({
          kind: 'answer',
          id: message.id,
          ok: true,
          value: message.call === 'connect' ? state('connected') : { reasonCode: 1 },
        });
    }
  }
  let back: () => void = () => undefined;
  host = new TesterHost({
    start: () => {
      const process = new Obedient();
      processes.push(process);
      return process;
    },
    onState: (s) => states.push(s),
    onMessages: () => undefined,
    reopen: () =>
      new Promise((resolve) => {
        back = () => resolve(order());
      }),
    comeBack: [1],
  });
  await host.connect(order(), owner);
  for (const filter of ['a', 'b', 'c']) await host.subscribe({ connectionId: 'connection', filter, qos: 1 });
  processes.at(-1)?.end();
  await host.unsubscribe({ connectionId: 'connection', filter: 'b' });
  const before = asked().length;
  const returned = () => {
    back();
    return asked().length;
  };
  await expect.poll(returned, { timeout: 10_000 }).toBe(before + 3);
  expect(asked().slice(before)).toMatchObject([
    { call: 'connect' },
    { call: 'subscribe', input: { filter: 'a' } },
    { call: 'subscribe', input: { filter: 'c' } },
  ]);
  expect(host.list()[0]?.subscriptions.map(({ filter }) => filter)).toEqual(['a', 'c']);
});

describe('while somebody else speaks in their names', () => {
  /** The process answers every call at once, and tells what it does to connections. */
  class Obedient extends FakeProcess {
    override post(message: ToTester): void {
      super.post(message);
      if (message.kind !== 'call') return;
      const { connectionId } = message.input as { connectionId: string };
      const told = message.call === 'connect' ? 'connected' : message.call === 'disconnect' ? 'closed' : null;
      if (told) this.says({ kind: 'state', state: { ...state(told), connectionId } });
      this.says({ kind: 'answer', id: message.id, ok: true, value: told ? { ...state(told), connectionId } : { reasonCode: 1 } });
    }
  }
  const device = { projectId: 1, identity: { kind: 'device', deviceId: 3, id: 'meter-003' } } as const;
  let reopened: Buffer[] = [];
  let fails: Error | null = null;
  const begin = async () => {
    reopened = [];
    fails = null;
    host = new TesterHost({
      start: () => {
        const process = new Obedient();
        processes.push(process);
        return process;
      },
      onState: (s) => states.push(s),
      onMessages: () => undefined,
      reopen: async () => {
        if (fails) throw fails;
        const again = order();
        reopened.push(again.identity.key as Buffer);
        return again;
      },
    });
    await host.connect(order(), owner);
    await host.subscribe({ connectionId: 'connection', filter: 'a/#', qos: 1 });
    await host.connect({ ...order(), connectionId: 'device', reconnects: false }, device);
    await host.connect({ ...order(), connectionId: 'other' }, { ...owner, projectId: 2 });
  };
  const phases = () => host.list().map(({ state: { connectionId, phase } }) => [connectionId, phase]);

  it('the observer pauses and comes back with its filters, a device ends, others are left alone', async () => {
    await begin();
    const resume = await host.rest(['connection', 'device']);
    expect(phases()).toEqual([
      ['connection', 'waiting'],
      ['other', 'connected'],
    ]);
    expect(states.find(({ phase }) => phase === 'waiting')).toMatchObject({ failure: { cause: 'resting' }, retryAt: null });
    expect(states.find(({ phase }) => phase === 'closed')).toMatchObject({ connectionId: 'device' });
    expect(reopened).toEqual([]);
    const before = called(processes[0]).length;
    resume();
    await expect
      .poll(() => called(processes[0]).slice(before))
      .toEqual([
        ['connect', undefined],
        ['subscribe', 'a/#'],
      ]);
    expect(phases()).toEqual([
      ['connection', 'connected'],
      ['other', 'connected'],
    ]);
    expect(reopened.map((key) => [...key].every((byte) => byte === 0))).toEqual([true]);
    resume();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(reopened).toHaveLength(1);
  });

  it('who is disconnected meanwhile does not come back; nor where the vault was locked, and says why', async () => {
    await begin();
    const resume = await host.rest(['connection']);
    await host.disconnect('connection');
    expect(states.at(-1)).toMatchObject({ phase: 'closed', failure: null });
    resume();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect([phases(), reopened]).toEqual([
      [
        ['device', 'connected'],
        ['other', 'connected'],
      ],
      [],
    ]);

    await begin();
    const again = await host.rest(['connection']);
    fails = new FieldkeyError('VAULT_LOCKED', {});
    again();
    await expect.poll(() => states.at(-1)).toMatchObject({ phase: 'closed', failure: { cause: 'vault-locked' } });
  });

  it('a crash meanwhile changes nothing about it', async () => {
    await begin();
    const resume = await host.rest(['connection']);
    processes.at(-1)?.crashes();
    expect(phases()).toContainEqual(['connection', 'waiting']);
    resume();
    await expect.poll(phases).toContainEqual(['connection', 'connected']);
  });
});

describe('after a crash', () => {
  const returning = (options: { readonly reopen: () => Promise<ReturnType<typeof order>>; readonly comeBack?: number[] }) => {
    host = new TesterHost({
      start: () => {
        const process = new FakeProcess();
        processes.push(process);
        return process;
      },
      onState: (s) => states.push(s),
      onMessages: () => undefined,
      comeBack: [0, 0],
      ...options,
    });
  };
  /** Answers the last call that was posted. */
  const answers = (process: FakeProcess, value: unknown) => {
    const call = process.posted.at(-1);
    process.says({ kind: 'answer', id: call?.kind === 'call' ? call.id : 0, ok: true, value });
  };

  it('the observer comes back with its filters and a key out of the vault, which is wiped', async () => {
    const keys: Buffer[] = [];
    returning({
      reopen: async () => {
        const again = order();
        keys.push(again.identity.key as Buffer);
        return again;
      },
    });
    const process = await connected();
    const subscribing = host.subscribe({ connectionId: 'connection', filter: 'a/#', qos: 1 });
    answers(process, { reasonCode: 1 });
    await subscribing;
    process.crashes();
    expect(states.at(-1)).toMatchObject({ phase: 'waiting', failure: { cause: 'tester-ended' } });
    expect(host.list()).toHaveLength(1);
    await expect.poll(() => called(processes[1])).toEqual([['connect', undefined]]);
    expect(keys.map((key) => [...key].every((byte) => byte === 0))).toEqual([true]);
    const [, second] = processes as [FakeProcess, FakeProcess];
    expect(second.posted[0]).toMatchObject({ input: { identity: { key: new Uint8Array(Buffer.from('a key')) } } });
    second.says({ kind: 'state', state: state('connected') });
    answers(second, state('connected'));
    await expect
      .poll(() => called(second))
      .toEqual([
        ['connect', undefined],
        ['subscribe', 'a/#'],
      ]);
    expect(host.list()).toMatchObject([{ state: { phase: 'connected' }, subscriptions: [{ filter: 'a/#' }] }]);
  });

  it('a device does not, nor who was never accepted', async () => {
    returning({ reopen: () => Promise.reject(new Error('asked for a device')) });
    const device = { projectId: 1, identity: { kind: 'device', deviceId: 3, id: 'meter-003' } } as const;
    void host.connect({ ...order(), reconnects: false }, device);
    processes[0]?.says({ kind: 'state', state: state('connected') });
    void host.connect({ ...order(), connectionId: 'never accepted' }, owner);
    processes[0]?.crashes();
    expect(states.slice(-2).map(({ phase }) => phase)).toEqual(['closed', 'closed']);
    expect(host.list()).toEqual([]);
  });

  it('who is given up meanwhile, or whose vault is locked, stays closed; and who crashes it again and again as well', async () => {
    returning({ reopen: () => Promise.reject(new FieldkeyError('VAULT_LOCKED', {})) });
    (await connected()).crashes();
    await expect.poll(() => states.at(-1)).toMatchObject({ phase: 'closed', failure: { cause: 'vault-locked' } });
    expect(host.list()).toEqual([]);

    returning({ reopen: async () => order(), comeBack: [60_000] });
    (await connected()).crashes();
    await host.disconnect('connection');
    expect(states.at(-1)).toMatchObject({ phase: 'closed', failure: null });
    expect(host.list()).toEqual([]);

    returning({ reopen: async () => order() });
    processes = [];
    (await connected()).crashes();
    for (const at of [1, 2]) {
      await expect.poll(() => processes[at]?.posted.length).toBe(1);
      processes[at]?.says({ kind: 'state', state: state('connected') });
      processes[at]?.crashes();
    }
    expect(states.at(-1)).toMatchObject({ phase: 'closed', failure: { cause: 'tester-ended' } });
  });
});
