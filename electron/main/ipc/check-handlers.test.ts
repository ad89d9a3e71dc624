import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { EventName } from '../../../shared/bridge.ts';
import { type CallOutput, calls, events, type ParsedInput } from '../../../shared/contract.ts';
import { type Check, type CheckResult, checkLimits, newCheck } from '../../../shared/model/check.ts';
import { testSecret } from '../../authority/testing/fixtures.ts';
import type { FromTester, ToTester } from '../../tester/channel.ts';
import { serveTester } from '../../tester/serve.ts';
import { type Lab, openLab } from '../../tester/testing/lab.ts';
import { TesterHost, type TesterProcess } from '../tester-host.ts';
import { createVaultService, type VaultHandlers } from '../vault-service.ts';
import { createCheckHandlers } from './check-handlers.ts';

/** The vault's service, the tester behind a channel and a real Mosquitto, as main joins them; all in one thread, everything cloned. */
let lab: Lab;
let service: VaultHandlers;
let checkIds: number[];
const tester = new TesterHost({ start: localProcess, onState: () => undefined, onMessages: () => undefined });
let told: { done: number; total: number; results: readonly CheckResult[] }[] = [];
let keys: Uint8Array[] = [];
let ended: string[] = [];
/** Runs before a call of the vault's service. */
let before: (name: string) => void = () => undefined;

const host = {
  call: async (name: string, input: unknown) => {
    before(name);
    const answer = structuredClone(
      await (service[name as 'check.prepare'] as (input: unknown) => unknown)(structuredClone(input)),
    );
    if (name === 'check.prepare') keys.push(...keysOf([(answer as { observer: unknown }).observer]));
    if (name === 'check.keys') keys.push(...keysOf(answer as unknown[]));
    return answer as never;
  },
};
const handlers = createCheckHandlers({
  bound: () => host,
  tester,
  tell: (name: EventName, payload: unknown) => told.push(events[name].parse(payload) as (typeof told)[number]),
  measures: () => false,
  speakers: {
    rest: async ({ names }) => {
      ended.push([...names].toSorted().join(' '));
      return () => void ended.push('back');
    },
  },
});

function keysOf(identities: readonly unknown[]): Uint8Array[] {
  return identities.flatMap((identity) => (identity ? [(identity as { key: Uint8Array }).key] : []));
}

function localProcess(): TesterProcess {
  let listener: (message: FromTester) => void = () => undefined;
  let take: (message: ToTester) => void = () => undefined;
  const send = (message: FromTester) => {
    const copy = structuredClone(message);
    queueMicrotask(() => listener(copy));
  };
  serveTester({ send, onMessage: (to) => (take = to) });
  return {
    post: (message) => take(structuredClone(message)),
    onMessage: (to) => (listener = to),
    onExit: () => undefined,
    end: () => undefined,
  };
}

const reading: Check = { ...newCheck, name: 'Reading' };
const observed: Check = {
  ...newCheck,
  name: 'Nobody answers',
  publish: { ...newCheck.publish, by: 'observer', topic: '{project}/commands/all' },
  expect: { ...newCheck.expect, topic: '{project}/commands/answers', arrives: false, within: 50 },
};
const slow: Check = { ...observed, name: 'Slow', expect: { ...observed.expect, at: 'device', within: 60_000 } };
const devices = checkLimits.parallel * 2 + 5;

beforeAll(async () => {
  lab = await openLab({}, { devices: Array.from({ length: devices }, (_, at) => ({ id: `meter-${at + 1}`, role: 'device' })) });
  lab.vault.close();
  service = createVaultService();
  service['vault.use']({ file: lab.vault.file });
  await service['vault.unlock'](testSecret);
  checkIds = [reading, observed, slow].map(
    (check) => (service['check.save']({ projectId: lab.projectId, checkId: null, check }) as { checkId: number }).checkId,
  );
});
afterAll(async () => {
  service?.['vault.close']();
  await lab?.close();
});
beforeEach(() => {
  told = [];
  keys = [];
  ended = [];
  before = () => undefined;
});

const request = (wanted: readonly number[], changes: Partial<ParsedInput<'check.run'>> = {}): ParsedInput<'check.run'> => ({
  runId: 'run-of-checks',
  projectId: lab.projectId,
  host: 'localhost',
  port: lab.port,
  checkIds: [...wanted],
  devices: { kind: 'all' },
  takeoverAccepted: true,
  ...changes,
});
const run = async (input: ParsedInput<'check.run'>) => calls['check.run'].output.parse(await handlers['check.run'](input));
const latest = () => service['check.latest']({ projectId: lab.projectId }) as CallOutput<'check.latest'>;
const present = async () => {
  const log = await lab.broker.log();
  return [...new Set([...log.matchAll(/ as (\S+) \(/g)].map(([, who]) => who as string))].filter(
    (who) => !new RegExp(`Client ${who} (disconnected|closed)`).test(log.slice(log.lastIndexOf(` as ${who} (`))),
  );
};

it('runs them for a fleet, its keys a few at a time, tells each result once, keeps all, and wipes what it handed on', async () => {
  const report = await run(request(checkIds.slice(0, 2)));
  expect(report.results.map(({ outcome }) => outcome)).toEqual(Array(devices + 1).fill('passed'));
  expect(report.results.map(({ device }) => device)).toEqual([null, ...report.devices]);
  expect(report.devices).toHaveLength(devices);
  const key = ({ check, device }: CheckResult) => `${check} ${device}`;
  expect(told.flatMap(({ results }) => results.map(key)).sort()).toEqual(report.results.map(key).sort());
  expect(told[0]).toMatchObject({ done: 0, total: devices + 1 });
  expect(told.at(-1)).toMatchObject({ done: devices + 1 });
  expect(keys).toHaveLength(devices + 1);
  expect(keys.every((bytes) => bytes.every((byte) => byte === 0))).toBe(true);
  expect(ended).toEqual([[...report.devices, 'observer'].toSorted().join(' '), 'back']);
  expect(latest()).toEqual(report);
  const junit = service['check.report']({ projectId: lab.projectId, format: 'junit' }) as { name: string; text: string };
  expect(junit.name).toBe('lab-check-results.xml');
  expect(junit.text.match(/<testcase/g)).toHaveLength(devices + 1);
  await expect.poll(present).toEqual([]);
});

it('with the observer alone nobody is thrown out, and no key of a device leaves the vault', async () => {
  const report = await run(request([checkIds[1] as number], { takeoverAccepted: false }));
  expect(report.results.map(({ outcome, device }) => [outcome, device])).toEqual([['passed', null]]);
  expect(keys).toHaveLength(1);
  expect(ended).toEqual(['observer', 'back']);
  const refused = { code: 'INPUT_INVALID', params: { problems: [{ path: 'takeoverAccepted' }] } };
  await expect(run(request(checkIds, { takeoverAccepted: false }))).rejects.toMatchObject(refused);
  await expect(run(request([checkIds[0] as number], { devices: { kind: 'some', deviceIds: [] } }))).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    params: { problems: [{ path: 'devices' }] },
  });
  await expect(run(request([999]))).rejects.toMatchObject({ code: 'CHECK_NOT_FOUND' });
});

it('one at a time; cancelled it ends at once, keeps what was done, and leaves nobody on the broker', async () => {
  const running = run(request([checkIds[1] as number, checkIds[2] as number]));
  await expect(run(request(checkIds))).rejects.toMatchObject({ code: 'CHECKS_RUNNING' });
  await expect.poll(async () => (await present()).length).toBeGreaterThan(checkLimits.parallel);
  await handlers['check.cancel']({ runId: 'another-run' });
  await handlers['check.cancel']({ runId: 'run-of-checks' });
  const report = await running;
  expect(report.cancelled).toBe(true);
  expect(report.results.map(({ reason }) => reason)).toEqual([null, ...Array(devices).fill('cancelled')]);
  // the second twenty never left the vault
  expect(keys.length).toBe(checkLimits.parallel * 2 + 1);
  expect(latest()).toEqual(report);
  await expect.poll(present).toEqual([]);
});

it('is cancelled also while it is prepared: then nobody connects', async () => {
  const logged = async () => (await lab.broker.log()).split('New client connected').length;
  const was = await logged();
  before = (name) => {
    if (name === 'check.prepare') void handlers['check.cancel']({ runId: 'run-of-checks' });
  };
  const report = await run(request(checkIds));
  expect(report.results.every(({ reason }) => reason === 'cancelled')).toBe(true);
  expect(await logged()).toBe(was);
});

it('a vault that is locked meanwhile ends it: everybody leaves, and nothing is kept of it', async () => {
  const kept = latest();
  const running = run(request([checkIds[2] as number]));
  const refused = expect(running).rejects.toMatchObject({ code: 'VAULT_LOCKED' });
  await expect.poll(async () => (await present()).length).toBeGreaterThan(0);
  await handlers.cancelChecks();
  service['vault.lock'](undefined);
  await refused;
  await service['vault.unlock'](testSecret);
  expect(latest()).toEqual(kept);
  await expect.poll(present).toEqual([]);
});
